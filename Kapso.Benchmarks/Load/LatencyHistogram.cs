using System.Numerics;

namespace Kapso.Benchmarks.Load;

/// <summary>Counts latencies in buckets less than 1 % wide, so that a million of them cost a few kilobytes.</summary>
internal sealed class LatencyHistogram
{
    private const int SubBucketBits = 7;
    private const int SubBuckets = 1 << SubBucketBits;

    private readonly long[] counts = new long[(64 - SubBucketBits) * SubBuckets];

    public long Count { get; private set; }

    public TimeSpan Maximum { get; private set; }

    public void Record(TimeSpan latency)
    {
        var ticks = Math.Max(0, latency.Ticks);
        counts[Bucket(ticks)]++;
        Count++;
        if (latency > Maximum)
        {
            Maximum = latency;
        }
    }

    /// <summary>The latency that this share of all (0 to 1) did not exceed, rounded up to its bucket's end.</summary>
    public TimeSpan Percentile(double share)
    {
        var rank = Math.Max(1, (long)Math.Ceiling(Count * share));
        long seen = 0;
        for (var bucket = 0; bucket < counts.Length; bucket++)
        {
            seen += counts[bucket];
            if (seen >= rank)
            {
                return TimeSpan.FromTicks(Math.Min(End(bucket), Maximum.Ticks));
            }
        }

        return TimeSpan.Zero;
    }

    private static int Bucket(long ticks)
    {
        if (ticks < SubBuckets)
        {
            return (int)ticks;
        }

        var shift = 63 - BitOperations.LeadingZeroCount((ulong)ticks) - SubBucketBits;
        return (shift * SubBuckets) + (int)(ticks >> shift);
    }

    private static long End(int bucket)
    {
        if (bucket < 2 * SubBuckets)
        {
            return bucket;
        }

        var shift = (bucket / SubBuckets) - 1;
        return ((long)(bucket - (shift * SubBuckets) + 1) << shift) - 1;
    }
}
