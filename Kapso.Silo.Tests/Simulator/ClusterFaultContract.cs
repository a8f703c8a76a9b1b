using Kapso.Silo.Tests.Processes;

namespace Kapso.Silo.Tests.Simulator;

/// <summary>Each fault, on the cluster.</summary>
public sealed class ClusterFaultContract(ClusterFaultStage stage) : FaultContract(stage), IClassFixture<ClusterFaultStage>;

/// <summary>Two silos, the API and Redis as real processes.</summary>
public sealed class ClusterFaultStage : FaultStage
{
    protected override async Task<(Uri Address, IAsyncDisposable Service)> ServeAsync(
        Dictionary<string, string> settings, CancellationToken cancellationToken)
    {
        var processes = await ServiceProcesses.StartAsync(settings, cancellationToken);
        return (processes.Api, processes);
    }
}
