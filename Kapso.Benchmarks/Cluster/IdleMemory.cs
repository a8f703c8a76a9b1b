using Kapso.Benchmarks.Targets;

namespace Kapso.Benchmarks.Cluster;

/// <summary>What silos and Redis hold, in bytes.</summary>
/// <param name="Silos">Resident memory of both silos, after a full collection of each.</param>
/// <param name="Redis">What Redis holds for its keys and values.</param>
internal readonly record struct ClusterMemory(long Silos, long Redis);

/// <summary>
/// What customers cost who connected and were welcomed: while their grains are active, and once these are collected.
/// </summary>
internal sealed class IdleMemory(ClusterProcesses cluster, Target target)
{
    private const double PerSecond = 1_000;

    /// <summary>Customers that bring a silo to what it needs anyway.</summary>
    private const int First = 5_000;

    /// <summary>The silos' collection age of two minutes, the half minute between collections, and some.</summary>
    private static readonly TimeSpan UntilCollected = TimeSpan.FromSeconds(180);

    /// <summary>Before there were any, with all of them active, and after their grains were collected.</summary>
    public async Task<(ClusterMemory Before, ClusterMemory Active, ClusterMemory Collected)> RunAsync(
        int count, CancellationToken cancellation)
    {
        await SteadyLoad.SendAsync(target, First, PerSecond, cancellation);
        await Task.Delay(UntilCollected, cancellation);
        var before = await ReadAsync(cancellation);
        await SteadyLoad.SendAsync(target, count, PerSecond, cancellation);
        var active = await ReadAsync(cancellation);
        await Task.Delay(UntilCollected, cancellation);
        return (before, active, await ReadAsync(cancellation));
    }

    private async Task<ClusterMemory> ReadAsync(CancellationToken cancellation)
    {
        long silos = 0;
        foreach (var silo in cluster.Processes.Skip(1))
        {
            await Collection.RunAsync(silo.Id, cancellation);
            silos += ProcessMemory.Read(silo.Id).Current;
        }

        return new ClusterMemory(silos, await cluster.Redis.ReadMemoryAsync(cancellation));
    }
}
