using Kapso.Silo.Tests.Clusters;

namespace Kapso.Silo.Tests.Engine;

/// <summary>The contract on grains whose records are kept in Redis.</summary>
public sealed class RedisClusterContract : EngineContract
{
    protected override async Task<EngineUnderTest> StartAsync(EngineSetup setup) =>
        await ClusterUnderTest.StartAsync(setup, storage: null);
}

/// <summary>The contract on grains whose records are kept in Garnet, which speaks Redis' protocol. Its start takes seconds: one serves all.</summary>
public sealed class GarnetClusterContract(GarnetClusterContract.OneGarnet garnet) : EngineContract, IClassFixture<GarnetClusterContract.OneGarnet>
{
    protected override async Task<EngineUnderTest> StartAsync(EngineSetup setup) =>
        await ClusterUnderTest.StartAsync(setup, storage: null, garnet.Server);

    [Fact(Skip = "Garnet waits for the disk with each script, where Redis has one fsync for all that wait: some hundred scripts a second are "
        + "too few for a burst of five thousand new customers, whose calls give up after five seconds.")]
    public override Task Five_thousand_adopted_numbers_greet_nobody() => Task.CompletedTask;

    /// <summary>A Garnet for the tests of this class; each has a service id of its own.</summary>
    public sealed class OneGarnet : IAsyncLifetime
    {
        internal RedisServer Server { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Server = await RedisServer.StartAsync(await Garnet.GetAsync());

        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }
}
