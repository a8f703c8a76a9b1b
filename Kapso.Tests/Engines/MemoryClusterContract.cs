using Kapso.Engines.Orleans.Grains;

namespace Kapso.Tests.Engines;

/// <summary>The contract on grains whose records are kept in memory; what finds them is in Redis.</summary>
public sealed class MemoryClusterContract : EngineContract
{
    protected override async Task<EngineUnderTest> StartAsync(EngineSetup setup) =>
        await ClusterUnderTest.StartAsync(setup, new MemoryStorage(new ConnectionRecordSerializer()));
}
