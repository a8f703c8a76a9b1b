using System.Diagnostics;
using Kapso.Benchmarks.Scenarios;
using Kapso.Benchmarks.Targets;

namespace Kapso.Benchmarks.Cluster;

/// <summary>
/// What a cluster does that was stopped as a whole, Redis included, while nobody took its welcomes: it starts again, the
/// receiver is there, and the clock runs until the last welcome is settled.
/// </summary>
internal sealed class Recovery(ClusterProcesses cluster, Target target, int receiverPort)
{
    private const double PerSecond = 1_000;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    /// <summary>How long the start took, and how long it was from its beginning until the last welcome was settled; and how many were sent twice.</summary>
    public async Task<(TimeSpan Started, TimeSpan Settled, long Repeats)> RunAsync(int count, bool kill, CancellationToken cancellation)
    {
        await SteadyLoad.SendAsync(target, count, PerSecond, cancellation);
        await cluster.StopAsync(kill);
        await using var receiver = await TargetFactory.StartReceiverAsync(receiverPort, cancellation);

        var start = Stopwatch.GetTimestamp();
        await cluster.RestartAsync(cancellation);
        var started = Stopwatch.GetElapsedTime(start);
        await new OutboxDrain(target, receiver, Limit).WaitAsync(count, cancellation);
        var settled = Stopwatch.GetElapsedTime(start);

        var customers = await receiver.ReadCustomersAsync(int.MaxValue, cancellation);
        if (customers.Distinct().Count() != count || await target.Stored!.CountUnsettledAsync(customers, cancellation) > 0)
        {
            throw new BenchmarkException($"{count} welcomes were pending, and not each of them was received under one id and settled.");
        }

        return (started, settled, (await receiver.CountAsync(cancellation)).Repeats);
    }
}
