namespace Kapso.Benchmarks.Cluster;

/// <summary>
/// What customers cost who connected and were welcomed: while their grains are active, and once these are collected.
/// </summary>
internal static class IdleMemory
{
    /// <summary>Customers that bring a silo to what it needs anyway.</summary>
    private const int First = 5_000;

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

    /// <summary>Of both silos, and what Redis holds for its keys and values; in bytes.</summary>
    private static async Task<(double Silos, double Redis)> ReadAsync(ClusterProcesses cluster, CancellationToken cancellation) =>
        (await SiloMemory.ReadAsync(cluster, cancellation), await cluster.Redis.ReadMemoryAsync(cancellation));
}
