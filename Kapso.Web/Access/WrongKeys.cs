using System.Threading.RateLimiting;
using Kapso.Web.Audit;
using Kapso.Web.Http;
using Kapso.Web.TurnedAway;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Kapso.Web.Access;

/// <summary>Slows wrong management keys down by the address that they come from, wherever they are brought.</summary>
internal sealed partial class WrongKeys(
    WebLimits limits, TurnedAwayCounter turnedAway, RefusedKeys refused, ILogger<WrongKeys> logger) : IDisposable
{
    private readonly PartitionedRateLimiter<HttpContext> _limiter =
        PartitionedRateLimiter.Create<HttpContext, string>(context => RateLimitPartition.GetTokenBucketLimiter(
            ClientAddress.Of(context), _ => Buckets.PerMinute(limits.WrongKeysPerMinute)));

    /// <summary>Counts a wrong or missing key. False where too many came: then the answer is 429, and when to come again is set.</summary>
    /// <param name="context">The request.</param>
    /// <param name="brought">Whether it brought a key at all.</param>
    /// <param name="action">What it is called in the audit, where one that was brought is counted.</param>
    /// <param name="ended">The key that was brought, where it is one of ours that has ended.</param>
    public bool MayAnswer(HttpContext context, bool brought, string action, KnownKey? ended = null)
    {
        if (brought)
            refused.Count(action, context);
        using var lease = _limiter.AttemptAcquire(context);
        if (!lease.IsAcquired)
        {
            turnedAway.Count(TurnedAwayKind.KeyLimited, null, context);
            context.Response.Headers.RetryAfter = "60";
            return false;
        }

        if (brought)
        {
            turnedAway.Count(TurnedAwayKind.KeyWrong, null, context);
            var network = Network.Of(context.Connection.RemoteIpAddress);
            if (ended is null)
                LogWrong(network);
            else
                LogEnded(ended.By.Name, ended.ExpiresAt, network);
        }

        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _limiter.Dispose();

    [LoggerMessage(1, LogLevel.Warning, "A request with a wrong management key came from {Network}.")]
    private partial void LogWrong(Network network);

    [LoggerMessage(2, LogLevel.Warning, "A request with the management key {Key}, which ended at {ExpiresAt:u}, came from {Network}.")]
    private partial void LogEnded(string key, DateTimeOffset? expiresAt, Network network);
}
