using Kapso.Engines.Sqlite;
using Kapso.Engines.Sqlite.Store;

namespace Kapso.Tests.Embedded;

/// <summary>A store that was closed says so, to whoever still asks.</summary>
public sealed class ClosedStoreTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly CustomerKey Known = Store.Customer("c1");

    private readonly Store _store = new();

    /// <summary>Every way to read: of what is there, and of what never was.</summary>
    private static readonly (string Name, Func<IConnectionEngine, string, Task> Ask)[] Reads =
    [
        ("find", (engine, project) => engine.FindAsync(new CustomerKey(project, "c1"), None)),
        ("watch", async (engine, project) =>
        {
            await foreach (var _ in engine.WatchAsync(new CustomerKey(project, "c1"), None))
            {
            }
        }),
        ("by state", (engine, _) => engine.FindByStateAsync("s1", None)),
        ("by link", (engine, project) => engine.FindByLinkAsync(project, "p1", None)),
        ("by number", (engine, project) => engine.FindByNumberAsync(project, "1001", None)),
        ("links to check", (engine, project) => engine.ListLinksToCheckAsync(project, 10, None)),
        ("connections", (engine, project) => engine.ListConnectionsAsync(new ConnectionQuery(project), None)),
        ("effects", (engine, project) => engine.ListEffectsAsync(project, EffectStatus.Dead, null, 10, None)),
        ("parked", (engine, project) => engine.ListParkedAsync(project, null, 10, None)),
        ("one parked", (engine, project) => engine.FindParkedAsync(project, "p1", None)),
        ("activity", (engine, project) => engine.ReadActivityAsync(project, None)),
        ("reconciliation", (engine, project) => engine.ReadReconciliationAsync(project, None)),
        ("counts", (engine, project) => engine.CountAsync(project, None)),
        ("marked numbers", (engine, project) => engine.ListMarkedNumbersAsync(project, NumberMark.Disputed, null, 10, None)),
    ];

    public static TheoryData<string, string> AllReads
    {
        get
        {
            var all = new TheoryData<string, string>();
            foreach (var (name, _) in Reads)
            {
                all.Add(name, Store.Project);
                all.Add(name, "never-heard-of");
            }

            return all;
        }
    }

    public void Dispose() => _store.Dispose();

    [Theory]
    [MemberData(nameof(AllReads))]
    public async Task A_read_after_the_end_says_that_the_engine_is_shutting_down(string read, string project)
    {
        var engine = await FilledAsync();
        await engine.DisposeAsync();

        var said = await Assert.ThrowsAsync<EngineUnavailableException>(() => AskAsync(engine, read, project));

        Assert.Contains("shutting down", said.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_after_the_end_is_an_answer()
    {
        var engine = await FilledAsync();
        await engine.DisposeAsync();

        var health = await engine.CheckAsync(None);

        Assert.False(health.Ready);
        Assert.Contains("shutting down", health.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reads_that_race_with_the_end_are_answered_or_told()
    {
        for (var round = 0; round < 20; round++)
        {
            using var store = new Store();
            var engine = await FilledAsync(store);
            using var begun = new CountdownEvent(8);
            using var stop = new CancellationTokenSource();
            var readers = Enumerable.Range(0, 8).Select(reader => Task.Run(async () =>
            {
                var told = 0;
                for (var i = reader; !stop.IsCancellationRequested || told == 0; i++)
                {
                    try
                    {
                        var (name, ask) = Reads[i % Reads.Length];
                        if (name != "watch")
                            await ask(engine, Store.Project);
                    }
                    catch (EngineUnavailableException)
                    {
                        told++;
                    }

                    if (i == reader)
                        begun.Signal();
                }
            })).ToArray();

            begun.Wait(TestContext.Current.CancellationToken);
            await engine.DisposeAsync();
            await stop.CancelAsync();

            // Any other exception fails here.
            await Task.WhenAll(readers).WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
            if (OperatingSystem.IsLinux())
                Assert.DoesNotContain(Directory.EnumerateFiles("/proc/self/fd"), file => new FileInfo(file).LinkTarget == store.Path);
        }
    }

    [Fact]
    public async Task The_lock_is_not_given_up_while_a_read_is_under_way()
    {
        await (await FilledAsync()).DisposeAsync();
        var pool = new ReaderPool(_store.Path, kept: 1);
        using var reading = new ManualResetEventSlim();
        using var go = new ManualResetEventSlim();
        var read = Task.Run(() => pool.Read(database =>
        {
            reading.Set();
            go.Wait();
            return database.Prepare("SELECT count(*) FROM connections").Scalar();
        }));
        reading.Wait(TestContext.Current.CancellationToken);

        var closing = Task.Run(pool.Dispose);
        await Wait.ForAsync(() => IsClosed(pool), "a pool that takes no more reads");
        Assert.NotSame(closing, await Task.WhenAny(closing, Task.Delay(200, TestContext.Current.CancellationToken)));

        go.Set();
        Assert.Equal(1, await Wait.For(read, "the read"));
        await closing;
    }

    private static bool IsClosed(ReaderPool pool)
    {
        try
        {
            return pool.Read(_ => false);
        }
        catch (Exception exception) when (exception is EngineUnavailableException or ObjectDisposedException)
        {
            return true;
        }
    }

    private static Task AskAsync(IConnectionEngine engine, string read, string project) =>
        Reads.Single(one => one.Name == read).Ask(engine, project);

    private Task<EmbeddedEngine> FilledAsync() => FilledAsync(_store);

    private static async Task<EmbeddedEngine> FilledAsync(Store store)
    {
        var engine = await store.StartAsync();
        await engine.ObserveAsync(Known, Store.Created("1001"), None);
        await engine.FindByNumberAsync(Store.Project, "1001", None);
        return engine;
    }
}
