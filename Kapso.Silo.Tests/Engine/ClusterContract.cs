using Kapso.Connections.Engine;
using Kapso.Silo.Customers;
using Kapso.Silo.Tests.Clusters;
using Kapso.Tests.Engines.Contract;

namespace Kapso.Silo.Tests.Engine;

/// <summary>The contract on grains whose records are kept in Redis.</summary>
public sealed class RedisClusterContract : EngineContract
{
    protected override async Task<EngineUnderTest> StartAsync(EngineSetup setup) =>
        await ClusterUnderTest.StartAsync(setup, storage: null);
}

/// <summary>The contract on grains whose records are kept in memory.</summary>
public sealed class MemoryClusterContract : EngineContract
{
    protected override async Task<EngineUnderTest> StartAsync(EngineSetup setup) =>
        await ClusterUnderTest.StartAsync(setup, new MemoryStorage(new ConnectionRecordSerializer()));
}

internal sealed class ClusterUnderTest : EngineUnderTest
{
    private readonly RedisServer _server;
    private readonly ClusterSetup _setup;
    private EngineCluster _cluster;

    private ClusterUnderTest(EngineSetup setup, RedisServer server, ClusterSetup clusterSetup, EngineCluster cluster)
        : base(setup)
    {
        (_server, _setup, _cluster) = (server, clusterSetup, cluster);
    }

    public override IConnectionEngine Engine => _cluster.Engine;

    public static async Task<ClusterUnderTest> StartAsync(EngineSetup setup, MemoryStorage? storage)
    {
        var server = await RedisServer.StartAsync();
        var clusterSetup = new ClusterSetup
        {
            Redis = await server.ConnectAsync(),
            Storage = storage,
            Time = setup.Time,
            Policy = setup.Policy,
            Runners = setup.Runners,
        };
        return new ClusterUnderTest(setup, server, clusterSetup, await EngineCluster.StartAsync(clusterSetup));
    }

    public override async Task RestartAsync()
    {
        await _cluster.DisposeAsync();
        _cluster = await EngineCluster.StartAsync(_setup);
    }

    public override async Task CrashAsync()
    {
        await _cluster.KillAsync();
        _cluster = await EngineCluster.StartAsync(_setup);
    }

    public override Task NudgeAsync() => _cluster.SweepAsync(Stage.Project);

    public override async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await _setup.Redis.DisposeAsync();
        await _server.DisposeAsync();
    }
}
