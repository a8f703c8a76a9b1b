using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text.Json;
using Kapso.Engines.Sqlite;
using Kapso.Engines.Sqlite.Store;
using Kapso.Platform;
using Kapso.Platform.Settings;
using Kapso.Tests.Platform;
using Kapso.Web;

namespace Kapso.Tests.Simulator;

/// <summary>The service on its embedded engine, in this process, against the simulator over HTTP.</summary>
public sealed class ServiceTests
{
    private const string ManagementKey = "management-key-of-the-tests";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);

    [Fact]
    public async Task Customers_who_connect_while_the_service_is_stopped_are_found_at_its_start_and_welcomed_once()
    {
        using var folder = new TemporaryFolder();
        await using var simulator = await SimulatorHost.StartAsync();
        await using var company = await CompanyAsync();
        await using (var before = await ServeAsync(simulator, folder.Path, company.Address))
            await before.StopAsync(TestContext.Current.CancellationToken);

        var customers = Enumerable.Range(0, 50).Select(i => simulator.Platform.CreateCustomer($"Customer {i}", null)!.Id).ToList();
        foreach (var customer in customers)
            simulator.Platform.ConnectDirectly(customer);
        await using var service = await ServeAsync(simulator, folder.Path, company.Address);
        var address = service.AddressOfServer();

        using var deadline = new CancellationTokenSource(Patience);
        foreach (var customer in customers)
        {
            while (!IsWell(await ReadAsync(simulator, address, customer)))
            {
                Assert.False(deadline.IsCancellationRequested, customer);
                await Task.Delay(20, TestContext.Current.CancellationToken);
            }
        }

        Assert.Equal(customers.Order(), company.Welcomes.Values.Order());
    }

    [Fact]
    public async Task An_operator_has_everything_compared_and_sees_how_far_it_is()
    {
        using var folder = new TemporaryFolder();
        await using var simulator = await SimulatorHost.StartAsync();
        await using var service = await ServeAsync(simulator, folder.Path, "http://127.0.0.1:9/");
        var project = $"{service.AddressOfServer()}/api/projects/{simulator.Platform.ProjectId}";
        await Wait.ForAsync(async () => (await SendAsync(HttpMethod.Get, "/reconciliation")).GetProperty("last").ValueKind == JsonValueKind.Object, "the first pass");
        simulator.Platform.ConnectDirectly(simulator.Platform.CreateCustomer("Customer 1", null)!.Id);

        var asked = await SendAsync(HttpMethod.Post, "/reconcile");
        Assert.True(asked.GetProperty("full_wanted").GetBoolean());
        await Wait.ForAsync(
            async () => (await SendAsync(HttpMethod.Get, "/reconciliation")).GetProperty("last").GetProperty("counts").GetProperty("applied").GetInt32() == 1,
            "the pass that was asked for");

        async Task<JsonElement> SendAsync(HttpMethod method, string path)
        {
            using var request = Manage(method, project + path);
            using var response = await simulator.Browser.SendAsync(request);
            Assert.Equal(method == HttpMethod.Post ? 202 : 200, (int)response.StatusCode);
            return await response.Content.ReadFromJsonAsync<JsonElement>();
        }
    }

    private static bool IsWell(JsonElement connection) =>
        connection.ValueKind == JsonValueKind.Object
        && connection.GetProperty("numbers").EnumerateArray().Any(number =>
            number.GetProperty("status").GetString() == "connected"
            && !number.GetProperty("unconfirmed").GetBoolean()
            && number.GetProperty("welcome") is { ValueKind: JsonValueKind.Object } welcome
            && welcome.GetProperty("status").GetString() == "done");

    private static async Task<JsonElement> ReadAsync(SimulatorHost simulator, string address, string customer)
    {
        using var request = Manage(HttpMethod.Get, $"{address}/api/projects/{simulator.Platform.ProjectId}/customers/{customer}/connection");
        using var response = await simulator.Browser.SendAsync(request);
        return response.IsSuccessStatusCode ? await response.Content.ReadFromJsonAsync<JsonElement>() : default;
    }

    private static HttpRequestMessage Manage(HttpMethod method, string url)
    {
        var request = new HttpRequestMessage(method, url);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ManagementKey);
        return request;
    }

    private static async Task<WebApplication> ServeAsync(SimulatorHost simulator, string folder, string company)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Development" });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Kapso:Projects:0:Id"] = simulator.Platform.ProjectId,
            ["Kapso:Projects:0:WebhookSecrets:0"] = SimulatorHost.Secret,
            ["Kapso:Projects:0:ApiKey"] = SimulatorHost.Key,
            ["Kapso:Platform:BaseUrl"] = simulator.BaseUrl.AbsoluteUri,
            ["Kapso:Management:ApiKey"] = ManagementKey,
            ["Kapso:Welcome:Since"] = "2026-01-01T00:00:00Z", // the simulated time is before the service's first start
            ["Kapso:Welcome:Flow"] = "callback",
            ["Kapso:Welcome:Callback:Url"] = company,
            ["Kapso:Welcome:Callback:Secret"] = Runners.Secret,
            ["Kapso:Outbox:RetryDelay"] = "00:00:00.5",
            ["Kapso:Store:Path"] = Path.Combine(folder, "kapso.db"),
        });
        builder.AddKapsoPlatform();
        builder.Services.AddEngineSettings<EmbeddedEngineOptions>((engine, settings) => engine.Path = settings.Store.Path);
        builder.Services.AddEmbeddedEngine();
        builder.AddKapsoWeb();
        var app = builder.Build();
        app.MapKapso();
        await app.StartAsync();
        return app;
    }

    private static async Task<Company> CompanyAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var company = new Company(builder.Build());
        company.App.MapPost("/welcome", (HttpRequest request, JsonElement message) =>
        {
            company.Welcomes.TryAdd(
                request.Headers["webhook-id"].ToString(), message.GetProperty("data").GetProperty("customer_id").GetString()!);
            return Results.Ok();
        });
        await company.App.StartAsync();
        return company;
    }

    /// <summary>The company's application: keeps each welcome's id, and the customer that it is for.</summary>
    private sealed record Company(WebApplication App) : IAsyncDisposable
    {
        public ConcurrentDictionary<string, string> Welcomes { get; } = [];

        public string Address => App.AddressOfServer() + "/welcome";

        public ValueTask DisposeAsync() => App.DisposeAsync();
    }
}
