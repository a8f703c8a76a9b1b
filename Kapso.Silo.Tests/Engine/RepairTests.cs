using Kapso.Connections.Webhooks;
using Kapso.Engines.Orleans.Grains;
using Microsoft.Extensions.Time.Testing;

namespace Kapso.Silo.Tests.Engine;

/// <summary>What is behind or dangles after a failure, and how it is repaired.</summary>
public sealed class RepairTests
{
    private const string Project = "project";
    private static readonly CustomerKey Customer1 = new(Project, "customer-1");

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task The_sweep_repairs_the_lists_where_a_connection_was_never_written()
    {
        await using var server = await RedisServer.StartAsync();
        await using var redis = await server.ConnectAsync();
        var storage = new MemoryStorage(new ConnectionRecordSerializer()) { Fault = _ => StorageFault.Fails };
        await using var cluster = await EngineCluster.StartAsync(Setup(redis, storage));

        await Assert.ThrowsAsync<EngineUnavailableException>(() =>
            cluster.Engine.ObserveAsync(Customer1, News(), CancellationToken.None));
        Assert.Single(await ListAsync(cluster));
        Assert.Null(await cluster.Engine.FindByNumberAsync(Project, "1", CancellationToken.None));

        storage.Fault = null;
        _time.Advance(TimeSpan.FromMinutes(2));
        await cluster.SweepAsync(Project);
        Assert.Empty(await ListAsync(cluster));
        Assert.Equal(0, (await cluster.Engine.CheckAsync(CancellationToken.None)).OutboxWaiting);
        Assert.Equal(0, await redis.GetDatabase().SortedSetLengthAsync($"{cluster.Silos.Options.ServiceId}/due/{Project}"));
        Assert.Null(await cluster.Engine.FindAsync(Customer1, CancellationToken.None));

        Assert.Equal(Outcome.Applied, (await cluster.Engine.ObserveAsync(Customer1, News(), CancellationToken.None)).Outcome);
        Assert.Single(await ListAsync(cluster));
    }

    [Fact]
    public async Task A_settled_connection_leaves_no_due_time_behind()
    {
        await using var server = await RedisServer.StartAsync();
        await using var redis = await server.ConnectAsync();
        await using var cluster = await EngineCluster.StartAsync(Setup(redis, storage: null));
        for (var i = 0; i < 20; i++)
            await cluster.Engine.ObserveAsync(new CustomerKey(Project, $"c{i}"), News($"1{i}"), CancellationToken.None);

        await cluster.UntilNothingIsDueAsync(redis, Project);
        Assert.Equal(20, (await ListAsync(cluster)).Count);
    }

    [Fact]
    public async Task Who_watches_sees_a_change_across_a_restart_of_all_silos()
    {
        await using var server = await RedisServer.StartAsync();
        await using var redis = await server.ConnectAsync();
        await using var cluster = await EngineCluster.StartAsync(Setup(redis, storage: null) with
        {
            CallTimeout = TimeSpan.FromSeconds(2),
            WatchInterval = TimeSpan.FromHours(1), // Whoever watches sees what he is told of, or nothing.
        });
        await cluster.Engine.ObserveAsync(Customer1, News() with { Kind = ObservationKind.RedirectSucceeded }, CancellationToken.None);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await using var watch = cluster.Engine.WatchAsync(Customer1, patience.Token).GetAsyncEnumerator(patience.Token);
        Assert.True(await watch.MoveNextAsync());
        var next = watch.MoveNextAsync().AsTask();

        await cluster.Silos.StartAdditionalSiloAsync();
        await cluster.Silos.StopSiloAsync(cluster.Silos.Silos[0]);
        for (var answered = false; !answered;)
        {
            try
            {
                await cluster.Engine.ObserveAsync(Customer1, News(), patience.Token);
                answered = true;
            }
            catch (EngineUnavailableException)
            {
                // The customer's silo has gone: the next call reaches the other.
            }
        }

        while (await next && watch.Current.Status != ConnectionStatus.Connected)
            next = watch.MoveNextAsync().AsTask();
        Assert.Equal(ConnectionStatus.Connected, watch.Current.Status);
    }

    [Fact]
    public async Task Parked_deliveries_are_pruned_by_worth_and_age_and_what_is_owed_never_is()
    {
        await using var server = await RedisServer.StartAsync();
        await using var redis = await server.ConnectAsync();
        await using var cluster = await EngineCluster.StartAsync(Setup(redis, storage: null) with { ParkedMaxCount = 3 });
        await ParkAsync("01", ParkedReason.EngineUnavailable);
        await ParkAsync("02", ParkedReason.TooManyNumbers);
        await ParkAsync("03", ParkedReason.Malformed);
        await ParkAsync("04", ParkedReason.UnknownCustomer);
        Assert.Equal(["01", "02", "04"], await WaitingAsync());

        await ParkAsync("05", ParkedReason.EngineUnavailable);
        await ParkAsync("06", ParkedReason.EngineUnavailable);
        await ParkAsync("07", ParkedReason.EngineUnavailable);
        Assert.Equal(["01", "05", "06", "07"], await WaitingAsync());

        await cluster.Engine.ResolveParkedAsync(Project, "01", ParkedStatus.Replayed, CancellationToken.None);
        _time.Advance(TimeSpan.FromDays(31));
        await ParkAsync("08", ParkedReason.EngineUnavailable);
        Assert.Equal(["05", "06", "07", "08"], await WaitingAsync());
        Assert.Null(await cluster.Engine.FindParkedAsync(Project, "01", CancellationToken.None));
        Assert.Equal(4, (await cluster.Engine.CheckAsync(CancellationToken.None)).ParkedWaiting);

        Task ParkAsync(string id, ParkedReason reason) => cluster.Engine.ParkAsync(
            new ParkedDelivery { Id = id, ProjectId = Project, Reason = reason, ReceivedAt = _time.GetUtcNow(), Body = "{}"u8.ToArray() },
            CancellationToken.None);

        async Task<IEnumerable<string>> WaitingAsync() =>
            (await cluster.Engine.ListParkedAsync(Project, null, 100, CancellationToken.None)).Items.Select(parked => parked.Id);
    }

    private static async Task<IReadOnlyList<ConnectionRow>> ListAsync(EngineCluster cluster) =>
        (await cluster.Engine.ListConnectionsAsync(new ConnectionQuery(Project), CancellationToken.None)).Items;

    private ClusterSetup Setup(StackExchange.Redis.ConnectionMultiplexer redis, MemoryStorage? storage) => new()
    {
        Redis = redis,
        Storage = storage,
        Time = _time,
        Runners = [new RecordingRunner(EffectKind.Welcome), new RecordingRunner(EffectKind.Notify)],
    };

    private Observation News(string phoneNumberId = "1") => new()
    {
        Kind = ObservationKind.Created,
        Source = Source.Webhook,
        Event = "test.created",
        PhoneNumberId = phoneNumberId,
        ReceivedAt = _time.GetUtcNow(),
    };
}
