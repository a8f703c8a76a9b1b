using System.Collections.Immutable;

namespace Kapso.Connections.Reconciling;

/// <summary>
/// Where the reconciliation of one project stands: the pass that runs, how the last one ended, and what needs a person. An
/// immutable value that an engine keeps; changed only by <see cref="Passes"/> and written only over the version it was read at.
/// </summary>
public sealed record Reconciliation
{
    /// <summary>Counts the writes, from 1; 0 for a project that was never reconciled.</summary>
    public long Version { get; init; }

    /// <summary>The pass that is not finished; whether anybody works at it, its lease tells.</summary>
    public ReconciliationPass? Running { get; init; }

    /// <summary>How the last pass ended.</summary>
    public ReconciliationReport? Last { get; init; }

    /// <summary>When the last pass began that read the platform's list to its end: what was created before it, less a margin, is known.</summary>
    public DateTimeOffset? ListedUntil { get; init; }

    /// <summary>When the last full pass began that came to its end.</summary>
    public DateTimeOffset? FullAt { get; init; }

    /// <summary>Somebody asked for a full pass, and none has begun since.</summary>
    public bool FullWanted { get; init; }

    /// <summary>Who asked for it, where somebody did; at most <see cref="TimelineEntry.MaxBy"/> characters.</summary>
    public string? WantedBy { get; init; }

    /// <summary>Somebody's word that the numbers of the alarm are gone, which the next full pass takes with it.</summary>
    public GoneAcceptance? GoneAccepted { get; init; }

    /// <summary>What needs a person, each kind once, in the order in which they came.</summary>
    public ImmutableArray<ReconciliationAlarm> Alarms { get; init; } = [];
}
