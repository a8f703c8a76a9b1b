using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Kapso.AppHost;

namespace Kapso.Silo.Tests.AppModel;

/// <summary>The application as <c>dotnet run --project Kapso.AppHost</c> starts it, on ports of its own.</summary>
internal static class RunningApplication
{
    public const string Api = "api";
    public const string Project = "de300000-0000-4000-8000-000000000001";
    public const string ManagementKey = "management-key-of-a-test-run";
    public const string WebhookSecret = "webhook-secret-of-a-test";

    /// <summary>How long a test of it may take in all.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private static readonly string[] Secrets =
    [
        $"Parameters:webhook-secret={WebhookSecret}", "Parameters:simulator-key=simulator-key-of-a-test",
        $"Parameters:management-key={ManagementKey}", "Parameters:welcome-secret=whsec_YSB3ZWxjb21lIHNlY3JldCBvZiBhIHRlc3QgcnVu",
    ];

    /// <summary>Starts it, and returns when silos and API are healthy.</summary>
    public static async Task<DistributedApplication> StartAsync(CancellationToken cancellationToken, params string[] settings)
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Kapso_AppHost>([.. Secrets, .. settings], cancellationToken);
        StopOnce(builder.Services);
        var application = await builder.BuildAsync(cancellationToken);
        await application.StartAsync(cancellationToken);
        await application.ResourceNotifications.WaitForResourceHealthyAsync("silo", cancellationToken);
        await application.ResourceNotifications.WaitForResourceHealthyAsync(Api, cancellationToken);
        return application;
    }

    /// <summary>
    /// Whoever disposes of the application stops it twice. The second time nobody is left who could be asked to stop first, and
    /// each of them would be waited for in vain.
    /// </summary>
    private static void StopOnce(IServiceCollection services)
    {
        services.Remove(services.Single(service => service.ImplementationType == typeof(OrderlyStop)));
        services.AddHostedService(provider => new FirstStop(ActivatorUtilities.CreateInstance<OrderlyStop>(provider)));
    }

    /// <summary>A client that brings the management key.</summary>
    public static HttpClient CreateOperator(this DistributedApplication application)
    {
        var api = application.CreateHttpClient(Api, "http");
        api.DefaultRequestHeaders.Authorization = new("Bearer", ManagementKey);
        return api;
    }

    /// <summary>Posts until the cluster takes it.</summary>
    public static async Task<JsonElement> PostAsync(HttpClient api, string path, object body, CancellationToken cancellationToken)
    {
        while (true)
        {
            using var answer = await api.PostAsJsonAsync(path, body, cancellationToken);
            if (answer.IsSuccessStatusCode)
                return await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
            Assert.True((int)answer.StatusCode is >= 500 or 409, $"{path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(cancellationToken)}");
            await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
        }
    }

    /// <summary>Runs a command of the API.</summary>
    public static Task<ExecuteCommandResult> RunAsync(this DistributedApplication application, string command, CancellationToken cancellationToken) =>
        application.ResourceCommands.ExecuteCommandAsync(
            application.Services.GetRequiredService<DistributedApplicationModel>().Resources.Single(part => part.Name == Api), command, cancellationToken);

    /// <summary>Runs a command of the API and returns the JSON that it shows; null where it failed.</summary>
    public static async Task<JsonElement?> TryShowAsync(this DistributedApplication application, string command, CancellationToken cancellationToken) =>
        await application.RunAsync(command, cancellationToken) is { Success: true, Data.Value: { } json } ? JsonElement.Parse(json) : null;

    /// <summary>Hands on the first stop only.</summary>
    private sealed class FirstStop(OrderlyStop stop) : IHostedLifecycleService
    {
        private bool _begun;

        public Task StoppingAsync(CancellationToken cancellationToken) =>
            Interlocked.Exchange(ref _begun, true) ? Task.CompletedTask : stop.StoppingAsync(cancellationToken);

        public Task StartingAsync(CancellationToken cancellationToken) => stop.StartingAsync(cancellationToken);

        public Task StartAsync(CancellationToken cancellationToken) => stop.StartAsync(cancellationToken);

        public Task StartedAsync(CancellationToken cancellationToken) => stop.StartedAsync(cancellationToken);

        public Task StopAsync(CancellationToken cancellationToken) => stop.StopAsync(cancellationToken);

        public Task StoppedAsync(CancellationToken cancellationToken) => stop.StoppedAsync(cancellationToken);
    }
}
