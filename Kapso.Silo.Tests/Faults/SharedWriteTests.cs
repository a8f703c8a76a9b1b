using Kapso.Engines.Orleans.Calls;
using Kapso.Engines.Orleans.Grains;

namespace Kapso.Silo.Tests.Faults;

/// <summary>Calls that come while a customer's connection is being written wait, and share the next write.</summary>
public sealed class SharedWriteTests
{
    private const int Riders = 12;

    [Fact]
    public async Task Calls_that_come_during_a_write_share_the_next_one_and_are_seen_after_it()
    {
        await using var stage = await OpenAsync();
        var first = stage.ConnectAsync();
        await stage.UntilWritingAsync(1);
        var riders = stage.AddLinks();
        await stage.UntilInsideAsync(1 + Riders);
        Assert.Null(await stage.FindAsync());

        stage.GoOn();
        Assert.Equal(Outcome.Applied, (await first).Outcome);
        await stage.UntilWritingAsync(2);
        Assert.Empty((await stage.FindAsync())!.SetupLinks);
        Assert.DoesNotContain(riders, rider => rider.IsCompleted);

        stage.GoOn();
        Assert.All(await Task.WhenAll(riders), receipt => Assert.Equal(Outcome.Applied, receipt.Outcome));
        Assert.Equal(2, stage.Writes);
        Assert.Equal(Riders, (await stage.FindAsync())!.SetupLinks.Length);
    }

    [Theory]
    [InlineData(StorageFault.Fails)]
    [InlineData(StorageFault.LandsThenThrows)]
    public async Task A_write_that_fails_fails_all_that_share_it_and_all_that_wait_and_each_can_be_repeated(object fault)
    {
        await using var stage = await OpenAsync();
        var first = stage.ConnectAsync();
        await stage.UntilWritingAsync(1);
        var riders = stage.AddLinks();
        await stage.UntilInsideAsync(1 + Riders);
        stage.GoOn();
        await first;
        await stage.UntilWritingAsync(2);
        var waiting = stage.AddLinkAsync("late");
        await stage.UntilInsideAsync(2 + Riders);

        stage.Storage.Fault = _ => (StorageFault)fault;
        stage.GoOn();
        foreach (var failed in riders.Append(waiting))
            await Assert.ThrowsAnyAsync<Exception>(() => failed);

        stage.GoOnForever();
        var again = (StorageFault)fault == StorageFault.LandsThenThrows ? Outcome.Duplicate : Outcome.Applied;
        Assert.All(await Task.WhenAll(stage.AddLinks()), receipt => Assert.Equal(again, receipt.Outcome));
        Assert.Equal(Outcome.Applied, (await stage.AddLinkAsync("late")).Outcome);
        var connection = (await stage.FindAsync())!;
        Assert.Equal(1 + Riders, connection.SetupLinks.DistinctBy(link => link.Id).Count());
        Assert.Equal(NumberStatus.Connected, Assert.Single(connection.Numbers).Status);
    }

    [Fact]
    public async Task Five_hundred_copies_of_news_that_is_being_written_are_one_write_more()
    {
        await using var stage = await OpenAsync();
        var first = stage.ConnectAsync();
        await stage.UntilWritingAsync(1);
        var copies = Enumerable.Range(0, 500).Select(_ => stage.ConnectAsync()).ToArray();
        await stage.UntilInsideAsync(501);

        stage.GoOn();

        Assert.Equal(Outcome.Applied, (await first).Outcome);
        await stage.UntilWritingAsync(2);
        stage.GoOn();
        Assert.All(await Task.WhenAll(copies), copy => Assert.Equal(Outcome.Duplicate, copy.Outcome));
        Assert.Equal(2, stage.Writes);
        Assert.Equal(500, (await stage.FindAsync())!.Timeline[^1].Count);
    }

    [Fact]
    public async Task A_call_that_is_made_again_while_the_first_waits_gets_the_answer_of_the_first()
    {
        await using var stage = await OpenAsync();
        var first = stage.ConnectAsync();
        await stage.UntilWritingAsync(1);
        var again = stage.ConnectAgainAsync();
        await stage.UntilInsideAsync(2);

        stage.GoOnForever();

        Assert.Equal(Outcome.Applied, (await first).Outcome);
        Assert.Equal(Outcome.Applied, (await again).Outcome);
    }

    [Fact]
    public async Task A_hint_that_comes_while_its_proof_is_being_written_is_folded_in()
    {
        await using var stage = await OpenAsync();
        var proof = stage.ConnectAsync();
        await stage.UntilWritingAsync(1);
        var hint = stage.FoldHintAsync();
        await stage.UntilInsideAsync(2);

        stage.GoOnForever();

        Assert.Equal(Outcome.Applied, (await proof).Outcome);
        Assert.True(await hint);
        Assert.Equal(NumberSources.Webhook | NumberSources.Redirect, Assert.Single((await stage.FindAsync())!.Numbers).Sources);
    }

    [Fact]
    public async Task A_call_that_does_not_ask_for_it_waits_outside_and_is_answered()
    {
        await using var stage = await OpenAsync();
        var first = stage.ConnectAsync();
        await stage.UntilWritingAsync(1);
        var earlier = stage.ByEarlierVersion.AddLinkAsync(Link("earlier"));
        var rider = stage.AddLinkAsync("rider");
        await stage.UntilInsideAsync(2);
        Assert.Equal(2, stage.Inside);

        stage.GoOnForever();

        Assert.Equal(Outcome.Applied, (await first).Outcome);
        Assert.Equal(Outcome.Applied, (await rider).Outcome);
        Assert.Equal(Outcome.Applied, (await earlier).Outcome);
    }

    private static SetupLink Link(string id) => new() { Id = id, State = "state-" + id, CreatedAt = TimeProvider.System.GetUtcNow() };

    private static async Task<Stage> OpenAsync()
    {
        var server = await RedisServer.StartAsync();
        var redis = await server.ConnectAsync();
        var stage = new Stage();
        var cluster = await EngineCluster.StartAsync(new ClusterSetup
        {
            Redis = redis,
            Storage = stage.Storage,
            Policy = _ => new ConnectionPolicy(),
            Wakes = false,
            CameIn = stage.CameIn,
        });
        return stage.On(cluster, redis, server);
    }

    /// <summary>A cluster whose writes begin only when they are told to.</summary>
    private sealed class Stage : IAsyncDisposable
    {
        private static readonly CustomerKey Customer = new("project", "customer-1");
        private readonly SemaphoreSlim _gate = new(0);
        private readonly Stack<IAsyncDisposable> _owned = new();
        private readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();
        private ConnectionGrains? _grains;
        private int _writes;
        private int _inside;

        public Stage() => Storage = new MemoryStorage(new ConnectionRecordSerializer())
        {
            Gate = () =>
            {
                Interlocked.Increment(ref _writes);
                return _gate.WaitAsync();
            },
        };

        public MemoryStorage Storage { get; }

        public int Writes => Volatile.Read(ref _writes);

        /// <summary>How many calls came into a grain.</summary>
        public int Inside => Volatile.Read(ref _inside);

        public IConnectionGrain ByEarlierVersion { get; private set; } = null!;

        public Stage On(EngineCluster cluster, params IAsyncDisposable[] others)
        {
            foreach (var owned in others.Reverse().Append(cluster))
                _owned.Push(owned);
            _grains = new ConnectionGrains(cluster.Grains);
            ByEarlierVersion = cluster.Grain(Customer);
            return this;
        }

        public void CameIn() => Interlocked.Increment(ref _inside);

        public Task UntilWritingAsync(int count) => Wait.ForAsync(() => Writes == count, $"write {count} to begin");

        public Task UntilInsideAsync(int count) => Wait.ForAsync(() => Inside >= count, $"{count} calls inside");

        public void GoOn() => _gate.Release();

        public void GoOnForever()
        {
            (Storage.Fault, Storage.Gate) = (null, null);
            _gate.Release(100);
        }

        public Task<Receipt> ConnectAsync() => CallAsync(grain => grain.ObserveAsync(News(ObservationKind.Created, Source.Webhook)));

        public async Task<Receipt> ConnectAgainAsync()
        {
            RepeatedCall.Mark();
            return await ConnectAsync();
        }

        public Task<bool> FoldHintAsync() => CallAsync(grain => grain.FoldHintAsync(News(ObservationKind.RedirectSucceeded, Source.Redirect)));

        public Task<Receipt> AddLinkAsync(string id) => CallAsync(grain => grain.AddLinkAsync(Link(id)));

        public Task<Receipt>[] AddLinks() => [.. Enumerable.Range(0, Riders).Select(i => AddLinkAsync($"link-{i}"))];

        public Task<Connection?> FindAsync() => ByEarlierVersion.FindAsync();

        public async ValueTask DisposeAsync()
        {
            GoOnForever();
            while (_owned.TryPop(out var owned))
                await owned.DisposeAsync();
            _gate.Dispose();
        }

        private async Task<T> CallAsync<T>(Func<IConnectionGrain, Task<T>> call) => await call(_grains!.Get(GrainKey.Of(Customer)));

        private Observation News(ObservationKind kind, Source source) => new()
        {
            Kind = kind,
            Source = source,
            Event = "test." + kind,
            PhoneNumberId = "1",
            ReceivedAt = _now,
        };
    }
}
