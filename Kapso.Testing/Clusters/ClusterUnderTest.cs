using Kapso.Testing.Contract;

namespace Kapso.Testing.Clusters;

/// <summary>The cluster's engine under the contract: silos and a client in this process.</summary>
internal sealed class ClusterUnderTest : EngineUnderTest
{
    private readonly RedisServer? _ownServer;
    private readonly ClusterSetup _setup;
    private EngineCluster _cluster;

    private ClusterUnderTest(EngineSetup setup, RedisServer? ownServer, ClusterSetup clusterSetup, EngineCluster cluster)
        : base(setup)
    {
        (_ownServer, _setup, _cluster) = (ownServer, clusterSetup, cluster);
    }

    public override IConnectionEngine Engine => _cluster.Engine;

    /// <summary>Starts a cluster on a server that others use, too; on a redis-server of its own, if that is null.</summary>
    public static async Task<ClusterUnderTest> StartAsync(EngineSetup setup, MemoryStorage? storage, RedisServer? shared = null)
    {
        var own = shared is null ? await RedisServer.StartAsync() : null;
        var clusterSetup = new ClusterSetup
        {
            Redis = await (shared ?? own!).ConnectAsync(),
            Storage = storage,
            Time = setup.Time,
            Policy = setup.Policy,
            Runners = setup.Runners,
            ParkedMaxCount = setup.ParkedMaxCount,
            AuditKeep = setup.AuditKeep,
        };
        return new ClusterUnderTest(setup, own, clusterSetup, await EngineCluster.StartAsync(clusterSetup));
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
        if (_ownServer is not null)
            await _ownServer.DisposeAsync();
    }
}
