using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using Kapso.Simulator.Faults;
using Kapso.Simulator.World;

namespace Kapso.Testing.Simulator;

/// <summary>
/// The real service in processes of its own, against the simulator over HTTP, with a customer for each fault: invited through
/// the service's API, the fault ordered, a number connected, the browser sent back.
/// </summary>
public abstract class FaultStage : IAsyncLifetime
{
    private const string ManagementKey = "management-key-of-the-tests";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly HttpClient _company = new();
    private readonly Dictionary<FaultKind, string> _customers = [];
    private JsonElement _seen;
    private IAsyncDisposable? _service;
    private Company? _receiver;
    private SimulatorHost? _simulator;

    internal SimulatorHost Simulator => _simulator!;

    /// <summary>Who was welcomed.</summary>
    internal Company Company => _receiver!;

    private string Project => $"/api/projects/{Simulator.Platform.ProjectId}";

    /// <summary>Starts the service with these settings.</summary>
    /// <returns>Where it listens, and what ends it.</returns>
    protected abstract Task<(Uri Address, IAsyncDisposable Service)> ServeAsync(
        Dictionary<string, string> settings, CancellationToken cancellationToken);

    public async ValueTask InitializeAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        _receiver = await Company.StartAsync();
        _receiver.KeepsMessages = true;
        _simulator = await SimulatorHost.StartAsync(simulated => simulated.LinkLife = TimeSpan.FromDays(3_650)); // The service's time is another.
        (_company.BaseAddress, _service) = await ServeAsync(
            new Dictionary<string, string>
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Development",
                ["Logging:LogLevel:Default"] = "Warning",
                ["Kapso:Projects:0:Id"] = Simulator.Platform.ProjectId,
                ["Kapso:Projects:0:WebhookSecrets:0"] = SimulatorHost.Secret,
                ["Kapso:Projects:0:ApiKey"] = SimulatorHost.Key,
                ["Kapso:Platform:BaseUrl"] = Simulator.BaseUrl.AbsoluteUri,
                ["Kapso:Platform:RequestsPerMinute"] = "2000",
                ["Kapso:Management:ApiKey"] = ManagementKey,
                ["Kapso:Welcome:Since"] = "2026-01-01T00:00:00Z", // the simulated time is before the service's first start
                ["Kapso:Welcome:Flow"] = "callback",
                ["Kapso:Welcome:Callback:Url"] = Company.Address.AbsoluteUri,
                ["Kapso:Welcome:Callback:Secret"] = $"whsec_{Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}",
                ["Kapso:Notify:Url"] = Company.ChangesAddress.AbsoluteUri,
                ["Kapso:Notify:Secret"] = $"whsec_{Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}",
                ["Kapso:Outbox:RetryDelay"] = "00:00:00.5",
            },
            patience.Token);
        _company.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ManagementKey);
        Simulator.Platform.CreateWebhook(
            new Uri(_company.BaseAddress!, $"/webhooks/project/{Simulator.Platform.ProjectId}"), SimulatorHost.Secret, Events.All);

        // A fault is meant for the customer's walk, and not for the pass at the start.
        await Wait.ForAsync(
            async () => (await ReadAsync("/reconciliation")) is { ValueKind: JsonValueKind.Object } standing
                && standing.GetProperty("last").ValueKind == JsonValueKind.Object,
            "the first pass");
        foreach (var kind in Enum.GetValues<FaultKind>())
            _customers[kind] = await WalkAsync(kind);
    }

    /// <summary>The customer whom the fault befell, and their connection once it is connected, confirmed and welcomed.</summary>
    internal async Task<(string CustomerId, JsonElement Connection)> UntilWellAsync(FaultKind kind)
    {
        var customer = _customers[kind];
        JsonElement connection = default;
        await Wait.ForAsync(
            async () =>
            {
                Simulator.Platform.Clock.Advance(TimeSpan.FromSeconds(2));
                await Task.Delay(40);
                return IsWell(connection = await ReadAsync($"/customers/{customer}/connection"));
            },
            $"the customer whom {kind} befell");

        // What is on its way still, a second copy among it, comes before it is counted.
        await Wait.ForAsync(
            () =>
            {
                Simulator.Platform.Clock.Advance(TimeSpan.FromSeconds(2));
                return Simulator.Platform.Deliveries.Counts()[DeliveryStatus.Pending] == 0;
            },
            "the deliveries that are on their way");
        return (customer, connection);
    }

    /// <summary>A customer whose phone was welcomed, went, and came again under another number: their numbers once that is decided.</summary>
    internal async Task<(string CustomerId, JsonElement First, JsonElement Second)> ComeAgainAsync()
    {
        var platform = Simulator.Platform;
        var customer = platform.CreateCustomer("Comes again", null)!.Id;
        var first = platform.ConnectDirectly(customer)!;
        await UntilAsync(customer, "it is welcomed", () => IsWell(_seen));
        platform.Act(first.Id, NumberAction.Delete);
        var second = platform.ConnectDirectly(customer, first.Digits)!;
        await UntilAsync(customer, "it is decided whether it is welcomed again", () => IsDecided(second.Id));
        return (customer, Number(first.Id), Number(second.Id));
    }

    /// <summary>
    /// A customer who was welcomed, whose number went, and who connects it again by a link that the company asks for: the number as it came
    /// back, what the company was told, oldest first, and the setup link.
    /// </summary>
    internal async Task<(string CustomerId, JsonElement Number, IReadOnlyList<JsonElement> Told, Kapso.Simulator.World.SetupLink Link)> ReconnectAsync(bool underNewId)
    {
        var platform = Simulator.Platform;
        var customer = platform.CreateCustomer("Comes back", null)!.Id;
        var first = platform.ConnectDirectly(customer)!;
        await UntilAsync(customer, "it is welcomed", () => IsWell(_seen));
        platform.Act(first.Id, NumberAction.Offboard);
        await UntilAsync(customer, "it is gone", () => Number(first.Id).Text("status") == "gone");

        using var answer = await _company.PostAsync(new Uri($"{Project}/customers/{customer}/reconnect", UriKind.Relative), null);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var asked = await answer.Content.ReadFromJsonAsync<JsonElement>();
        var link = platform.FindSetupLink(asked.GetProperty("link").Text("setup_link_id")!)!;
        Assert.Equal((link.Url, first.Id), (asked.Text("url"), link.ReconnectsNumberId));

        var end = platform.Connect(link.Id, underNewId: underNewId)!;
        using var page = await Simulator.OpenAsync(end.RedirectUrl!);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        await UntilAsync(customer, "it came back", () => HasNumber(end.Number!.Id) && Number(end.Number.Id).Text("status") == "connected" && IsDecided(end.Number.Id));
        await Wait.ForAsync(() => Told(customer).Count(message => message.Text("type") == "connection.connected") == 2, "the company to be told");
        return (customer, Number(end.Number!.Id), Told(customer), link);
    }

    private IReadOnlyList<JsonElement> Told(string customer) =>
        [.. Company.Messages.Where(message => message.GetProperty("data").Text("customer_id") == customer)];

    private bool HasNumber(string id) => _seen.GetProperty("numbers").EnumerateArray().Any(number => number.Text("phone_number_id") == id);

    private JsonElement Number(string id) => _seen.GetProperty("numbers").EnumerateArray().Single(number => number.Text("phone_number_id") == id);

    private bool IsDecided(string id) =>
        HasNumber(id) && (Number(id).Is("adopted") || Number(id).GetProperty("welcome").ValueKind == JsonValueKind.Object);

    private Task UntilAsync(string customer, string what, Func<bool> holds) => Wait.ForAsync(
        async () =>
        {
            Simulator.Platform.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(40);
            return (_seen = await ReadAsync($"/customers/{customer}/connection")).ValueKind == JsonValueKind.Object && holds();
        },
        what);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _company.Dispose();
        if (_service is not null)
            await _service.DisposeAsync();
        if (_simulator is not null)
            await _simulator.DisposeAsync();
        if (_receiver is not null)
            await _receiver.DisposeAsync();
    }

    private async Task<string> WalkAsync(FaultKind kind)
    {
        var (platform, dice) = (Simulator.Platform, Simulator.Platform.Dice);
        var customer = platform.CreateCustomer(kind.ToString(), null)!.Id;

        // Of a server error nobody knows for two minutes whether it made the link; the other faults leave no doubt for long.
        if (kind is FaultKind.TooManyRequests or FaultKind.LostAnswer or FaultKind.TimeoutAfterAccepting or FaultKind.BrokenBody)
            dice.Force(kind, 1);
        var link = await InviteAsync(customer);

        // The platform keeps silent at a POST only, and the link's is the only one.
        if (kind != FaultKind.TimeoutAfterAccepting)
            dice.Force(kind, 1);
        if (platform.Connect(link)!.RedirectUrl is { } redirect)
        {
            using var page = await Simulator.OpenAsync(redirect);
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        }

        await Wait.ForAsync(() => dice.Plan.Next.Values.All(left => left == 0), $"{kind} to happen");
        return customer;
    }

    /// <summary>Has a link made, asked for in the same words until it is there.</summary>
    private async Task<string> InviteAsync(string customer)
    {
        string? link = null;
        await Wait.ForAsync(
            async () =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, $"{Project}/customers/{customer}/setup_links");
                request.Headers.Add("Idempotency-Key", customer);
                using var response = await _company.SendAsync(request);
                if (response.IsSuccessStatusCode)
                    link = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("link").Text("setup_link_id");
                else
                    await Task.Delay(response.Headers.RetryAfter?.Delta ?? TimeSpan.FromMilliseconds(200));
                return link is not null;
            },
            "a setup link");
        return link!;
    }

    private async Task<JsonElement> ReadAsync(string path)
    {
        using var response = await _company.GetAsync(new Uri(Project + path, UriKind.Relative));
        return response.IsSuccessStatusCode ? await response.Content.ReadFromJsonAsync<JsonElement>() : default;
    }

    private static bool IsWell(JsonElement connection) =>
        connection.ValueKind == JsonValueKind.Object
        && connection.GetProperty("numbers").EnumerateArray().Any(number =>
            number.Text("status") == "connected"
            && !number.Is("unconfirmed")
            && number.GetProperty("welcome") is { ValueKind: JsonValueKind.Object } welcome
            && welcome.Text("status") == "done");
}
