using Aspire.Hosting;

namespace Kapso.Silo.Tests.AppModel;

/// <summary>
/// The application once, for the tests of what its dashboard leads to. Customers are welcomed by a template, and an outcome
/// that is not known at the first attempt is left to a person.
/// </summary>
[CollectionDefinition(Collection)]
public sealed class DashboardApplication : IAsyncLifetime, ICollectionFixture<DashboardApplication>
{
    public const string Collection = "dashboard";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kapso-apphost-");
    private RedisServer? _redis;

    public DistributedApplication Running { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        using var patience = new CancellationTokenSource(RunningApplication.Patience);
        _redis = await RedisServer.StartAsync();
        Running = await RunningApplication.StartAsync(
            patience.Token,
            $"Redis=127.0.0.1:{_redis.Port}", $"Platform:File={Path.Combine(_folder.FullName, "simulator.json")}",
            "Kapso:Welcome:Flow=template", "Kapso:Welcome:Template:Name=welcome", "Kapso:Welcome:Template:Language=en_US",
            "Kapso:Welcome:Template:SenderPhoneNumberId=connected", "Kapso:Outbox:MaxAttempts=1");
        await Running.ResourceNotifications.WaitForResourceHealthyAsync("simulator", patience.Token);

        // The first calls may come before the silos take any.
        using var api = Running.CreateOperator();
        await RunningApplication.PostAsync(api, $"/api/projects/{RunningApplication.Project}/customers", new { external_customer_id = "own-1" }, patience.Token);
        while (await Running.TryShowAsync("test-connection", patience.Token) is null)
            await Task.Delay(TimeSpan.FromSeconds(1), patience.Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (Running is not null)
            await Running.DisposeAsync();
        if (_redis is not null)
            await _redis.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
