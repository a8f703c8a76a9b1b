using System.Collections.Concurrent;
using System.Threading.RateLimiting;

namespace Kapso.Platform.Api.Budget;

/// <summary>
/// Keeps each project's calls below the platform's limit per minute, where this process is the only one. Calls that have to wait go in the
/// order of their <see cref="CallPurpose"/>; look-ups for unknown redirects get at most 5 %, reconciliation at most 30 % of
/// a minute's calls. A cluster registers a limiter of its own in place of this one.
/// </summary>
/// <param name="requestsPerMinute">The plan's limit, at least 1.</param>
/// <param name="time">Tells when a minute is over.</param>
public sealed class RequestBudget(int requestsPerMinute, TimeProvider time) : PartitionedRateLimiter<PlatformCall>
{
    private readonly ConcurrentDictionary<string, ProjectBudget> _projects = new(StringComparer.Ordinal);

    /// <summary>Null: nobody reads statistics of this limiter.</summary>
    public override RateLimiterStatistics? GetStatistics(PlatformCall resource) => null;

    /// <inheritdoc/>
    protected override RateLimitLease AttemptAcquireCore(PlatformCall resource, int permitCount)
    {
        OneOnly(permitCount);
        return Of(resource).TryTake(resource.Purpose);
    }

    /// <inheritdoc/>
    protected override ValueTask<RateLimitLease> AcquireAsyncCore(
        PlatformCall resource, int permitCount, CancellationToken cancellationToken)
    {
        OneOnly(permitCount);
        return Of(resource).TakeAsync(resource.Purpose, cancellationToken);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var project in _projects.Values)
                project.Dispose();
        }

        base.Dispose(disposing);
    }

    private static void OneOnly(int permitCount) => ArgumentOutOfRangeException.ThrowIfNotEqual(permitCount, 1);

    private ProjectBudget Of(PlatformCall call) =>
        _projects.GetOrAdd(call.ProjectId, _ => new ProjectBudget(requestsPerMinute, time));
}
