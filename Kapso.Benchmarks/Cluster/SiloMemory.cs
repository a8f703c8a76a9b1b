using System.Diagnostics.Tracing;
using Microsoft.Diagnostics.NETCore.Client;

namespace Kapso.Benchmarks.Cluster;

/// <summary>What silos need, as against what they have not tidied up.</summary>
internal static class SiloMemory
{
    /// <summary>Of the runtime's provider: a session that asks for it begins with a full collection.</summary>
    private const long HeapCollect = 0x80_0000;

    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);

    /// <summary>Resident bytes of all silos together, after a full collection of each.</summary>
    public static async Task<double> ReadAsync(ClusterProcesses cluster, CancellationToken cancellation)
    {
        double total = 0;
        foreach (var silo in cluster.Silos)
        {
            var runtime = new EventPipeProvider("Microsoft-Windows-DotNETRuntime", EventLevel.Informational, HeapCollect);
            using var session = await new DiagnosticsClient(silo.Id).StartEventPipeSessionAsync(runtime, requestRundown: false, token: cancellation);
            await Task.Delay(Settling, cancellation);
            await session.StopAsync(cancellation);
            total += ProcessMemory.Read(silo.Id).Current;
        }

        return total;
    }
}
