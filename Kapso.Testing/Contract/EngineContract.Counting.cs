using static Kapso.Testing.Contract.Stage;

namespace Kapso.Testing.Contract;

public abstract partial class EngineContract
{
    private static readonly CustomerKey Cid = new(Project, "cid");

    [Fact]
    public async Task Customers_are_counted_by_where_they_stand_also_after_a_restart()
    {
        await using var stage = await OpenAsync();
        await stage.ObserveAsync(Customer1, ObservationKind.Created, "1");
        await stage.ObserveAsync(Customer2, ObservationKind.RedirectSucceeded, "2");
        await stage.ObserveAsync(Cid, ObservationKind.Created, "3");
        await stage.ObserveAsync(Customer2, ObservationKind.Created, "2");
        await stage.ObserveAsync(Cid, ObservationKind.Gone, "3");

        var counts = await stage.Engine.CountAsync(Project, CancellationToken.None);
        Assert.Equal(
            [new StatusCount(ConnectionStatus.Connected, 2), new StatusCount(ConnectionStatus.Gone, 1)], counts.Connections);
        await stage.RestartAsync();
        Assert.Equal(counts.Connections, (await stage.Engine.CountAsync(Project, CancellationToken.None)).Connections);
        Assert.Empty((await stage.Engine.CountAsync("other", CancellationToken.None)).Connections);
    }

    [Fact]
    public async Task Arrivals_are_counted_by_day_source_and_outcome_for_seven_days()
    {
        await using var stage = await OpenAsync();
        var first = DateOnly.FromDateTime(stage.Now.UtcDateTime);
        await stage.ObserveAsync(Customer1, ObservationKind.RedirectSucceeded);
        await stage.ObserveAsync(Customer1, ObservationKind.Created);
        await stage.ObserveAsync(Customer1, ObservationKind.Created);
        await stage.Engine.ParkAsync(Parked(stage, "00001"), CancellationToken.None);
        await stage.Engine.ParkAsync(Parked(stage, "00001"), CancellationToken.None);
        await stage.Engine.HoldHintAsync(Project, stage.News(ObservationKind.RedirectSucceeded, "2"), CancellationToken.None);
        ArrivalCount[] expected =
        [
            new(first, Source.Webhook, Outcome.Applied, 1),
            new(first, Source.Webhook, Outcome.Duplicate, 1),
            new(first, Source.Webhook, null, 1),
            new(first, Source.Redirect, Outcome.Applied, 1),
            new(first, Source.Redirect, Outcome.Noted, 1),
        ];
        Assert.Equivalent(expected, (await stage.Engine.CountAsync(Project, CancellationToken.None)).Arrivals, strict: true);

        await stage.AdvanceAsync(TimeSpan.FromDays(6));
        await stage.ObserveAsync(Customer1, ObservationKind.Created);
        var week = (await stage.Engine.CountAsync(Project, CancellationToken.None)).Arrivals;
        var today = new ArrivalCount(first.AddDays(6), Source.Webhook, Outcome.Duplicate, 1);
        Assert.Equivalent(expected.Append(today), week, strict: true);

        await stage.AdvanceAsync(TimeSpan.FromDays(1));
        Assert.Equal([today], (await stage.Engine.CountAsync(Project, CancellationToken.None)).Arrivals);
    }

    [Fact]
    public async Task A_delivery_that_is_replayed_is_not_counted_again()
    {
        await using var stage = await OpenAsync();
        await stage.Engine.ObserveAsync(Customer1, stage.News(ObservationKind.Created) with { Replayed = true }, CancellationToken.None);
        Assert.Empty((await stage.Engine.CountAsync(Project, CancellationToken.None)).Arrivals);
    }

    [Fact]
    public async Task Failed_setups_are_counted_by_code_whether_their_link_is_known_or_not()
    {
        await using var stage = await OpenAsync();
        await stage.Engine.AddLinkAsync(Customer1, stage.Link("link"), CancellationToken.None);
        var failure = stage.News(ObservationKind.SetupFailed, null) with { ErrorCode = "link_expired", State = "state-link" };
        await stage.Engine.ObserveAsync(Customer1, failure, CancellationToken.None);
        await stage.Engine.KeepFailedSetupAsync(Project, new FailedSetup(stage.Now, "link_expired", null), CancellationToken.None);
        await stage.Engine.KeepFailedSetupAsync(Project, new FailedSetup(stage.Now, "already_used", null), CancellationToken.None);

        await UntilFailuresAsync(stage, ("already_used", 1), ("link_expired", 2));
    }

    /// <summary>Waits until these failed setups are counted, by code: in a cluster, silos add what they counted once a second.</summary>
    private static async Task UntilFailuresAsync(Stage stage, params (string Code, long Count)[] expected)
    {
        await stage.AdvanceAsync(TimeSpan.FromSeconds(1));
        var day = DateOnly.FromDateTime(stage.Now.UtcDateTime);
        await stage.EventuallyAsync($"{string.Join(", ", expected)} are counted", async () =>
            (await stage.Engine.CountAsync(Project, CancellationToken.None)).Failures
            .SequenceEqual(expected.Select(one => new FailureCount(day, one.Code, one.Count))));
    }

    [Fact]
    public async Task The_last_webhook_is_the_latest_of_all_that_are_authentic()
    {
        await using var stage = await OpenAsync();
        Assert.Null((await stage.Engine.CountAsync(Project, CancellationToken.None)).LastWebhook);
        await stage.ObserveAsync(Customer1, ObservationKind.RedirectSucceeded);
        Assert.Null((await stage.Engine.CountAsync(Project, CancellationToken.None)).LastWebhook);

        foreach (var arrive in (Func<Task>[])
            [
                () => stage.ObserveAsync(Customer1, ObservationKind.Created),
                () => stage.Engine.ParkAsync(Parked(stage, "00001"), CancellationToken.None),
                () => stage.Engine.CountEventAsync(Project, new SeenEvent("other.event", stage.Now, new byte[] { 1 }), CancellationToken.None),
            ])
        {
            await stage.AdvanceAsync(TimeSpan.FromSeconds(1));
            await arrive();
            Assert.Equal(stage.Now, (await stage.Engine.CountAsync(Project, CancellationToken.None)).LastWebhook);
        }
    }

    [Fact]
    public async Task What_needs_a_person_is_counted()
    {
        await using var stage = await OpenAsync(Plain with { Notifies = false });
        stage.Welcomes.Answer = claimed => Task.FromResult(claimed.Key == Customer1 ? EffectResult.Held("?") : EffectResult.Dead("no"));
        await stage.ObserveAsync(Customer1, ObservationKind.Created, "1");
        await stage.ObserveAsync(Customer2, ObservationKind.Created, "2");
        await stage.ObserveAsync(Cid, ObservationKind.Created, "3");
        await stage.UntilWelcomeAsync(Customer1, EffectStatus.Held, "1");
        await stage.UntilWelcomeAsync(Customer2, EffectStatus.Dead, "2");
        await stage.UntilWelcomeAsync(Cid, EffectStatus.Dead, "3");
        await stage.Engine.ParkAsync(Parked(stage, "00001"), CancellationToken.None);

        var counts = await stage.Engine.CountAsync(Project, CancellationToken.None);
        Assert.Equal((1, 2, 1), (counts.EffectsHeld, counts.EffectsDead, counts.ParkedWaiting));
        await stage.Engine.SettleAsync(Customer2, EffectIds.Welcome(Customer2, "2"), null, CancellationToken.None);
        await stage.Engine.ResolveParkedAsync(Project, "00001", ParkedStatus.Discarded, CancellationToken.None);
        counts = await stage.Engine.CountAsync(Project, CancellationToken.None);
        Assert.Equal((1, 1, 0), (counts.EffectsHeld, counts.EffectsDead, counts.ParkedWaiting));
    }

    [Fact]
    public async Task Disputed_and_refused_numbers_are_counted_and_listed_until_they_are_neither()
    {
        await using var stage = await OpenAsync();
        foreach (var number in (string[])["1", "2", "3"])
        {
            await stage.ObserveAsync(Customer1, ObservationKind.Created, number);
            await stage.AdvanceAsync(TimeSpan.FromSeconds(1));
            await stage.ObserveAsync(Customer2, ObservationKind.Created, number);
        }

        await stage.UntilAsync(Customer1, "all numbers are disputed", connection => connection.Numbers.All(number => number.DisputedAt is not null));
        Assert.Equal(3, (await stage.Engine.CountAsync(Project, CancellationToken.None)).NumbersDisputed);
        var pages = await ReadAllAsync(cursor =>
            stage.Engine.ListMarkedNumbersAsync(Project, NumberMark.Disputed, cursor, 2, CancellationToken.None));
        Assert.Equal([2, 1], pages.Select(page => page.Count));
        Assert.Equal(
            [new MarkedNumber("customer-1", "1"), new MarkedNumber("customer-1", "2"), new MarkedNumber("customer-1", "3")],
            pages.SelectMany(page => page).OrderBy(row => row.PhoneNumberId));

        await stage.RestartAsync();
        await stage.AdvanceAsync(TimeSpan.FromMinutes(1));
        await stage.ObserveAsync(Customer1, ObservationKind.Gone, "1");
        await stage.UntilAsync(Customer1, "one number is not disputed any more", connection => connection.FindNumber("1")?.DisputedAt is null);
        Assert.Equal(2, await CountListedAsync(stage, NumberMark.Disputed, "customer-1"));
    }

    [Fact]
    public async Task A_hint_that_was_refused_is_counted_and_listed_until_it_is_proven()
    {
        await using var stage = await OpenAsync(WithApi);
        stage.Confirms.Answer = claimed => Task.FromResult(new EffectResult
        {
            Kind = EffectResultKind.Done,
            Answer = stage.News(ObservationKind.ApiAbsent),
        });
        await stage.ObserveAsync(Customer1, ObservationKind.RedirectSucceeded);
        await stage.EventuallyAsync("the hint is refused", async () =>
        {
            await stage.AdvanceAsync(TimeSpan.FromMinutes(1));
            return (await stage.NumberAsync(Customer1)).Status == NumberStatus.Refused;
        });
        Assert.Equal(1, (await stage.Engine.CountAsync(Project, CancellationToken.None)).NumbersRefused);
        Assert.Equal(1, await CountListedAsync(stage, NumberMark.Refused, "customer-1"));

        await stage.ObserveAsync(Customer1, ObservationKind.Created);
        Assert.Equal(0, (await stage.Engine.CountAsync(Project, CancellationToken.None)).NumbersRefused);
        Assert.Equal(0, await CountListedAsync(stage, NumberMark.Refused, "customer-1"));
    }

    private static async Task<int> CountListedAsync(Stage stage, NumberMark mark, string customer)
    {
        var page = await stage.Engine.ListMarkedNumbersAsync(Project, mark, null, 100, CancellationToken.None);
        Assert.Null(page.NextCursor);
        return page.Items.Count(row => row.CustomerId == customer);
    }
}
