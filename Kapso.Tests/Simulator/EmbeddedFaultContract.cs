using Kapso.Tests.Hosting;

namespace Kapso.Tests.Simulator;

/// <summary>Each fault, on the embedded engine.</summary>
[Long]
[Collection(RunsAlone.Name)]
public sealed class EmbeddedFaultContract(EmbeddedFaultStage stage) : FaultContract(stage), IClassFixture<EmbeddedFaultStage>;

/// <summary>The embedded host, with a store of its own.</summary>
public sealed class EmbeddedFaultStage : FaultStage
{
    protected override Task<(Uri Address, IAsyncDisposable Service)> ServeAsync(Dictionary<string, string> settings, CancellationToken cancellationToken) =>
        EmbeddedHost.ServeAsync(settings, cancellationToken);
}
