using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Kapso.Silo.Tests.Clusters;

namespace Kapso.Silo.Tests.AppModel;

/// <summary>The application as <c>dotnet run --project Kapso.AppHost</c> starts it, without containers, and what its dashboard can do.</summary>
public sealed class RunningApplicationTests
{
    private const string Api = "api";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private static readonly string[] Secrets =
    [
        "Parameters:webhook-secret=webhook-secret-of-a-test", "Parameters:api-key=",
        "Parameters:management-key=management-key-of-a-test-run", "Parameters:welcome-secret=whsec_YSB3ZWxjb21lIHNlY3JldCBvZiBhIHRlc3QgcnVu",
    ];

    [Fact]
    public async Task With_a_connection_string_the_dashboard_sends_a_test_connection_and_shows_held_effects()
    {
        await using var redis = await RedisServer.StartAsync();

        await AssertCommandsAsync($"127.0.0.1:{redis.Port}");
    }

    [Fact]
    public async Task With_the_redis_server_of_the_machine_it_does_the_same()
    {
        var folder = Directory.CreateTempSubdirectory("kapso-apphost-");

        await AssertCommandsAsync("redis-server", $"Redis:Folder={folder.FullName}");

        Assert.True(Directory.Exists(Path.Combine(folder.FullName, "appendonlydir")), "Redis keeps an append-only file.");
        folder.Delete(recursive: true);
    }

    private static async Task AssertCommandsAsync(string redis, params string[] settings)
    {
        using var patience = new CancellationTokenSource(Patience);
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Kapso_AppHost>(
            [.. Secrets, $"Redis={redis}", .. settings], patience.Token);
        await using var application = await builder.BuildAsync(patience.Token);
        await application.StartAsync(patience.Token);
        await application.ResourceNotifications.WaitForResourceHealthyAsync("silo", patience.Token);
        await application.ResourceNotifications.WaitForResourceHealthyAsync(Api, patience.Token);
        var api = application.Services.GetRequiredService<DistributedApplicationModel>().Resources.Single(part => part.Name == Api);

        // What comes before a silo takes calls is kept for later, and the customer is not there yet.
        JsonElement? connection;
        while ((connection = await TryShowAsync(application, api, "test-connection", patience.Token)) is null)
            await Task.Delay(TimeSpan.FromSeconds(1), patience.Token);

        Assert.Equal("connected", connection.Value.GetProperty("status").GetString());
        var held = await TryShowAsync(application, api, "held-effects", patience.Token);
        Assert.Empty(held!.Value.GetProperty("items").EnumerateArray());
    }

    /// <summary>Runs a command and returns the JSON that it shows; null where it failed.</summary>
    private static async Task<JsonElement?> TryShowAsync(
        DistributedApplication application, IResource resource, string command, CancellationToken cancellationToken)
    {
        var result = await application.ResourceCommands.ExecuteCommandAsync(resource, command, cancellationToken);
        return result is { Success: true, Data.Value: { } json } ? JsonElement.Parse(json) : null;
    }
}
