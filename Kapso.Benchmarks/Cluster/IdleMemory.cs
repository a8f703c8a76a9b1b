using System.Diagnostics.Tracing;
using Microsoft.Diagnostics.NETCore.Client;

namespace Kapso.Benchmarks.Cluster;

/// <summary>
/// What customers cost who connected and were welcomed: while their grains are active, and once these are collected.
/// </summary>
internal static class IdleMemory
{
    /// <summary>Customers that bring a silo to what it needs anyway.</summary>
    private const int First = 5_000;

    /// <summary>Of the runtime's provider: a session that asks for it begins with a full collection.</summary>
    private const long HeapCollect = 0x80_0000;

    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);

    /// <summary>The silos' collection age of two minutes, the half minute between collections, and some.</summary>
    private static readonly TimeSpan UntilCollected = TimeSpan.FromSeconds(180);

    /// <summary>Connects so many customers, and says in two lines what they cost.</summary>
    public static async Task<string> MeasureAsync(TargetFactory factory, int count, CancellationToken cancellation)
    {
        await using var cluster = await factory.StartClusterAsync(welcomes: null, ClusterSize.Usual, cancellation);
        var target = factory.TargetOf(cluster);
        await SteadyLoad.SendAsync(target, First, cancellation);
        await Task.Delay(UntilCollected, cancellation);
        var (silosBefore, redisBefore) = await ReadAsync(cluster, cancellation);
        await SteadyLoad.SendAsync(target, count, cancellation);
        var (active, _) = await ReadAsync(cluster, cancellation);
        await Task.Delay(UntilCollected, cancellation);
        var (collected, redis) = await ReadAsync(cluster, cancellation);
        return $"""
            {count:N0} customers, connected and welcomed, cost both silos {(active - silosBefore) / count:N0} bytes each while their grains are active ({silosBefore / 1048576:N0} to {active / 1048576:N0} MiB),
            and {(collected - silosBefore) / count:N0} bytes each after the collection age ({collected / 1048576:N0} MiB). In Redis each takes {(redis - redisBefore) / count:N0} bytes.
            """;
    }

    /// <summary>Resident bytes of both silos, after a full collection of each, and what Redis holds for its keys and values.</summary>
    private static async Task<(double Silos, double Redis)> ReadAsync(ClusterProcesses cluster, CancellationToken cancellation)
    {
        double silos = 0;
        foreach (var silo in cluster.Silos)
        {
            await CollectAsync(silo.Id, cancellation);
            silos += ProcessMemory.Read(silo.Id).Current;
        }

        return (silos, await cluster.Redis.ReadMemoryAsync(cancellation));
    }

    /// <summary>Has a silo collect its garbage, so that its memory says what it needs and not what it has not tidied up.</summary>
    private static async Task CollectAsync(int silo, CancellationToken cancellation)
    {
        var runtime = new EventPipeProvider("Microsoft-Windows-DotNETRuntime", EventLevel.Informational, HeapCollect);
        using var session = await new DiagnosticsClient(silo).StartEventPipeSessionAsync(runtime, requestRundown: false, token: cancellation);
        await Task.Delay(Settling, cancellation);
        await session.StopAsync(cancellation);
    }
}
