using System.Diagnostics;
using Kapso.Benchmarks.Load;
using Kapso.Benchmarks.Scenarios;

namespace Kapso.Benchmarks.Cluster;

/// <summary>
/// What a cluster needs as its customers become many: each of them in Redis, in memory and on the disk, the silos' memory, and,
/// after it was stopped in order, its start and what its background work takes.
/// </summary>
internal static class Scale
{
    private const int Connections = 64;
    private const double Mebibyte = 1 << 20;

    /// <summary>Deliveries that are looked at to see whether all welcomes are settled: the last ones.</summary>
    private const int Last = 256;

    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(1);

    /// <summary>Grows one cluster to each of these numbers of customers in turn, and returns a table.</summary>
    public static async Task<string> MeasureAsync(TargetFactory factory, IEnumerable<int> sizes, CancellationToken cancellation)
    {
        var table = """
            | customers | Redis, bytes each | on disk, bytes each | rewritten | silo MiB, after the load | from the start: Redis ready, s | first applied, s | silo MiB, started | idle, CPU s a minute |
            | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |

            """;
        await using var cluster = await factory.StartClusterAsync(welcomes: null, ClusterSize.Usual, cancellation);
        var empty = await cluster.Redis.ReadMemoryAsync(cancellation);
        var count = 0;
        foreach (var size in sizes.Order())
        {
            await GrowAsync(factory.TargetOf(cluster), size - count, cancellation);
            count = size;
            var memory = await cluster.Redis.ReadMemoryAsync(cancellation) - empty;
            var loaded = await SiloMemory.ReadAsync(cluster, cancellation);
            var written = cluster.Redis.ReadDisk();
            await cluster.Redis.RewriteAsync(cancellation);
            var rewritten = cluster.Redis.ReadDisk();

            await cluster.StopAsync(kill: false);
            var start = Stopwatch.GetTimestamp();
            await cluster.Redis.RestartAsync(cancellation);
            var read = Stopwatch.GetElapsedTime(start);
            cluster.LaunchHosts(cluster.Size.Silos);
            var target = factory.TargetOf(cluster);
            var applied = await ColdStart.FirstAppliedAsync(target, start, cancellation);
            await cluster.WaitUntilReadyAsync(cancellation);
            var started = await SiloMemory.ReadAsync(cluster, cancellation);
            var idle = await IdleProcessor.ReadAsync(target, Idle, cancellation);
            table += $"| {count:N0} | {memory / count:N0} | {written / count:N0} | {rewritten / count:N0} | {loaded / cluster.Size.Silos / Mebibyte:N0} | {read.TotalSeconds:N1} | {applied.TotalSeconds:N1} | {started / cluster.Size.Silos / Mebibyte:N0} | {IdleProcessor.Describe(idle)} |\n";
            await Console.Error.WriteLineAsync($"  {count:N0} customers: applied {applied.TotalSeconds:N1} s after the start");
        }

        return table;
    }

    /// <summary>Connects so many customers as fast as they are taken; returns when the last of them are welcomed.</summary>
    private static async Task GrowAsync(Target target, int count, CancellationToken cancellation)
    {
        using var deliveries = new Deliveries(Scenario.New, target.Webhook, target.Credentials);
        using var generator = new LoadGenerator(
            await target.ResolveAsync(cancellation), Connections, deliveries, StatusCodes.Status200OK);
        while (generator.Sent < count)
        {
            var load = generator.Run(Slice, rate: null, cancellation, count - generator.Sent);
            if (load.ErrorCount > 0)
            {
                throw new BenchmarkException($"After {generator.Sent} deliveries: {string.Join(", ", load.Errors.Select(error => $"{error.Key}: {error.Value}"))}.");
            }

            await Console.Error.WriteLineAsync($"  {generator.Sent:N0} of {count:N0} deliveries, {load.PerSecond:N0}/s");
        }

        var last = generator.Answered.TakeLast(Last).Select(deliveries.Customer).ToArray();
        while (await target.Stored!.CountUnsettledAsync(last, cancellation) > 0)
        {
            await Task.Delay(Interval, cancellation);
        }
    }
}
