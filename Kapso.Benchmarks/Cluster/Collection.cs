using System.Diagnostics.Tracing;
using Microsoft.Diagnostics.NETCore.Client;

namespace Kapso.Benchmarks.Cluster;

/// <summary>Has another process collect its garbage, so that its memory says what it needs and not what it has not tidied up.</summary>
internal static class Collection
{
    /// <summary>Of the runtime's provider: a session that asks for it begins with a full collection.</summary>
    private const long HeapCollect = 0x80_0000;

    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);

    public static async Task RunAsync(int process, CancellationToken cancellation)
    {
        var runtime = new EventPipeProvider("Microsoft-Windows-DotNETRuntime", EventLevel.Informational, HeapCollect);
        using (var session = await new DiagnosticsClient(process).StartEventPipeSessionAsync(runtime, requestRundown: false, token: cancellation))
        {
            await Task.Delay(Settling, cancellation);
            await session.StopAsync(cancellation);
        }
    }
}
