using HdrHistogram;

namespace Kapso.Benchmarks.Load;

/// <summary>What one run of the generator measured.</summary>
/// <param name="Answered">Requests that got the expected status.</param>
/// <param name="Elapsed">From the first request until the last answer.</param>
/// <param name="Latency">
/// Of the expected answers, in ticks of 100 ns and within 0.1 %, from when the request was due: in an open loop that is the schedule, so that waiting for
/// a free connection counts.
/// </param>
/// <param name="Slowest">The longest of them, exactly.</param>
/// <param name="Errors">Everything else, by kind.</param>
/// <param name="GeneratorCpu">Processor time of this process during the run.</param>
/// <param name="SignedLate">Deliveries that had to be signed while the clock ran.</param>
internal sealed record LoadResult(
    long Answered,
    TimeSpan Elapsed,
    LongHistogram Latency,
    TimeSpan Slowest,
    IReadOnlyDictionary<string, long> Errors,
    TimeSpan GeneratorCpu,
    int SignedLate)
{
    public double PerSecond => Answered == 0 ? 0 : Answered / Elapsed.TotalSeconds;

    public long ErrorCount => Errors.Values.Sum();
}
