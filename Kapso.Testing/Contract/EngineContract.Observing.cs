using System.Text.Json;
using static Kapso.Testing.Contract.Stage;

namespace Kapso.Testing.Contract;

public abstract partial class EngineContract
{
    [Fact]
    public async Task A_customer_never_heard_of_has_no_connection()
    {
        await using var stage = await OpenAsync();
        Assert.Null(await stage.Engine.FindAsync(Customer1, CancellationToken.None));
    }

    [Fact]
    public async Task The_receipt_says_what_became_of_the_news()
    {
        await using var stage = await OpenAsync(Plain with { WelcomeSince = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero) });

        var first = await stage.ObserveAsync(Customer1, ObservationKind.Created);
        Assert.Equal((Outcome.Applied, ConnectionStatus.Connected), (first.Outcome, first.Status));
        Assert.Equal(Outcome.Duplicate, (await stage.ObserveAsync(Customer1, ObservationKind.Created)).Outcome);
        Assert.Equal(Outcome.Noted, (await stage.ObserveAsync(Customer1, ObservationKind.ApiUnconfirmed, "2")).Outcome);

        var adopted = await stage.Engine.ObserveAsync(
            Customer1,
            stage.News(ObservationKind.ApiConnected, "3") with { RowCreatedAt = new DateTimeOffset(2025, 6, 1, 0, 0, 0, TimeSpan.Zero) },
            CancellationToken.None);
        Assert.Equal(Outcome.Adopted, adopted.Outcome);

        await stage.AdvanceAsync(TimeSpan.FromMinutes(1));
        var gone = await stage.ObserveAsync(Customer1, ObservationKind.Gone);
        Assert.Equal(Outcome.Applied, gone.Outcome);
        Assert.True(gone.Sequence > first.Sequence);
        var late = stage.News(ObservationKind.Reconnected) with { ReceivedAt = stage.Now.AddSeconds(-30), Replayed = true };
        Assert.Equal(Outcome.Stale, (await stage.Engine.ObserveAsync(Customer1, late, CancellationToken.None)).Outcome);
    }

    [Fact]
    public async Task A_connection_without_room_says_so_and_is_not_written()
    {
        await using var stage = await OpenAsync();
        for (var i = 0; i < Connection.MaxNumbers; i++)
            Assert.Equal(Outcome.Applied, (await stage.ObserveAsync(Customer1, ObservationKind.Created, $"1{i:000}")).Outcome);

        Assert.Equal(Outcome.Full, (await stage.ObserveAsync(Customer1, ObservationKind.Created, "2")).Outcome);

        Assert.Equal(Connection.MaxNumbers, (await stage.FindAsync(Customer1)).Numbers.Length);
        Assert.Null(await stage.Engine.FindByNumberAsync(Project, "2", CancellationToken.None));
    }

    [Fact]
    public async Task A_thousand_copies_at_once_are_one_welcome()
    {
        await using var stage = await OpenAsync();
        var news = stage.News(ObservationKind.Created);

        var receipts = await Task.WhenAll(Enumerable.Range(0, 1_000).Select(_ =>
            Task.Run(() => stage.Engine.ObserveAsync(Customer1, news, CancellationToken.None))));

        Assert.Single(receipts, receipt => receipt.Outcome == Outcome.Applied);
        Assert.Equal(999, receipts.Count(receipt => receipt.Outcome == Outcome.Duplicate));
        await stage.UntilOutboxIsEmptyAsync(Customer1);
        Assert.Equal(EffectIds.Welcome(Customer1, PhoneNumberId), Assert.Single(stage.Welcomes.CallsFor(Customer1)).Id);
        Assert.Equal(1_000, (await stage.FindAsync(Customer1)).Timeline.Where(line => line.Event == news.Event).Sum(line => line.Count));
    }

    [Theory]
    [InlineData("webhook first")]
    [InlineData("redirect first")]
    [InlineData("at once")]
    public async Task Webhook_and_redirect_make_one_connection(string order)
    {
        await using var stage = await OpenAsync();
        var link = stage.Link("link");
        await stage.Engine.AddLinkAsync(Customer1, link, CancellationToken.None);
        var redirect = stage.News(ObservationKind.RedirectSucceeded) with { State = link.State, SetupLinkId = "platform-link" };
        Task Webhook() => stage.ObserveAsync(Customer1, ObservationKind.Created);
        Task Redirect() => stage.Engine.ObserveAsync(Customer1, redirect, CancellationToken.None);

        switch (order)
        {
            case "webhook first":
                await Webhook();
                await Redirect();
                break;
            case "redirect first":
                await Redirect();
                await Webhook();
                break;
            default:
                await Task.WhenAll(Task.Run(Webhook), Task.Run(Redirect));
                break;
        }

        await stage.UntilOutboxIsEmptyAsync(Customer1);
        var number = Assert.Single((await stage.FindAsync(Customer1)).Numbers);
        Assert.Equal(NumberStatus.Connected, number.Status);
        Assert.Equal(NumberSources.Webhook | NumberSources.Redirect, number.Sources);
        Assert.Single(stage.Welcomes.CallsFor(Customer1));
        Assert.Equal(SetupLinkStatus.Completed, Assert.Single((await stage.FindAsync(Customer1)).SetupLinks).Status);
    }

    [Fact]
    public async Task A_deleted_that_overtakes_its_created_welcomes_nobody()
    {
        await using var stage = await OpenAsync();
        await stage.ObserveAsync(Customer1, ObservationKind.Gone);
        await stage.UntilOutboxIsEmptyAsync(Customer1);
        await stage.AdvanceAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(Outcome.Stale, (await stage.ObserveAsync(Customer1, ObservationKind.Created)).Outcome);
        await stage.UntilOutboxIsEmptyAsync(Customer1);
        Assert.Empty(stage.Welcomes.Calls);

        await stage.AdvanceAsync(TimeSpan.FromMinutes(15));
        Assert.Equal(Outcome.Applied, (await stage.ObserveAsync(Customer1, ObservationKind.Created)).Outcome);
        await stage.UntilWelcomeAsync(Customer1, EffectStatus.Done);
    }

    [Fact]
    public async Task A_created_repeated_late_or_after_a_deleted_welcomes_nobody_again()
    {
        await using var stage = await OpenAsync();
        await stage.ObserveAsync(Customer1, ObservationKind.Created);
        await stage.UntilOutboxIsEmptyAsync(Customer1);

        await stage.AdvanceAsync(TimeSpan.FromDays(3));
        Assert.Equal(Outcome.Duplicate, (await stage.ObserveAsync(Customer1, ObservationKind.Created)).Outcome);
        await stage.ObserveAsync(Customer1, ObservationKind.Gone);
        await stage.UntilOutboxIsEmptyAsync(Customer1);
        await stage.AdvanceAsync(TimeSpan.FromDays(3));
        Assert.Equal(Outcome.Applied, (await stage.ObserveAsync(Customer1, ObservationKind.Created)).Outcome);
        await stage.UntilOutboxIsEmptyAsync(Customer1);

        Assert.Single(stage.Welcomes.CallsFor(Customer1));
        Assert.Equal([1L, 2L, 3L], stage.Notifies.CallsFor(Customer1).Select(effect => effect.Sequence));
    }

    [Fact]
    public virtual async Task Five_thousand_adopted_numbers_greet_nobody()
    {
        await using var stage = await OpenAsync(Plain with { Notifies = false, WelcomeSince = new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero) });
        var receipts = await Task.WhenAll(Enumerable.Range(0, 5_000).Select(i => stage.Engine.ObserveAsync(
            new CustomerKey(Project, $"customer-{i}"),
            stage.News(ObservationKind.ApiConnected, $"1{i:0000}") with { RowCreatedAt = new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero) },
            CancellationToken.None)));

        Assert.All(receipts, receipt => Assert.Equal(Outcome.Adopted, receipt.Outcome));
        await stage.AdvanceAsync(TimeSpan.FromDays(1));
        Assert.Equal(0, (await stage.Engine.CheckAsync(CancellationToken.None)).OutboxWaiting);
        Assert.Empty(stage.Welcomes.Calls);
    }

    [Fact]
    public async Task A_connection_is_the_same_before_a_restart_and_after()
    {
        await using var stage = await OpenAsync();
        stage.Welcomes.Answer = claimed => Task.FromResult(EffectResult.Retry("busy", TimeSpan.FromDays(1)));
        await stage.AdvanceAsync(TimeSpan.FromTicks(1_234_567));
        await stage.Engine.AddLinkAsync(Customer1, stage.Link("link"), CancellationToken.None);
        await stage.ObserveAsync(Customer1, ObservationKind.RedirectSucceeded);
        await stage.ObserveAsync(Customer1, ObservationKind.Created);
        await stage.UntilAsync(Customer1, "only the welcome is left, put off", connection =>
            connection.Outbox is [{ Kind: EffectKind.Welcome, Status: EffectStatus.Pending, Attempt: 1 }]);
        var before = JsonSerializer.Serialize(await stage.FindAsync(Customer1));

        await stage.RestartAsync();

        Assert.Equal(before, JsonSerializer.Serialize(await stage.FindAsync(Customer1)));
    }

    [Fact]
    public async Task A_note_is_a_line_for_who_is_known_and_nothing_for_others()
    {
        await using var stage = await OpenAsync();
        var note = new TimelineEntry { At = stage.Now, Source = Source.Operator, Event = "parked.replayed", Outcome = Outcome.Noted };
        await stage.Engine.NoteAsync(Customer1, note, CancellationToken.None);
        Assert.Null(await stage.Engine.FindAsync(Customer1, CancellationToken.None));

        await stage.ObserveAsync(Customer1, ObservationKind.Created);
        await stage.Engine.NoteAsync(Customer1, note, CancellationToken.None);
        Assert.Contains((await stage.FindAsync(Customer1)).Timeline, line => line == note);
    }

    [Fact]
    public async Task Who_watches_sees_the_connection_and_then_its_changes()
    {
        await using var stage = await OpenAsync();
        await stage.ObserveAsync(Customer1, ObservationKind.RedirectSucceeded);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await using var watch = stage.Engine.WatchAsync(Customer1, patience.Token).GetAsyncEnumerator();

        Assert.True(await watch.MoveNextAsync(), "The connection as it is was awaited.");
        Assert.Equal(ConnectionStatus.Hinted, watch.Current.Status);

        await stage.ObserveAsync(Customer1, ObservationKind.Created);
        do
            Assert.True(await watch.MoveNextAsync(), "The connected connection was awaited.");
        while (watch.Current.Status != ConnectionStatus.Connected);
    }
}
