using Kapso.Connections.Webhooks;
using Kapso.Simulator.Faults;
using Kapso.Simulator.World;
using Kapso.Tests.Platform;
using Microsoft.Extensions.Time.Testing;

namespace Kapso.Tests.Simulator;

/// <summary>What the simulator's webhooks send, read as the service reads it.</summary>
public sealed class DeliveryTests
{
    private readonly CountedTime _time = new();

    [Theory]
    [InlineData(nameof(DeliveryShape.Flat), Events.Created)]
    [InlineData(nameof(DeliveryShape.Envelope), Events.Created)]
    [InlineData(nameof(DeliveryShape.Batch), Events.Created)]
    [InlineData(nameof(DeliveryShape.V1), Events.ConfigCreated)]
    public async Task Every_shape_is_signed_and_says_which_number_of_which_customer(string shape, string eventName)
    {
        await using var inbox = await WebhookInbox.StartAsync();
        await using var host = await StartAsync(inbox, Enum.Parse<DeliveryShape>(shape));
        var (customer, link) = await host.InviteAsync();
        host.Platform.ChangeCustomer(customer, null, "own/1");

        var number = host.Platform.Connect(link.Id)!.Number!;
        host.Platform.Clock.Advance(TimeSpan.FromSeconds(2)); // a batch collects for so long
        var delivery = await inbox.NextAsync();

        Assert.Equal(eventName, delivery.Headers["X-Webhook-Event"]);
        Assert.True(Guid.TryParse(delivery.Headers["X-Idempotency-Key"], out _));
        var item = Assert.Single(Read(delivery, host));
        Assert.Equal((customer, number.Id, ObservationKind.Created), (item.CustomerId, item.Observation.PhoneNumberId, item.Observation.Kind));
        Assert.Equal("own/1", item.Observation.Customer?.OwnId);
    }

    [Theory]
    [InlineData(nameof(NumberAction.Delete), Events.Deleted, ObservationKind.Gone)]
    [InlineData(nameof(NumberAction.Offboard), Events.Offboarded, ObservationKind.Gone)]
    [InlineData(nameof(NumberAction.Disconnect), Events.Disconnected, ObservationKind.Gone)]
    public async Task What_becomes_of_a_number_is_told(string action, string eventName, ObservationKind kind)
    {
        await using var inbox = await WebhookInbox.StartAsync();
        await using var host = await StartAsync(inbox);
        var (_, link) = await host.InviteAsync();
        var number = host.Platform.Connect(link.Id)!.Number!;
        await inbox.NextAsync();

        host.Platform.Act(number.Id, Enum.Parse<NumberAction>(action));
        var delivery = await inbox.NextAsync();

        Assert.Equal(eventName, delivery.Headers["X-Webhook-Event"]);
        Assert.Equal(kind, Assert.Single(Read(delivery, host)).Observation.Kind);
        if (action == nameof(NumberAction.Delete))
            return;

        host.Platform.Act(number.Id, NumberAction.Reconnect);
        var back = Assert.Single(Read(await inbox.NextAsync(), host));
        Assert.Equal((ObservationKind.Reconnected, host.Platform.Clock.UtcNow), (back.Observation.Kind, back.Observation.OccurredAt));
    }

    [Fact]
    public async Task Why_a_number_went_is_told_as_the_platform_tells_it()
    {
        await using var inbox = await WebhookInbox.StartAsync();
        await using var host = await StartAsync(inbox);
        var number = host.Platform.Connect((await host.InviteAsync()).Link.Id)!.Number!;
        await inbox.NextAsync();

        host.Platform.Act(number.Id, NumberAction.Disconnect);

        var told = Assert.Single(Read(await inbox.NextAsync(), host)).Observation;
        Assert.Equal("coexistence", told.ConnectionType);
        Assert.Equal(("connection_lost", "business", "PARTNER_REMOVED"), (told.Disconnection!.Reason, told.Disconnection.InitiatedBy, told.Disconnection.SourceEvent));
    }

    [Theory]
    [InlineData(nameof(AccountAction.DisableAccount), Events.AccountDisabled, AccountNoticeKind.Disabled)]
    [InlineData(nameof(AccountAction.RestrictAccount), Events.AccountRestricted, AccountNoticeKind.Restricted)]
    [InlineData(nameof(AccountAction.ReportViolation), Events.AccountViolation, AccountNoticeKind.Violation)]
    [InlineData(nameof(AccountAction.ReinstateAccount), Events.AccountReinstated, null)]
    public async Task What_happens_to_an_account_is_told_of_all_its_numbers(string action, string eventName, AccountNoticeKind? kind)
    {
        await using var inbox = await WebhookInbox.StartAsync();
        await using var host = await StartAsync(inbox, DeliveryShape.Envelope);
        var numbers = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            numbers.Add(host.Platform.Connect((await host.InviteAsync()).Link.Id)!.Number!.Id);
            await inbox.NextAsync();
        }

        Assert.Null(host.Platform.Act([.. numbers, "unknown"], Enum.Parse<AccountAction>(action)));
        host.Platform.Act(numbers, Enum.Parse<AccountAction>(action));
        var delivery = await inbox.NextAsync();

        Assert.Equal(eventName, delivery.Headers["X-Webhook-Event"]);
        var items = Read(delivery, host);
        Assert.Equal(numbers, items.Select(item => item.Observation.PhoneNumberId!));
        Assert.All(items, item =>
        {
            Assert.Null(item.CustomerId);
            var news = item.Observation.Account!;
            Assert.StartsWith("wae_", news.EventId, StringComparison.Ordinal);
            Assert.Equal(kind is null, news.Reinstated);
            Assert.Equal(kind, news.Notices.SingleOrDefault()?.Kind);
            Assert.Equal(kind == AccountNoticeKind.Restricted, news.Notices.SingleOrDefault()?.Until is not null);
        });
    }

    [Fact]
    public async Task A_batch_that_failed_is_sent_singly_with_new_keys()
    {
        await using var inbox = await WebhookInbox.StartAsync();
        await using var host = await StartAsync(inbox, DeliveryShape.Batch);
        var numbers = new List<string>();
        for (var i = 0; i < 3; i++)
            numbers.Add(host.Platform.Connect((await host.InviteAsync()).Link.Id)!.Number!.Id);
        inbox.Answer = 500;

        host.Platform.Clock.Advance(TimeSpan.FromSeconds(2));
        var batch = await inbox.NextAsync();
        inbox.Answer = 200;
        var singles = new[] { await inbox.NextAsync(), await inbox.NextAsync(), await inbox.NextAsync() };

        Assert.Equal("3", batch.Headers["X-Batch-Size"]);
        Assert.Equal(numbers, Read(batch, host).Select(item => item.Observation.PhoneNumberId!));
        Assert.Equal(numbers.Order(), singles.Select(single => Assert.Single(Read(single, host)).Observation.PhoneNumberId!).Order());
        Assert.Equal(4, singles.Append(batch).Select(one => one.Headers["X-Idempotency-Key"]).Distinct().Count());
    }

    [Fact]
    public async Task A_failed_delivery_is_repeated_after_10_40_and_90_seconds_with_the_same_key_and_then_given_up()
    {
        await using var inbox = await WebhookInbox.StartAsync();
        await using var host = await StartAsync(inbox);
        inbox.Answer = 503;
        host.Platform.Connect((await host.InviteAsync()).Link.Id);
        var keys = new List<string> { (await inbox.NextAsync()).Headers["X-Idempotency-Key"] };

        foreach (var seconds in (int[])[10, 40, 90])
        {
            await SettledAsync(host, keys.Count);
            host.Platform.Clock.Advance(TimeSpan.FromSeconds(seconds - 1));
            await SeeNothingSentAsync(host);
            Assert.Equal(keys.Count, inbox.Received.Count); // not yet
            host.Platform.Clock.Advance(TimeSpan.FromSeconds(1));
            keys.Add((await inbox.NextAsync()).Headers["X-Idempotency-Key"]);
        }

        await SettledAsync(host, 4);
        Assert.Single(keys.Distinct());
        var delivery = Assert.Single(host.Platform.Deliveries.NewestFirst());
        Assert.Equal(DeliveryStatus.Failed, delivery.Status);
        Assert.Equal(["503", "503", "503", "503"], delivery.Attempts.Select(attempt => attempt.Answer));
        Assert.Null(host.Platform.Deliveries.NextDueAt);
    }

    [Theory]
    [InlineData(201)]
    [InlineData(302)]
    public async Task Only_200_is_success(int answer)
    {
        await using var inbox = await WebhookInbox.StartAsync();
        await using var host = await StartAsync(inbox);
        inbox.Answer = answer;

        host.Platform.Connect((await host.InviteAsync()).Link.Id);
        await inbox.NextAsync();
        await SettledAsync(host, 1);

        Assert.Equal(DeliveryStatus.Pending, Assert.Single(host.Platform.Deliveries.NewestFirst()).Status);
    }

    [Fact]
    public async Task A_webhook_that_fails_too_often_is_paused_with_all_that_waits_for_it()
    {
        await using var inbox = await WebhookInbox.StartAsync();
        await using var host = await StartAsync(inbox);
        inbox.Answer = 500;
        var customer = host.Platform.CreateCustomer("Customer 1", null)!;

        for (var i = 0; i < 19; i++)
        {
            host.Platform.ConnectDirectly(customer.Id);
            await inbox.NextAsync();
            await SettledAsync(host, i + 1);
        }

        Assert.True(Assert.Single(host.Platform.Webhooks()).Active);
        host.Platform.ConnectDirectly(customer.Id);
        await inbox.NextAsync();
        await UntilAsync(() => !host.Platform.Webhooks()[0].Active
            && host.Platform.Deliveries.NewestFirst().All(delivery => delivery.Status != DeliveryStatus.Pending));

        Assert.All(host.Platform.Deliveries.NewestFirst(), delivery => Assert.Equal(DeliveryStatus.Failed, delivery.Status));
        host.Platform.ConnectDirectly(customer.Id);
        Assert.Equal(20, host.Platform.Deliveries.NewestFirst().Count); // nothing is told any more
    }

    [Fact]
    public async Task A_test_delivery_says_that_it_is_one()
    {
        await using var inbox = await WebhookInbox.StartAsync();
        await using var host = await StartAsync(inbox);

        await host.ControlAsync(HttpMethod.Get, "truth");
        Assert.True(host.Platform.Test(host.Platform.Webhooks()[0].Id, eventName: null));

        Assert.IsType<WebhookReading.Test>(Reading(await inbox.NextAsync(), host));
    }

    [Fact]
    public async Task A_duplicate_has_the_same_body_and_key()
    {
        await using var inbox = await WebhookInbox.StartAsync();
        await using var host = await StartAsync(inbox);
        host.Platform.Dice.Force(FaultKind.Duplicate, 1);

        host.Platform.Connect((await host.InviteAsync()).Link.Id);
        host.Platform.Clock.Advance(TimeSpan.FromSeconds(30));
        var (first, second) = (await inbox.NextAsync(), await inbox.NextAsync());

        Assert.Equal(first.Body, second.Body);
        Assert.Equal(first.Headers["X-Idempotency-Key"], second.Headers["X-Idempotency-Key"]);
    }

    [Theory]
    [InlineData(nameof(FaultKind.Delay), 120)]
    [InlineData(nameof(FaultKind.RedirectFirst), 5)]
    [InlineData(nameof(FaultKind.Reorder), 30)]
    public async Task A_late_delivery_comes_late(string fault, int seconds)
    {
        await using var inbox = await WebhookInbox.StartAsync();
        await using var host = await StartAsync(inbox);
        host.Platform.Dice.Force(Enum.Parse<FaultKind>(fault), 1);

        host.Platform.Connect((await host.InviteAsync()).Link.Id);
        await SeeNothingSentAsync(host);
        Assert.Empty(inbox.Received);

        host.Platform.Clock.Advance(TimeSpan.FromSeconds(seconds));
        await inbox.NextAsync();
    }

    [Fact]
    public async Task Reordered_deliveries_come_the_later_one_first()
    {
        await using var inbox = await WebhookInbox.StartAsync();
        await using var host = await StartAsync(inbox);
        host.Platform.Dice.Force(FaultKind.Reorder, 1);

        var number = host.Platform.Connect((await host.InviteAsync()).Link.Id)!.Number!;
        host.Platform.Act(number.Id, NumberAction.Disconnect);
        var first = await inbox.NextAsync();
        host.Platform.Clock.Advance(TimeSpan.FromSeconds(1));
        var second = await inbox.NextAsync();

        Assert.Equal((Events.Disconnected, Events.Created), (first.Headers["X-Webhook-Event"], second.Headers["X-Webhook-Event"]));
    }

    [Fact]
    public async Task A_dropped_delivery_is_in_the_log_and_never_comes()
    {
        await using var inbox = await WebhookInbox.StartAsync();
        await using var host = await StartAsync(inbox);
        host.Platform.Dice.Force(FaultKind.DropWebhook, 1);

        host.Platform.Connect((await host.InviteAsync()).Link.Id);
        host.Platform.Clock.Advance(TimeSpan.FromHours(1));

        await SeeNothingSentAsync(host);
        Assert.Empty(inbox.Received);
        Assert.Equal(DeliveryStatus.Dropped, Assert.Single(host.Platform.Deliveries.NewestFirst()).Status);
    }

    private async Task<SimulatorHost> StartAsync(WebhookInbox inbox, DeliveryShape shape = DeliveryShape.Flat)
    {
        var host = await SimulatorHost.StartAsync(options => options.WebhookUrl = inbox.Url, time: _time);
        host.Platform.ChangeWebhook(host.Platform.Webhooks()[0].Id, webhook => webhook with { Shape = shape });
        return host;
    }

    private static IReadOnlyList<CustomerObservation> Read(ReceivedRequest delivery, SimulatorHost host) =>
        Assert.IsType<WebhookReading.Observations>(Reading(delivery, host)).Items;

    private static WebhookReading Reading(ReceivedRequest delivery, SimulatorHost host)
    {
        Assert.True(WebhookSignature.Verify(
            delivery.Body, delivery.Headers["X-Webhook-Signature"], WebhookSecrets.Create([SimulatorHost.Secret])));
        return WebhookReader.Read(
            host.Platform.ProjectId,
            new WebhookHeaders(
                delivery.Headers["X-Webhook-Event"],
                delivery.Headers["X-Idempotency-Key"],
                delivery.Headers["X-Webhook-Payload-Version"],
                delivery.Headers.GetValueOrDefault("X-Webhook-Batch") == "true"),
            delivery.Body,
            host.Platform.Clock.UtcNow);
    }

    /// <summary>Has the pump look whether anything is due, and sees that it takes nothing. It waits after each look, by a timer.</summary>
    private async Task SeeNothingSentAsync(SimulatorHost host)
    {
        // A look may be under way, and the first that is waited for is that one's.
        for (var look = 1; look <= 2; look++)
        {
            var timers = _time.Timers;
            host.Platform.Clock.Advance(TimeSpan.Zero);
            await UntilAsync(() => _time.Timers > timers);
        }

        Assert.DoesNotContain(host.Platform.Deliveries.NewestFirst(), delivery => delivery.InFlight);
    }

    /// <summary>Waits until so many attempts have been kept.</summary>
    private static Task SettledAsync(SimulatorHost host, int attempts) =>
        UntilAsync(() => host.Platform.Deliveries.NewestFirst().Sum(delivery => delivery.Attempts.Count) >= attempts);

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(180));
        while (!condition())
            await Task.Delay(5, deadline.Token);
    }

    /// <summary>A clock that stands still and counts the waits that are begun by it.</summary>
    private sealed class CountedTime() : FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero))
    {
        private int _timers;

        public int Timers => Volatile.Read(ref _timers);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Interlocked.Increment(ref _timers);
            return base.CreateTimer(callback, state, dueTime, period);
        }
    }
}
