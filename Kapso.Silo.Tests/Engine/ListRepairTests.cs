using Kapso.Engines.Orleans.Grains;
using Microsoft.Extensions.Time.Testing;
using StackExchange.Redis;

namespace Kapso.Silo.Tests.Engine;

/// <summary>The operators' lists around a write that fails: no entry is missing meanwhile, and none is too much afterwards.</summary>
public sealed class ListRepairTests : IAsyncLifetime
{
    private const string Project = "project";
    private static readonly CustomerKey Customer1 = new(Project, "customer-1");

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly MemoryStorage _storage = new(new ConnectionRecordSerializer());
    private readonly RecordingRunner _welcomes = new(EffectKind.Welcome) { Answer = _ => Task.FromResult(EffectResult.Held("?")) };
    private RedisServer _server = null!;
    private ConnectionMultiplexer _redis = null!;
    private EngineCluster _cluster = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await RedisServer.StartAsync();
        _redis = await _server.ConnectAsync();
        _cluster = await EngineCluster.StartAsync(new ClusterSetup
        {
            Redis = _redis,
            Storage = _storage,
            Time = _time,
            Policy = _ => new ConnectionPolicy(),
            Runners = [_welcomes],
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await _redis.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_held_effect_stays_listed_where_its_resend_could_not_be_written()
    {
        await HoldAsync();
        _storage.Fault = _ => StorageFault.Fails;
        await Assert.ThrowsAsync<EngineUnavailableException>(() =>
            _cluster.Engine.ResendAsync(Customer1, EffectIds.Welcome(Customer1, "1"), null, CancellationToken.None));
        await AssertHeldAsync(1);

        _storage.Fault = null;
        await SweepAsync();
        await AssertHeldAsync(1);
    }

    [Fact]
    public async Task A_held_effect_stays_listed_where_its_settlement_by_hand_could_not_be_written()
    {
        await HoldAsync();
        _storage.Fault = _ => StorageFault.Fails;
        await Assert.ThrowsAsync<EngineUnavailableException>(() =>
            _cluster.Engine.SettleAsync(Customer1, EffectIds.Welcome(Customer1, "1"), null, CancellationToken.None));
        await AssertHeldAsync(1);

        _storage.Fault = null;
        await SweepAsync();
        await AssertHeldAsync(1);
        await _cluster.Engine.SettleAsync(Customer1, EffectIds.Welcome(Customer1, "1"), null, CancellationToken.None);
        await AssertHeldAsync(0);
    }

    [Fact]
    public async Task A_mark_stays_listed_where_the_end_of_the_dispute_could_not_be_written()
    {
        await _cluster.Engine.ObserveAsync(Customer1, News(ObservationKind.Created), CancellationToken.None);
        await _cluster.Engine.ObserveAsync(
            Customer1, News(ObservationKind.ClaimedElsewhere) with { Source = Source.Service, ReceivedAt = _time.GetUtcNow().AddSeconds(1) }, CancellationToken.None);
        Assert.Equal(1, (await _cluster.Engine.CountAsync(Project, CancellationToken.None)).NumbersDisputed);

        _storage.Fault = _ => StorageFault.Fails;
        _time.Advance(TimeSpan.FromSeconds(5));
        await Assert.ThrowsAsync<EngineUnavailableException>(() =>
            _cluster.Engine.ObserveAsync(Customer1, News(ObservationKind.Gone), CancellationToken.None));
        Assert.Equal(1, (await _cluster.Engine.CountAsync(Project, CancellationToken.None)).NumbersDisputed);

        _storage.Fault = null;
        await SweepAsync();
        Assert.Equal(1, (await _cluster.Engine.CountAsync(Project, CancellationToken.None)).NumbersDisputed);
        Assert.Equal(ConnectionStatus.Connected, Assert.Single(await ListAsync()).Status);
    }

    [Fact]
    public async Task Words_that_a_failed_write_put_in_find_nobody_once_the_sweep_has_repaired_them()
    {
        await _cluster.Engine.ObserveAsync(Customer1, News(ObservationKind.Created) with { Customer = new CustomerNames("own-1", "Maria") }, CancellationToken.None);
        _storage.Fault = _ => StorageFault.Fails;
        await Assert.ThrowsAsync<EngineUnavailableException>(() => _cluster.Engine.ObserveAsync(
            Customer1, News(ObservationKind.Gone) with { Customer = new CustomerNames("own-2", "Ana") }, CancellationToken.None));

        _storage.Fault = null;
        await SweepAsync();
        Assert.Empty(await FindAsync("own-2"));
        Assert.Empty(await FindAsync("ana"));
        Assert.Equal(new CustomerNames("own-1", "Maria"), Assert.Single(await FindAsync("maria")).Names);
        Assert.Equal(2, await _redis.GetDatabase().SortedSetLengthAsync(Key($"words/{Project}")));
    }

    [Fact]
    public async Task Where_too_many_begin_alike_the_list_is_walked_and_finds_the_same()
    {
        const int Many = 10_050;
        await _cluster.Engine.ObserveAsync(Customer1, News(ObservationKind.Created) with { Customer = new CustomerNames("own-1", "Maria") }, CancellationToken.None);
        await _redis.GetDatabase().SortedSetAddAsync(
            Key($"words/{Project}"), [.. Enumerable.Range(0, Many).Select(i => new SortedSetEntry($"tmaria\nnobody-{i}", 0))]);

        Assert.Equal("customer-1", Assert.Single(await FindAsync("maria")).CustomerId);
        Assert.Empty(await FindAsync("mariax"));
    }

    private async Task<IReadOnlyList<ConnectionRow>> FindAsync(string text) =>
        (await _cluster.Engine.ListConnectionsAsync(new ConnectionQuery(Project, Text: text), CancellationToken.None)).Items;

    [Fact]
    public async Task The_sweep_puts_back_what_finds_a_connection_and_takes_out_what_is_too_much()
    {
        await _cluster.Engine.AddLinkAsync(
            Customer1, new SetupLink { Id = "link", State = "state", PlatformId = "platform", CreatedAt = _time.GetUtcNow() }, CancellationToken.None);
        await HoldAsync();
        var database = _redis.GetDatabase();
        foreach (var lost in (string[])[$"stuck/{Project}", "states", $"links/{Project}", $"rows/{Project}", $"list/{Project}", $"search/{Project}", $"words/{Project}", $"words-of/{Project}", $"numbers/{Project}", "totals"])
            await database.KeyDeleteAsync(Key(lost));
        await database.SortedSetAddAsync(Key($"stuck/{Project}"), [
            new($"{(int)EffectStatus.Held}customer-1\nanother", 0), new($"{(int)EffectStatus.Dead}customer-1\nanother", 0),
            new($"{(int)EffectStatus.Held}customer-11\nanother", 0)]);
        await database.SortedSetAddAsync(Key($"marked/{Project}"), [new("0customer-1\n9", 0), new("1customer-1\n1", 0), new("1customer-0\n1", 0)]);

        // An activation that died left it.
        await database.SortedSetAddAsync(Key($"due/{Project}"), "customer-1\n0123456789abcdef", 0);
        await SweepAsync();

        Assert.Equal(
            [$"{(int)EffectStatus.Held}customer-1\n{EffectIds.Welcome(Customer1, "1")}", $"{(int)EffectStatus.Held}customer-11\nanother"],
            (await database.SortedSetRangeByRankAsync(Key($"stuck/{Project}"))).Select(member => member.ToString()));
        Assert.Equal(["1customer-0\n1"], (await database.SortedSetRangeByRankAsync(Key($"marked/{Project}"))).Select(member => member.ToString()));
        Assert.Equal(Customer1, await _cluster.Engine.FindByStateAsync("state", CancellationToken.None));
        Assert.Equal(Customer1, await _cluster.Engine.FindByLinkAsync(Project, "platform", CancellationToken.None));
        Assert.Equal(Customer1, await _cluster.Engine.FindByNumberAsync(Project, "1", CancellationToken.None));
        Assert.Equal("customer-1", Assert.Single((await _cluster.Engine.ListConnectionsAsync(
            new ConnectionQuery(Project, Text: "1"), CancellationToken.None)).Items).CustomerId);
        Assert.Equal(1, (await _cluster.Engine.CheckAsync(CancellationToken.None)).EffectsHeldOrDead);
        Assert.Equal(0, await database.SortedSetLengthAsync(Key($"due/{Project}")));
    }

    [Fact]
    public async Task An_entry_that_could_not_be_taken_out_goes_with_the_next_change()
    {
        await HoldAsync();
        var database = _redis.GetDatabase();
        await database.KeyRenameAsync(Key($"stuck/{Project}"), Key("aside"));
        await database.StringSetAsync(Key($"stuck/{Project}"), "no sorted set: whoever takes something out fails");
        Assert.Equal(
            EffectAction.Applied,
            await _cluster.Engine.SettleAsync(Customer1, EffectIds.Welcome(Customer1, "1"), null, CancellationToken.None));
        await database.KeyRenameAsync(Key("aside"), Key($"stuck/{Project}"));
        Assert.Equal(1, (await _cluster.Engine.CountAsync(Project, CancellationToken.None)).EffectsHeld);

        await _cluster.Engine.NoteAsync(
            Customer1,
            new TimelineEntry { At = _time.GetUtcNow(), Source = Source.Operator, Event = "note", Outcome = Outcome.Noted },
            CancellationToken.None);
        await AssertHeldAsync(0);
        await SweepAsync();
        await AssertHeldAsync(0);
    }

    private string Key(string name) => $"{_cluster.Silos.Options.ServiceId}/{name}";

    private async Task HoldAsync()
    {
        await _cluster.Engine.ObserveAsync(Customer1, News(ObservationKind.Created), CancellationToken.None);
        await Wait.ForAsync(async () => await CountHeldAsync() > 0 && await DueAsync() == 0, "the welcome to be held");

        async Task<int> CountHeldAsync() => (await ListHeldAsync()).Count;
        async Task<long> DueAsync() => await _redis.GetDatabase().SortedSetLengthAsync(Key($"due/{Project}"));
    }

    private async Task SweepAsync()
    {
        _time.Advance(TimeSpan.FromMinutes(2));
        await _cluster.SweepAsync(Project);
    }

    private async Task AssertHeldAsync(int expected)
    {
        Assert.Equal(expected, (await ListHeldAsync()).Count);
        Assert.Equal(expected, (await _cluster.Engine.CountAsync(Project, CancellationToken.None)).EffectsHeld);
        Assert.Equal(expected, (await _cluster.Engine.CheckAsync(CancellationToken.None)).EffectsHeldOrDead);
    }

    private async Task<IReadOnlyList<EffectRow>> ListHeldAsync() =>
        (await _cluster.Engine.ListEffectsAsync(Project, EffectStatus.Held, null, 10, CancellationToken.None)).Items;

    private async Task<IReadOnlyList<ConnectionRow>> ListAsync() =>
        (await _cluster.Engine.ListConnectionsAsync(new ConnectionQuery(Project), CancellationToken.None)).Items;

    private Observation News(ObservationKind kind) => new()
    {
        Kind = kind,
        Source = Source.Webhook,
        Event = "test." + kind,
        PhoneNumberId = "1",
        ReceivedAt = _time.GetUtcNow(),
    };
}
