using System.Diagnostics;
using Kapso.Benchmarks.Load;
using Kapso.Benchmarks.Scenarios;

namespace Kapso.Benchmarks.Cluster;

/// <summary>
/// The first seconds of a cluster that was just started with an empty store: from the start of all its processes, Redis included,
/// until a delivery is applied, and how long deliveries take in the ten seconds that follow.
/// </summary>
internal static class ColdStart
{
    /// <summary>Of the rate that it sustains once it is warm.</summary>
    private const double Share = 0.25;

    private const int Connections = 64;
    private const long FirstNumber = 300_000_000_000_000;
    private static readonly TimeSpan FirstSeconds = TimeSpan.FromSeconds(10);

    /// <summary>Between two tries: how exactly the first is timed. What is tried in vain may be parked, and is folded in later.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    /// <summary>Starts it so often, each time anew, and says in a sentence what was found.</summary>
    public static async Task<string> MeasureAsync(
        TargetFactory factory, double sustained, int runs, CancellationToken cancellation)
    {
        await factory.PrepareClusterAsync(cancellation);
        var starts = new List<TimeSpan>();
        var percentiles = new List<TimeSpan>();
        for (var run = 0; run < runs; run++)
        {
            var start = Stopwatch.GetTimestamp();
            await using var cluster = await factory.LaunchClusterAsync(welcomes: null, ClusterSize.Usual, cancellation);
            var target = factory.TargetOf(cluster);
            using var deliveries = new Deliveries(Scenario.New, target.Webhook, target.Credentials);
            deliveries.SignAhead((int)(sustained * Share * FirstSeconds.TotalSeconds));
            starts.Add(await FirstAppliedAsync(target, start, cancellation));
            using var generator = new LoadGenerator(
                await target.ResolveAsync(cancellation), Connections, deliveries, StatusCodes.Status200OK);
            var load = generator.Run(FirstSeconds, sustained * Share, cancellation);
            if (load.ErrorCount > 0)
            {
                throw new BenchmarkException(
                    $"In the first seconds: {string.Join(", ", load.Errors.Select(error => $"{error.Key}: {error.Value}"))}.");
            }

            percentiles.Add(TimeSpan.FromTicks(load.Latency.GetValueAtPercentile(99)));
            await Console.Error.WriteLineAsync(
                $"  run {run + 1}: applied after {starts[^1].TotalSeconds:N1} s, then p99 {percentiles[^1].TotalMilliseconds:N1} ms, slowest {load.Slowest.TotalMilliseconds:N1} ms");
        }

        starts.Sort();
        percentiles.Sort();
        return $"From the start of all processes until a delivery is applied: median {starts[starts.Count / 2].TotalSeconds:N1} s, worst {starts[^1].TotalSeconds:N1} s. In the {FirstSeconds.TotalSeconds:N0} s after that, at {sustained * Share:N0}/s, p99: median {percentiles[percentiles.Count / 2].TotalMilliseconds:N1} ms, worst {percentiles[^1].TotalMilliseconds:N1} ms. Runs: {runs}.";
    }

    /// <summary>Delivers for a customer of its own every few moments, without waiting for the answers, until one is applied.</summary>
    public static async Task<TimeSpan> FirstAppliedAsync(Target target, long start, CancellationToken cancellation)
    {
        using var customers = new Customers(target.Address, target.Credentials);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        stop.CancelAfter(TimeSpan.FromMinutes(5));
        var first = new TaskCompletionSource<TimeSpan>(TaskCreationOptions.RunContinuationsAsynchronously);
        var attempts = new List<Task>();
        while (!first.Task.IsCompleted)
        {
            attempts.Add(TryAsync(FirstNumber + Stopwatch.GetTimestamp()));
            await Task.WhenAny(first.Task, Task.Delay(Interval, stop.Token));
            if (stop.IsCancellationRequested)
            {
                cancellation.ThrowIfCancellationRequested();
                throw new BenchmarkException($"{target.Name}: nothing was applied within five minutes of its start.");
            }
        }

        await stop.CancelAsync();
        await Task.WhenAll(attempts);
        return await first.Task;

        async Task TryAsync(long number)
        {
            try
            {
                if (await customers.ConnectAsync($"first-{number}", number, stop.Token))
                {
                    first.TrySetResult(Stopwatch.GetElapsedTime(start));
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
            {
                // Nothing listens yet, or another was applied.
            }
        }
    }
}
