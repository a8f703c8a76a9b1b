using System.Threading.RateLimiting;

namespace Kapso.Web.Http;

/// <summary>Token buckets that are full at first and fill up again within a minute.</summary>
internal static class Buckets
{
    private const int PeriodsPerMinute = 6;

    /// <summary>So many a minute, and as many at once.</summary>
    public static TokenBucketRateLimiterOptions PerMinute(int permits) => new()
    {
        TokenLimit = permits,
        TokensPerPeriod = Math.Max(1, permits / PeriodsPerMinute),
        ReplenishmentPeriod = TimeSpan.FromMinutes(1) / PeriodsPerMinute,
        QueueLimit = 0,
        AutoReplenishment = true,
    };
}
