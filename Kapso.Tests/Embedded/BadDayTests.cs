using Kapso.Connections.Webhooks;

namespace Kapso.Tests.Embedded;

public sealed class BadDayTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly Store _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task A_store_that_is_full_refuses_and_recovers_without_a_restart()
    {
        var full = false;
        _store.FullWhile(() => Volatile.Read(ref full));
        await using var engine = await _store.StartAsync(null, new Recorder(EffectKind.Welcome));
        await engine.ObserveAsync(Store.Customer("c0"), Store.Created("1000"), None);
        await Wait.ForOutboxAsync(engine);

        Volatile.Write(ref full, true);
        var refused = await Assert.ThrowsAsync<EngineUnavailableException>(() => engine.ParkAsync(Big("p1"), None));
        Assert.Contains("full", refused.Message, StringComparison.Ordinal);
        Assert.Null(await engine.FindParkedAsync(Store.Project, "p1", None));

        Volatile.Write(ref full, false);
        await engine.ParkAsync(Big("p1"), None);
        Assert.NotNull(await engine.FindParkedAsync(Store.Project, "p1", None));
    }

    [Fact]
    public async Task A_store_that_is_read_only_refuses_and_recovers_without_a_restart()
    {
        var readOnly = false;
        _store.Options.BeforeBatch = connection => Store.Run(connection, $"PRAGMA query_only={(Volatile.Read(ref readOnly) ? 1 : 0)}");
        var welcomes = new Recorder(EffectKind.Welcome);
        await using var engine = await _store.StartAsync(null, welcomes);
        await engine.ObserveAsync(Store.Customer("c0"), Store.Created("1000"), None);
        await Wait.ForOutboxAsync(engine);

        Volatile.Write(ref readOnly, true);
        var refusals = await Task.WhenAll(Enumerable.Range(1, 50).Select(i => Record.ExceptionAsync(() =>
            engine.ObserveAsync(Store.Customer($"c{i}"), Store.Created($"{1000 + i}"), None)).AsTask()));
        Assert.All(refusals, refusal => Assert.IsType<EngineUnavailableException>(refusal));
        Assert.False((await engine.CheckAsync(None)).Ready);
        Assert.Equal(ConnectionStatus.Connected, (await engine.FindAsync(Store.Customer("c0"), None))!.Status);
        Assert.Null(await engine.FindAsync(Store.Customer("c1"), None));
        Assert.Single(welcomes.Sent); // Claims of a commit that failed are never sent.

        Volatile.Write(ref readOnly, false);
        await Wait.ForAsync(async () => (await engine.CheckAsync(None)).Ready, "a store that can be written again");
        var receipt = await engine.ObserveAsync(Store.Customer("c1"), Store.Created("1001"), None);
        Assert.Equal(Outcome.Applied, receipt.Outcome);
        await Wait.ForOutboxAsync(engine);
        Assert.Equal(2, welcomes.Sent.Count);
    }

    [Fact]
    public async Task An_outcome_that_cannot_be_written_is_written_when_the_store_is_back()
    {
        var readOnly = false;
        _store.Options.BeforeBatch = connection => Store.Run(connection, $"PRAGMA query_only={(Volatile.Read(ref readOnly) ? 1 : 0)}");
        var welcomes = new Recorder(EffectKind.Welcome, (_, _) =>
        {
            Volatile.Write(ref readOnly, true);
            return Task.FromResult(EffectResult.Done);
        });
        await using var engine = await _store.StartAsync(null, welcomes);
        await engine.ObserveAsync(Store.Customer("c0"), Store.Created("1000"), None);
        await Wait.ForAsync(async () => !(await engine.CheckAsync(None)).Ready, "a store that cannot be written");

        Volatile.Write(ref readOnly, false);
        await Wait.ForOutboxAsync(engine);

        Assert.Single(welcomes.Sent);
    }

    [Fact]
    public async Task A_write_that_cannot_be_written_fails_only_itself()
    {
        var hold = new ManualResetEventSlim();
        var held = 0;
        await (await _store.StartAsync()).DisposeAsync();
        _store.Query(
            """
            CREATE TRIGGER poison BEFORE INSERT ON connections WHEN NEW.customer = 'poison'
            BEGIN SELECT RAISE(ABORT, 'poisoned'); END
            """);
        _store.Options.BeforeBatch = _ =>
        {
            if (Interlocked.Exchange(ref held, 1) == 0)
                hold.Wait();
        };
        await using var engine = await _store.StartAsync(null, new Recorder(EffectKind.Welcome));

        var writes = Enumerable.Range(0, 20)
            .Select(i => engine.ObserveAsync(Store.Customer(i == 7 ? "poison" : $"c{i}"), Store.Created($"{1000 + i}"), None)).ToList();
        hold.Set();
        var failures = await Task.WhenAll(writes.Select(write => Record.ExceptionAsync(() => write).AsTask()));

        Assert.Equal([7], failures.Index().Where(failure => failure.Item is not null).Select(failure => failure.Index));
        Assert.Contains("poisoned", Assert.IsType<EngineUnavailableException>(failures[7]).Message, StringComparison.Ordinal);
        await Wait.ForOutboxAsync(engine);
        Assert.Equal(ConnectionStatus.Connected, (await engine.FindAsync(Store.Customer("c19"), None))!.Status);
    }

    [Fact]
    public async Task Reads_do_not_wait_for_the_writer()
    {
        var hold = new ManualResetEventSlim(initialState: true);
        _store.Options.CachedConnections = 1;
        _store.Options.BeforeBatch = _ => hold.Wait();
        await using var engine = await _store.StartAsync();
        await engine.ObserveAsync(Store.Customer("c1"), Store.Created("1001"), None);
        await engine.ObserveAsync(Store.Customer("c2"), Store.Created("1002"), None);

        hold.Reset();
        var write = engine.ObserveAsync(Store.Customer("c3"), Store.Created("1003"), None);
        try
        {
            Assert.NotNull(await Wait.For(Task.Run(() => engine.FindAsync(Store.Customer("c1"), None)), "a read of c1"));
            Assert.NotNull(await Wait.For(Task.Run(() => engine.FindAsync(Store.Customer("c2"), None)), "a read of c2"));
            Assert.NotNull(await Wait.For(Task.Run(() => engine.FindByNumberAsync(Store.Project, "1001", None)), "a look-up"));
            var health = await Wait.For(Task.Run(() => engine.CheckAsync(None)), "the engine's health");
            Assert.False(health.Ready);
            Assert.False(write.IsCompleted);
        }
        finally
        {
            hold.Set();
        }

        await write;
    }

    private static ParkedDelivery Big(string id) =>
        Store.Parked(id, ParkedReason.TooManyNumbers) with { Body = new byte[256 * 1024] };
}
