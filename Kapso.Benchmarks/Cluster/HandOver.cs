using Kapso.Benchmarks.Load;
using Kapso.Benchmarks.Scenarios;

namespace Kapso.Benchmarks.Cluster;

/// <summary>
/// What an orderly stop of a silo costs while deliveries come and the receiver of welcomes is slow: how long the stop takes, and
/// how late the latest welcome is. The silos are stopped in turn, each started again before the next.
/// </summary>
internal static class HandOver
{
    private const int Connections = 64;

    /// <summary>How long deliveries come in each run.</summary>
    private static readonly TimeSpan Load = TimeSpan.FromSeconds(10);

    /// <summary>When the silo is told to stop: welcomes are on their way by then.</summary>
    private static readonly TimeSpan StopAfter = TimeSpan.FromSeconds(4);

    /// <summary>The longest that a welcome is waited for: more than a lease and what precedes it.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>Until both silos know each other, and the API both.</summary>
    private static readonly TimeSpan Acquaintance = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    /// <summary>Stops so many silos, one after the other, and says in a sentence what came of it.</summary>
    /// <param name="factory">Starts the cluster.</param>
    /// <param name="runs">How many stops.</param>
    /// <param name="rate">Deliveries per second, each of a new customer.</param>
    /// <param name="delay">How long the receiver takes for each welcome.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<string> MeasureAsync(
        TargetFactory factory, int runs, double rate, TimeSpan delay, CancellationToken cancellation)
    {
        await using var receiver = await ReceiverProcess.StartAsync(ChildProcess.FreePort(), cancellation, delay);
        await using var cluster = await factory.StartClusterAsync(receiver.Welcomes, ClusterSize.Usual, cancellation);
        var target = factory.TargetOf(cluster);
        using var deliveries = new Deliveries(Scenario.New, target.Webhook, target.Credentials);
        using var generator = new LoadGenerator(
            await target.ResolveAsync(cancellation), Connections, deliveries, StatusCodes.Status200OK);
        generator.Run(Load, rate, cancellation);
        var latest = new List<TimeSpan>();
        var stops = new List<TimeSpan>();
        for (var run = 0; run < runs; run++)
        {
            await Task.Delay(Acquaintance, cancellation);
            var silo = run % cluster.Size.Silos;
            var first = generator.Sent;
            var start = DateTime.UtcNow;
            var sending = Task.Run(() => generator.Run(Load, rate, cancellation), cancellation);
            await Task.Delay(StopAfter, cancellation);
            stops.Add(await cluster.StopSiloAsync(silo));
            var load = await sending;

            var welcomes = await ReceiveAsync(receiver, generator.Answered.Count, cancellation);
            latest.Add(generator.Answered.Where(delivery => delivery >= first)
                .Max(delivery => welcomes[deliveries.Customer(delivery)] - start - TimeSpan.FromSeconds((delivery - first) / rate)));
            var repeats = (await receiver.CountAsync(cancellation)).Repeats;
            await Console.Error.WriteLineAsync(
                $"  run {run + 1}: stopped in {stops[^1].TotalSeconds:N1} s, the latest welcome taken {latest[^1].TotalSeconds:N1} s after its delivery was due, slowest answer {load.Slowest.TotalSeconds:N1} s, {load.ErrorCount} errors; {repeats} welcomes repeated so far");
            await cluster.StartSiloAsync(silo, cancellation);
        }

        latest.Sort();
        stops.Sort();
        return $"{runs} silos stopped in order at {rate:N0} deliveries/s, with a receiver that takes {delay.TotalSeconds:N1} s: the latest welcome of each run was taken {latest[latest.Count / 2].TotalSeconds:N1} s (median), {latest[^1].TotalSeconds:N1} s (worst) after its delivery was due; a stop took {stops[stops.Count / 2].TotalSeconds:N1} s (median), {stops[^1].TotalSeconds:N1} s (worst).";
    }

    /// <summary>Waits until so many customers are welcomed; when each was.</summary>
    private static async Task<Dictionary<Guid, DateTime>> ReceiveAsync(ReceiverProcess receiver, int count, CancellationToken cancellation)
    {
        var giveUpAt = DateTime.UtcNow + Limit;
        while ((await receiver.CountAsync(cancellation)).Distinct < count)
        {
            if (DateTime.UtcNow > giveUpAt)
            {
                throw new BenchmarkException($"{(await receiver.CountAsync(cancellation)).Distinct} of {count} customers were welcomed within {Limit.TotalMinutes:N0} minutes.");
            }

            await Task.Delay(Interval, cancellation);
        }

        return (await receiver.ReadWelcomesAsync(int.MaxValue, cancellation)).ToDictionary(welcome => welcome.Customer, welcome => welcome.TakenAt);
    }
}
