using System.Collections.Concurrent;
using System.Threading.RateLimiting;
using Kapso.Platform.Api;

namespace Kapso.Grains.Budget;

/// <summary>
/// Keeps each project's calls below the platform's limit per minute, for all processes of the cluster together, with the same
/// shares and the same precedence as <see cref="Platform.Api.Budget.RequestBudget"/> has in one. While Redis does not answer
/// no call is made.
/// </summary>
internal sealed class ClusterBudget(SharedMinute minute) : PartitionedRateLimiter<PlatformCall>
{
    private readonly ConcurrentDictionary<string, ProjectTurns> _projects = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Null: nobody reads statistics of this limiter.</summary>
    public override RateLimiterStatistics? GetStatistics(PlatformCall resource) => null;

    /// <inheritdoc/>
    protected override RateLimitLease AttemptAcquireCore(PlatformCall resource, int permitCount) =>
        throw new NotSupportedException("Ask with AcquireAsync: the answer comes from Redis.");

    /// <inheritdoc/>
    protected override ValueTask<RateLimitLease> AcquireAsyncCore(
        PlatformCall resource, int permitCount, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(permitCount, 1);
        return _projects
            .GetOrAdd(resource.ProjectId, project => new ProjectTurns(project, minute, _stop.Token))
            .TakeAsync(resource.Purpose, cancellationToken);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _stop.Cancel();
            _stop.Dispose();
        }

        base.Dispose(disposing);
    }
}
