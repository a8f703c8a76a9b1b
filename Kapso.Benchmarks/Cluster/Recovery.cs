using System.Diagnostics;
using Kapso.Benchmarks.Scenarios;

namespace Kapso.Benchmarks.Cluster;

/// <summary>How a cluster is stopped: killed, or asked to end.</summary>
internal enum StopSignal
{
    Kill,
    Term,
}

/// <summary>
/// What a cluster does that was stopped as a whole, Redis included, while nobody took its welcomes: it starts again, the
/// receiver is there, and the clock runs until the last welcome is settled.
/// </summary>
internal static class Recovery
{
    /// <summary>Stops a cluster with so many welcomes pending, and says in a sentence how long its start took.</summary>
    public static async Task<string> MeasureAsync(TargetFactory factory, int count, StopSignal stop, CancellationToken cancellation)
    {
        var port = ChildProcess.FreePort();
        await using var cluster = await factory.StartClusterAsync(
            new Uri($"http://127.0.0.1:{port}/welcome"), ClusterSize.Usual, cancellation);
        var target = factory.TargetOf(cluster);
        await SteadyLoad.SendAsync(target, count, cancellation);
        await cluster.StopAsync(stop == StopSignal.Kill);
        await using var receiver = await ReceiverProcess.StartAsync(port, cancellation);

        var start = Stopwatch.GetTimestamp();
        await cluster.RestartAsync(cancellation);
        var started = Stopwatch.GetElapsedTime(start);
        await new OutboxDrain(target, receiver).WaitAsync(count, cancellation);
        var settled = Stopwatch.GetElapsedTime(start);

        var customers = await receiver.ReadCustomersAsync(int.MaxValue, cancellation);
        if (customers.Distinct().Count() != count || await target.Stored!.CountUnsettledAsync(customers, cancellation) > 0)
        {
            throw new BenchmarkException($"{count} welcomes were pending, and not each of them was received under one id and settled.");
        }

        var repeats = (await receiver.CountAsync(cancellation)).Repeats;
        return $"After a stop of the whole cluster by SIG{stop.ToString().ToUpperInvariant()} with {count:N0} welcomes pending: ready {started.TotalSeconds:N1} s after its start, the last welcome settled after {settled.TotalSeconds:N1} s; each was received, {repeats} of them twice.";
    }
}
