using System.Diagnostics;

namespace Kapso.Benchmarks.Scenarios;

/// <summary>Waits until every welcome was received and settled.</summary>
internal sealed class OutboxDrain(Target target, ReceiverProcess receiver)
{
    /// <summary>
    /// The customers welcomed last are asked for while the clock runs: more than any target keeps in flight. All of
    /// them are asked for after it stopped.
    /// </summary>
    private const int Last = 256;

    /// <summary>How long the outbox may take to become flat after the last delivery.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(10);

    /// <exception cref="BenchmarkException">It took longer than the limit.</exception>
    public async Task WaitAsync(int expected, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        var reported = start;
        while (true)
        {
            var count = await receiver.CountAsync(cancellation);
            if (count.Distinct >= expected && await IsSettledAsync(cancellation))
            {
                return;
            }

            if (Stopwatch.GetElapsedTime(start) > Limit)
            {
                throw new BenchmarkException(
                    $"{target.Name}: {count.Distinct} of {expected} welcomes were received, or not all of them were settled, "
                    + $"{Limit.TotalSeconds} s after the last delivery.");
            }

            if (Stopwatch.GetElapsedTime(reported) > ReportInterval)
            {
                reported = Stopwatch.GetTimestamp();
                await Console.Error.WriteLineAsync($"  waiting for the outbox: {count.Distinct} of {expected} welcomes received");
            }

            await Task.Delay(Interval, cancellation);
        }
    }

    private async Task<bool> IsSettledAsync(CancellationToken cancellation) =>
        target.Stored is null
        || await target.Stored.CountUnsettledAsync(await receiver.ReadCustomersAsync(Last, cancellation), cancellation) == 0;
}
