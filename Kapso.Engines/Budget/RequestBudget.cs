using System.Collections.Concurrent;
using System.Threading.RateLimiting;

namespace Kapso.Engines.Budget;

/// <summary>
/// Keeps each project's calls below the platform's limit per minute, whoever makes them. Calls that have to wait go in the order
/// of their <see cref="CallPurpose"/>; look-ups for unknown redirects get at most 5 %, reconciliation at most 30 % of a minute's
/// calls. While the minute cannot be asked no call is made.
/// </summary>
/// <param name="minute">Where calls are counted: in this process, or for all of a cluster.</param>
/// <param name="time">Tells when to ask the minute again.</param>
public sealed class RequestBudget(IMinute minute, TimeProvider time) : PartitionedRateLimiter<PlatformCall>
{
    private readonly ConcurrentDictionary<string, ProjectCalls> _projects = new(StringComparer.Ordinal);

    /// <summary>Null: nobody reads statistics of this limiter.</summary>
    public override RateLimiterStatistics? GetStatistics(PlatformCall resource) => null;

    /// <inheritdoc/>
    protected override RateLimitLease AttemptAcquireCore(PlatformCall resource, int permitCount) =>
        throw new NotSupportedException("Ask with AcquireAsync: the answer may come from another process.");

    /// <inheritdoc/>
    protected override ValueTask<RateLimitLease> AcquireAsyncCore(
        PlatformCall resource, int permitCount, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(permitCount, 1);
        return _projects
            .GetOrAdd(resource.ProjectId, project => new ProjectCalls(project, minute, time))
            .TakeAsync(resource.Purpose, cancellationToken);
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
}
