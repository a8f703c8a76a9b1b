using System.Diagnostics.CodeAnalysis;
using System.Threading.RateLimiting;

namespace Kapso.Engines.Budget;

/// <summary>Leave to make one call, or the time after which to ask again.</summary>
public sealed class BudgetLease : RateLimitLease
{
    private static readonly string[] Names = [System.Threading.RateLimiting.MetadataName.RetryAfter.Name];

    private readonly TimeSpan? _retryAfter;

    private BudgetLease(bool acquired, TimeSpan? retryAfter) => (IsAcquired, _retryAfter) = (acquired, retryAfter);

    public static BudgetLease Granted { get; } = new(acquired: true, retryAfter: null);

    public override bool IsAcquired { get; }

    public override IEnumerable<string> MetadataNames => _retryAfter is null ? [] : Names;

    public static BudgetLease Refused(TimeSpan retryAfter) => new(acquired: false, retryAfter);

    public override bool TryGetMetadata(string metadataName, [NotNullWhen(true)] out object? metadata)
    {
        metadata = metadataName == System.Threading.RateLimiting.MetadataName.RetryAfter.Name ? _retryAfter : null;
        return metadata is not null;
    }
}
