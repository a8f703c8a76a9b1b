using System.Text.Json;
using Kapso.Simulator.World;

namespace Kapso.Silo.Tests.Compatibility;

/// <summary>
/// A company with customers in every state, in two halves: one is told to a service, the other goes on with what is known of it,
/// perhaps by another version. One project is the platform's, the other has no API key: there, deliveries alone say what is.
/// </summary>
internal sealed partial class Scenario : IAsyncDisposable
{
    public const string ManagementKey = "management-key-of-two-versions";
    public const string Project = "990e8400-e29b-41d4-a716-446655440004";
    public const int Customers = 60;

    private const string Api = $"/api/projects/{Project}";
    private const string Later = "customer-later";
    private const string Resent = "customer-resent";
    private const string Settled = "customer-settled";
    private const string Gone = "customer-gone";
    private const string Hinted = "customer-hinted";
    private const string Failed = "customer-failed";
    private const string ClaimedNumber = "200000000000001";
    private const string ParkedNumber = "200000000000002";
    private static readonly string[] Secrets = ["webhook-secret-of-before", "webhook-secret-of-after"];
    private static readonly string[] Special = [Later, Resent, Settled, Gone];

    private readonly Company _company;
    private readonly SimulatorHost _simulator;

    private Scenario(Company company, SimulatorHost simulator) => (_company, _simulator) = (company, simulator);

    /// <summary>The customers who have one number each and nothing else.</summary>
    public static IReadOnlyList<string> Plain { get; } = [.. Enumerable.Range(0, Customers).Select(i => $"customer-{i:D2}")];

    private string PlatformApi => $"/api/projects/{_simulator.Platform.ProjectId}";

    public static async Task<Scenario> StartAsync() =>
        new(await Company.StartAsync(), await SimulatorHost.StartAsync(options => options.Seed = null, time: TimeProvider.System));

    /// <summary>The settings of a service of any version.</summary>
    public Dictionary<string, string> Settings() => new()
    {
        ["ASPNETCORE_ENVIRONMENT"] = "Development",
        ["Logging:LogLevel:Default"] = "Warning",
        ["Kapso:Projects:0:Id"] = _simulator.Platform.ProjectId,
        ["Kapso:Projects:0:WebhookSecrets:0"] = SimulatorHost.Secret,
        ["Kapso:Projects:0:ApiKey"] = SimulatorHost.Key,
        ["Kapso:Projects:1:Id"] = Project,
        ["Kapso:Projects:1:WebhookSecrets:0"] = Secrets[0],
        ["Kapso:Projects:1:WebhookSecrets:1"] = Secrets[1],
        ["Kapso:Platform:BaseUrl"] = _simulator.BaseUrl.AbsoluteUri,
        ["Kapso:Platform:RequestsPerMinute"] = "10000",
        ["Kapso:Management:ApiKey"] = ManagementKey,
        ["Kapso:Welcome:Flow"] = "callback",
        ["Kapso:Welcome:Callback:Url"] = _company.Address.AbsoluteUri,
        ["Kapso:Welcome:Callback:Secret"] = "whsec_YSB3ZWxjb21lIHNlY3JldCBvZiBhIHRlc3QgcnVu",
        ["Kapso:Notify:Url"] = _company.ChangesAddress.AbsoluteUri,
        ["Kapso:Notify:Secret"] = "whsec_YSBjaGFuZ2Ugc2VjcmV0IG9mIGEgdGVzdCBydW4u",
        ["Kapso:Outbox:MaxAttempts"] = "100",
        ["Kapso:Outbox:RetryDelay"] = "00:00:00.5",
        ["Kapso:Outbox:MaxRetryDelay"] = "00:00:02",
    };

    public async ValueTask DisposeAsync()
    {
        await _simulator.DisposeAsync();
        await _company.DisposeAsync();
    }

    /// <summary>Delivers a customer's news, under a key that is the same each time.</summary>
    private static Task<string> DeliverAsync(Callers service, string @event, string? customer, string number)
    {
        var body = customer is null
            ? $$"""{"phone_number_id":"{{number}}","project":{"id":"{{Project}}"} }"""
            : $$"""{"phone_number_id":"{{number}}","project":{"id":"{{Project}}"},"customer":{"id":"{{customer}}"} }""";
        return service.DeliverAsync(Project, Secrets[number[^1] % Secrets.Length], @event, body, $"{customer}-{number}-{@event}");
    }

    private static Task<string> ConnectAsync(Callers service, string customer) => DeliverAsync(service, Events.Created, customer, NumberOf(customer));

    /// <summary>The number of one of our customers: their place among them.</summary>
    private static string NumberOf(string customer) => $"{100_000_000_000_000 + Plain.Concat(Special).Append(Hinted).ToList().IndexOf(customer)}";

    private static string PathOf(string customer) => $"{Api}/customers/{customer}";

    private static Task<JsonElement> FindAsync(Callers service, string customer) => service.ReadAsync(PathOf(customer) + "/connection");

    private static JsonElement NumberIn(JsonElement connection) => connection.GetProperty("numbers").EnumerateArray().Single();

    private static string? WelcomeIn(JsonElement connection) =>
        NumberIn(connection).GetProperty("welcome") is { ValueKind: JsonValueKind.Object } welcome ? welcome.Text("id") : null;

    private static string[] SourcesIn(JsonElement connection) => [.. NumberIn(connection).GetProperty("sources").EnumerateArray().Select(source => source.GetString()!)];

    private static async Task<JsonElement[]> ListAsync(Callers service, string list) =>
        [.. (await service.ReadAsync($"{Api}/{list}")).GetProperty("items").EnumerateArray()];

    private static Task UntilAsync(Callers service, string customer, Func<JsonElement, bool> seen, string what) =>
        Wait.ForAsync(async () => seen(await FindAsync(service, customer)), $"{customer} {what}");

    private static bool IsWelcomed(JsonElement connection) =>
        connection.GetProperty("numbers").EnumerateArray().Any(number =>
            number.GetProperty("welcome") is { ValueKind: JsonValueKind.Object } welcome && welcome.Text("status") == "done");

    /// <summary>Opens a page again and again, at a pace that is recorded, until what it says is known: a page is shown whatever becomes of it.</summary>
    private static async Task OpenUntilAsync(Callers service, string url, Func<Task<bool>> seen, string what)
    {
        var opened = -1L;
        await Wait.ForAsync(
            async () =>
            {
                if (opened < 0 || TimeProvider.System.GetElapsedTime(opened) > TimeSpan.FromSeconds(6))
                {
                    Assert.Equal(System.Net.HttpStatusCode.OK, (await service.OpenAsync(url)).Status);
                    opened = TimeProvider.System.GetTimestamp();
                }

                return await seen();
            },
            what);
    }
}
