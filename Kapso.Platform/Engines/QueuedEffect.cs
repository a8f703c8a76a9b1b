using Kapso.Connections;

namespace Kapso.Platform.Engines;

/// <summary>An effect that was claimed and waits for a slot.</summary>
/// <param name="Claimed">The effect.</param>
/// <param name="At">When it was claimed.</param>
internal sealed record QueuedEffect(ClaimedEffect Claimed, DateTimeOffset At)
{
    /// <summary>Whether so much of its lease has run down in the queue that what is left may not suffice for a send.</summary>
    public bool IsOverdue(DateTimeOffset now) => Claimed.Effect.Lease is not { } lease || now - At > (lease.Until - At) / 2;
}
