using Kapso.Engines.Orleans.Grains;

namespace Kapso.Silo.Tests.Faults;

public sealed class StorageFaultTests
{
    [Theory]
    [InlineData(StorageFault.Fails)]
    [InlineData(StorageFault.LandsThenThrows)]
    [InlineData(StorageFault.TimesOutAndLands)]
    public async Task A_storage_that_fails_now_and_then_loses_nothing_and_doubles_nothing(object fault)
    {
        await using var server = await RedisServer.StartAsync();
        await using var redis = await server.ConnectAsync();
        var welcomes = new RecordingRunner(EffectKind.Welcome);
        var (writes, faults) = (0, 0);
        var storage = new MemoryStorage(new ConnectionRecordSerializer())
        {
            Fault = _ =>
            {
                if (Interlocked.Increment(ref writes) % 5 != 0)
                    return StorageFault.None;
                Interlocked.Increment(ref faults);
                return (StorageFault)fault;
            },
        };
        await using var cluster = await EngineCluster.StartAsync(new ClusterSetup
        {
            Redis = redis,
            Storage = storage,
            Policy = _ => new ConnectionPolicy { Lease = TimeSpan.FromSeconds(2) },
            Runners = [welcomes],
        });
        var traffic = new Traffic(welcomes);

        await traffic.RunAsync(() => cluster.Engine, customers: 100, CancellationToken.None);
        storage.Fault = null;

        await traffic.AssertAsync(cluster.Engine, () => cluster.SweepAsync("project"));
        Assert.Equal(100, traffic.Answered);
        Assert.True(faults > 20, $"More than 20 writes were to fail, not {faults}.");
    }

    [Fact]
    public async Task Two_activations_of_one_customer_decide_one_welcome()
    {
        // Two clusters on one store: each has a grain of its own for every customer, as one has that fell in two.
        await using var server = await RedisServer.StartAsync();
        await using var redis = await server.ConnectAsync();
        var welcomes = new RecordingRunner(EffectKind.Welcome);
        var setup = new ClusterSetup
        {
            Redis = redis,
            Policy = _ => new ConnectionPolicy { Lease = TimeSpan.FromSeconds(2) },
            Runners = [welcomes],
        };
        await using var one = await EngineCluster.StartAsync(setup);
        await using var other = await EngineCluster.StartAsync(setup);
        var traffic = new Traffic(welcomes);
        var repeated = new Traffic(welcomes);

        await Task.WhenAll(
            traffic.RunAsync(() => one.Engine, customers: 60, CancellationToken.None),
            repeated.RunAsync(() => other.Engine, customers: 60, CancellationToken.None));

        await traffic.AssertAsync(one.Engine, () => Task.WhenAll(one.SweepAsync("project"), other.SweepAsync("project")));
    }
}
