namespace Kapso.Tests.Simulator;

/// <summary>Each fault, on the embedded engine.</summary>
[Long]
[Collection(RunsAlone.Name)]
public sealed class EmbeddedFaultContract(EmbeddedFaultStage stage) : FaultContract(stage), IClassFixture<EmbeddedFaultStage>;

/// <summary>The embedded host, with a store of its own.</summary>
public sealed class EmbeddedFaultStage : FaultStage
{
    protected override async Task<(Uri Address, IAsyncDisposable Service)> ServeAsync(
        Dictionary<string, string> settings, CancellationToken cancellationToken)
    {
        var folder = new TemporaryFolder();
        settings["Kapso:Store:Path"] = Path.Combine(folder.Path, "kapso.db");
        var process = await ServiceProcess.StartAsync("Kapso.Embedded.dll", settings, cancellationToken);
        return (process.Address, new Host(process, folder));
    }

    private sealed class Host(ServiceProcess process, TemporaryFolder folder) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await process.DisposeAsync();
            folder.Dispose();
        }
    }
}
