using Kapso.Silo.Tests.Processes;
using Kapso.Testing.Clients;

namespace Kapso.Silo.Tests.Clients;

/// <summary>Generated clients, before two silos, the API and Redis.</summary>
public sealed class ClusterClientContract : ClientContract
{
    protected override async Task<(Uri Address, IAsyncDisposable Service)> ServeAsync(Dictionary<string, string> settings, CancellationToken cancellationToken)
    {
        var processes = await ServiceProcesses.StartAsync(settings, cancellationToken);
        return (processes.Api, processes);
    }
}
