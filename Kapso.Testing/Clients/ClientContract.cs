using System.Net.Http.Headers;
using Kapso.Simulator.World;
using Kapso.Testing.Simulator;

namespace Kapso.Testing.Clients;

/// <summary>The service as clients see it that were made of its OpenAPI document, on whatever engine it runs.</summary>
public abstract class ClientContract
{
    private const string ManagementKey = "management-key-of-generated-clients";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>Starts the service with these settings.</summary>
    /// <returns>Where it listens, and what ends it.</returns>
    protected abstract Task<(Uri Address, IAsyncDisposable Service)> ServeAsync(
        Dictionary<string, string> settings, CancellationToken cancellationToken);

    [Fact]
    public async Task A_client_in_CSharp_goes_from_the_link_to_the_welcome() => await WithServiceAsync(async (http, project, stop) =>
    {
        var document = await http.GetStringAsync("openapi/v1.json", stop);
        Assert.Equal("own-id-of-csharp pro Connected Done", await GeneratedClient.WalkAsync(document, http, project, stop));
    });

    [Fact]
    public async Task A_client_in_TypeScript_goes_from_the_link_to_the_welcome()
    {
        using var npm = await Processes.NpmFolder.InstallAsync("Kapso.Testing/Clients/TypeScript");
        await WithServiceAsync(async (http, project, stop) =>
        {
            await File.WriteAllTextAsync(npm.PathOf("openapi.json"), await http.GetStringAsync("openapi/v1.json", stop), stop);
            await RunAsync("npx", "openapi-typescript", "openapi.json", "-o", "kapso.d.ts");
            await RunAsync("npx", "tsc", "--project", ".");
            var address = http.BaseAddress!.AbsoluteUri.TrimEnd('/');
            Assert.EndsWith("own-id-of-typescript pro connected done\n", await RunAsync("node", "walk.js", address, ManagementKey, project), StringComparison.Ordinal);
        });

        async Task<string> RunAsync(string program, params string[] arguments)
        {
            var (exitCode, output) = await npm.RunAsync(program, arguments);
            Assert.True(exitCode == 0, output);
            return output;
        }
    }

    private async Task WithServiceAsync(Func<HttpClient, string, CancellationToken, Task> walk)
    {
        using var patience = new CancellationTokenSource(Patience);
        await using var simulator = await SimulatorHost.StartAsync(options => options.Seed = null, time: TimeProvider.System);
        var project = simulator.Platform.ProjectId;
        var (address, service) = await ServeAsync(
            new Dictionary<string, string>
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Development",
                ["Kapso:Projects:0:Id"] = project,
                ["Kapso:Projects:0:WebhookSecrets:0"] = SimulatorHost.Secret,
                ["Kapso:Projects:0:ApiKey"] = SimulatorHost.Key,
                ["Kapso:Platform:BaseUrl"] = simulator.BaseUrl.AbsoluteUri,
                ["Kapso:Management:ApiKey"] = ManagementKey,
            },
            patience.Token);
        await using var _ = service;
        simulator.Platform.CreateWebhook(new Uri(address, $"/webhooks/project/{project}"), SimulatorHost.Secret, Events.All);
        using var http = new HttpClient { BaseAddress = address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ManagementKey);
        await walk(http, project, patience.Token);
    }
}
