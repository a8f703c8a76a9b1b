using System.Threading.RateLimiting;
using Kapso.Web.Http;
using Microsoft.AspNetCore.Http;

namespace Kapso.Web.Customers.Redirects;

/// <summary>
/// How many redirects are recorded. Anyone can type one: without a valid state they count by client address and all
/// together; with one, by that state. Beyond it the browser still gets its page.
/// </summary>
internal sealed class RedirectLimits(WebLimits limits) : IDisposable
{
    private readonly PartitionedRateLimiter<string> _perVisitor =
        PartitionedRateLimiter.Create<string, string>(visitor => RateLimitPartition.GetTokenBucketLimiter(
            visitor, _ => Buckets.PerMinute(limits.RedirectsPerMinute)));

    private readonly TokenBucketRateLimiter _inAll = new(Buckets.PerMinute(limits.RedirectsPerMinuteInAll));

    /// <summary>Whether one more redirect with this valid state may be recorded.</summary>
    public bool MayRecord(string state)
    {
        using var lease = _perVisitor.AttemptAcquire("state " + state);
        return lease.IsAcquired;
    }

    /// <summary>Whether one more redirect without a valid state may be recorded.</summary>
    public bool MayRecord(HttpContext context)
    {
        using var visitor = _perVisitor.AttemptAcquire("address " + ClientAddress.Of(context));
        if (!visitor.IsAcquired)
            return false;
        using var all = _inAll.AttemptAcquire();
        return all.IsAcquired;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _perVisitor.Dispose();
        _inAll.Dispose();
    }
}
