using System.Text.Json;
using Kapso.Simulator.World;

namespace Kapso.Tests.Soak;

/// <summary>The real service is stopped while customers connect, and started again: none is missed, each is welcomed once.</summary>
[Long]
[Collection(RunsAlone.Name)]
public sealed class AwayTests : IAsyncLifetime
{
    private const int Customers = 50;
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TemporaryFolder _folder = new();
    private readonly List<SoakCustomer> _customers = [];
    private Company _company = null!;
    private SimulatorHost _simulator = null!;
    private SoakService _service = null!;

    private SimulatedPlatform Platform => _simulator.Platform;

    public async ValueTask InitializeAsync()
    {
        var port = LoopbackPort.Free();
        _company = await Company.StartAsync();
        _simulator = await SimulatorHost.StartAsync(
            options => options.WebhookUrl = new Uri(SoakService.AddressOf(port), $"/webhooks/project/{options.ProjectId}"),
            time: TimeProvider.System);
        _service = new SoakService(_simulator, port, _company.Address, _folder.Path);
        await _service.StartAsync(None);
        await Wait.ForAsync(
            async () => await _service.AskAsync(HttpMethod.Get, "/reconciliation") is var standing
                && standing.GetProperty("last").ValueKind == JsonValueKind.Object
                && standing.GetProperty("running").ValueKind == JsonValueKind.Null,
            "the first pass");
    }

    [Fact]
    public async Task When_no_delivery_is_left_reconciliation_finds_all_of_them_at_the_start()
    {
        var links = await InviteAsync(Customers / 2);
        await _service.KillAsync();

        Connect(links);
        ConnectDirectly(Customers - links.Count);
        await Wait.ForAsync(
            () =>
            {
                Platform.Clock.Advance(TimeSpan.FromSeconds(5));
                return Count(DeliveryStatus.Pending) == 0;
            },
            "the platform to give up");
        await _service.StartAsync(None);

        await UntilTrueAsync();
        Assert.Equal(0, Count(DeliveryStatus.Delivered));

        // A person has to enable the webhook that failed for so long, and is told so.
        var alarms = (await _service.AskAsync(HttpMethod.Get, "/reconciliation")).GetProperty("alarms");
        Assert.Contains(alarms.EnumerateArray(), alarm => alarm.Text("kind") == "webhook_paused");
    }

    [Fact]
    public async Task When_the_retries_arrive_they_and_reconciliation_together_welcome_once()
    {
        // What was delivered before keeps the platform from pausing the webhook.
        ConnectDirectly(20);
        await Wait.ForAsync(() => Count(DeliveryStatus.Delivered) == 20, "the deliveries of before");
        var links = await InviteAsync(Customers / 2);
        await _service.KillAsync();

        Connect(links);
        ConnectDirectly(Customers - links.Count);
        await Wait.ForAsync(
            () => Platform.Deliveries.NewestFirst(Customers).All(delivery => delivery is { InFlight: false, Attempts.Count: > 0 }),
            "first attempts that fail");
        await _service.StartAsync(None);
        Platform.Clock.Advance(TimeSpan.FromSeconds(10));

        await Wait.ForAsync(() => Count(DeliveryStatus.Delivered) == 20 + Customers, "the retries");
        await UntilTrueAsync();
        Assert.All(Platform.Deliveries.NewestFirst(Customers), delivery => Assert.InRange(delivery.Attempts.Count, 2, 3));
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        await _simulator.DisposeAsync();
        await _company.DisposeAsync();
        _folder.Dispose();
    }

    private int Count(DeliveryStatus status) => Platform.Deliveries.Counts()[status];

    private async Task<IReadOnlyList<SoakCustomer>> InviteAsync(int count)
    {
        var invited = Enumerable.Range(0, count)
            .Select(i => new SoakCustomer(Platform.CreateCustomer($"Invited {i}", null)!.Id, [Act.Invite])).ToList();
        var crowd = new Crowd(invited, seed: 1);
        await new Play(_simulator, _service, crowd).RunAsync(None);
        return invited;
    }

    private void Connect(IEnumerable<SoakCustomer> invited)
    {
        foreach (var customer in invited)
            Keep(customer, Platform.Connect(customer.LinkId!)!.Number!);
    }

    private void ConnectDirectly(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var customer = new SoakCustomer(Platform.CreateCustomer($"Direct {i}", null)!.Id, []);
            Keep(customer, Platform.ConnectDirectly(customer.Id)!);
        }
    }

    private void Keep(SoakCustomer customer, PhoneNumber number)
    {
        customer.Connected(number.Id, number.Digits);
        _customers.Add(customer);
    }

    /// <summary>Waits until the service says of everybody what is so: each connected, confirmed and welcomed once.</summary>
    private async Task UntilTrueAsync()
    {
        foreach (var customer in _customers)
        {
            IReadOnlyList<string> differences = [];
            await Wait.ForAsync(
                async () => (differences = new Comparison(await _simulator.ControlAsync(HttpMethod.Get, "truth"), _company)
                    .Differences(customer, await _service.FindAsync(customer.Id))).Count == 0,
                $"the service to know {customer.Id}");
        }

        Assert.Equal(_customers.Count, _company.Welcomes.Count);
    }
}
