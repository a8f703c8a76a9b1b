using Microsoft.Extensions.Time.Testing;

namespace Kapso.Tests.Embedded;

public sealed class OutboxTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly Store _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task A_first_connection_is_welcomed_and_settled()
    {
        var welcomes = new Recorder(EffectKind.Welcome);
        await using var engine = await _store.StartAsync(null, welcomes);

        var receipt = await engine.ObserveAsync(Store.Customer("c1"), Store.Created("1001"), None);
        await Wait.ForOutboxAsync(engine);

        Assert.Equal(new Receipt(Outcome.Applied, ConnectionStatus.Connected, 1), receipt);
        var sent = Assert.Single(welcomes.Sent);
        Assert.Equal((1, EffectStatus.InFlight, "1001"), (sent.Effect.Attempt, sent.Effect.Status, sent.Number?.PhoneNumberId));
        var connection = await engine.FindAsync(Store.Customer("c1"), None);
        Assert.Equal(EffectStatus.Done, connection!.FindNumber("1001")!.Welcome!.Status);
    }

    [Fact]
    public async Task A_thousand_copies_at_once_welcome_once()
    {
        var welcomes = new Recorder(EffectKind.Welcome);
        await using var engine = await _store.StartAsync(null, welcomes);

        var receipts = await Task.WhenAll(Enumerable.Range(0, 1_000).Select(_ =>
            Task.Run(() => engine.ObserveAsync(Store.Customer("c1"), Store.Created("1001"), None))));
        await Wait.ForOutboxAsync(engine);

        Assert.Single(receipts, receipt => receipt.Outcome == Outcome.Applied);
        Assert.Equal(999, receipts.Count(receipt => receipt.Outcome == Outcome.Duplicate));
        Assert.Single(welcomes.Sent);
    }

    [Fact]
    public async Task Effects_of_before_a_restart_are_driven_at_once()
    {
        var never = new TaskCompletionSource<EffectResult>();
        var stuck = new Recorder(EffectKind.Welcome, (_, stop) => never.Task.WaitAsync(stop));
        var first = await _store.StartAsync(null, stuck);
        for (var i = 0; i < 200; i++)
            await first.ObserveAsync(Store.Customer($"c{i}"), Store.Created($"{1000 + i}"), None);
        await Wait.ForAsync(() => stuck.Sent.Count == 64, "64 sends that hang");
        await first.StopAsync(new CancellationToken(canceled: true));

        var welcomes = new Recorder(EffectKind.Welcome);
        await using var second = await _store.StartAsync(null, welcomes);
        await Wait.ForAsync(() => welcomes.Sent.Count >= 200, "the welcomes of before");
        await Wait.ForOutboxAsync(second);

        Assert.Equal(200, welcomes.Sent.Select(sent => sent.Effect.Id).Distinct().Count());
    }

    [Fact]
    public async Task A_backlog_is_drained_within_the_bound_on_parallel_sends()
    {
        _store.Options.Parallelism = 16;
        var first = await _store.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 3_000).Select(i =>
            first.ObserveAsync(Store.Customer($"c{i}"), Store.Created($"{10_000 + i}"), None)));
        Assert.Equal(3_000, (await first.CheckAsync(None)).OutboxWaiting);
        await first.DisposeAsync();

        var welcomes = new Recorder(EffectKind.Welcome, async (_, _) =>
        {
            await Task.Yield();
            return EffectResult.Done;
        });
        await using var second = await _store.StartAsync(null, welcomes);
        await Wait.ForOutboxAsync(second);

        Assert.Equal(3_000, welcomes.Sent.Count);
        Assert.InRange(welcomes.Most, 1, 16);
    }

    [Fact]
    public async Task A_receiver_that_hangs_delays_neither_deliveries_nor_effects_of_another_kind()
    {
        _store.Options.Parallelism = 2;
        _store.Options.Policy = (_, _) => new ConnectionPolicy { Notifies = true };
        var never = new TaskCompletionSource<EffectResult>();
        var notifies = new Recorder(EffectKind.Notify, (_, stop) => never.Task.WaitAsync(stop));
        var welcomes = new Recorder(EffectKind.Welcome);
        await using var engine = await _store.StartAsync(null, notifies, welcomes);

        for (var i = 0; i < 20; i++)
            await Wait.For(engine.ObserveAsync(Store.Customer($"c{i}"), Store.Created($"{1000 + i}"), None), "a delivery");
        await Wait.ForAsync(() => welcomes.Sent.Count == 20, "20 welcomes");

        Assert.Equal(2, notifies.Sent.Count);
        await engine.StopAsync(new CancellationToken(canceled: true));
    }

    [Fact]
    public async Task A_failed_attempt_is_repeated_when_its_time_comes()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var answers = new Queue<EffectResult>([EffectResult.Retry("refused"), EffectResult.Done]);
        var welcomes = new Recorder(EffectKind.Welcome, (_, _) => Task.FromResult(answers.Dequeue()));
        await using var engine = await _store.StartAsync(time, welcomes);

        await engine.ObserveAsync(Store.Customer("c1"), Store.Created("1001"), None);
        await Wait.ForAsync(
            async () => (await engine.FindAsync(Store.Customer("c1"), None))!.Outbox is [{ Status: EffectStatus.Pending, Attempt: 1 }],
            "a welcome that is put off");
        Assert.Single(welcomes.Sent);
        time.Advance(TimeSpan.FromMinutes(1));
        await Wait.ForOutboxAsync(engine);

        Assert.Equal([1, 2], welcomes.Sent.Select(sent => sent.Effect.Attempt));
    }

    [Fact]
    public async Task A_runner_that_throws_leaves_the_outcome_unknown()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var welcomes = new Recorder(EffectKind.Welcome, (_, _) => throw new InvalidOperationException("broken"));
        await using var engine = await _store.StartAsync(time, welcomes);

        await engine.ObserveAsync(Store.Customer("c1"), Store.Created("1001"), None);
        await Wait.ForAsync(
            async () => (await engine.FindAsync(Store.Customer("c1"), None))!.Outbox is [{ Status: EffectStatus.Pending }],
            "a welcome that is put off");

        var effect = (await engine.FindAsync(Store.Customer("c1"), None))!.Outbox[0];
        Assert.True(effect.OutcomeUnknown);
        Assert.Contains(nameof(InvalidOperationException), effect.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_customer_who_had_the_number_before_is_told()
    {
        await using var engine = await _store.StartAsync(null, new Recorder(EffectKind.Welcome));

        await engine.ObserveAsync(Store.Customer("c1"), Store.Created("1001"), None);
        await engine.ObserveAsync(Store.Customer("c2"), Store.Created("1001"), None);
        await Wait.ForOutboxAsync(engine);

        Assert.Equal(Store.Customer("c2"), await engine.FindByNumberAsync(Store.Project, "1001", None));
        var before = await engine.FindAsync(Store.Customer("c1"), None);
        Assert.NotNull(before!.FindNumber("1001")!.DisputedAt);
    }

    [Fact]
    public async Task Shutdown_lets_what_is_being_sent_finish()
    {
        var sending = new TaskCompletionSource();
        var finish = new TaskCompletionSource<EffectResult>();
        var welcomes = new Recorder(EffectKind.Welcome, (_, _) =>
        {
            sending.SetResult();
            return finish.Task;
        });
        var engine = await _store.StartAsync(null, welcomes);
        await engine.ObserveAsync(Store.Customer("c1"), Store.Created("1001"), None);
        await sending.Task;

        var stopping = engine.StopAsync(None);
        await Assert.ThrowsAsync<EngineUnavailableException>(() =>
            engine.ObserveAsync(Store.Customer("c2"), Store.Created("1002"), None));
        finish.SetResult(EffectResult.Done);
        await stopping;

        await using var after = await _store.StartAsync();
        var connection = await after.FindAsync(Store.Customer("c1"), None);
        Assert.Equal(EffectStatus.Done, connection!.FindNumber("1001")!.Welcome!.Status);
        Assert.Null(await after.FindAsync(Store.Customer("c2"), None));
    }
}
