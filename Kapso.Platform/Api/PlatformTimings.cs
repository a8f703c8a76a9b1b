namespace Kapso.Platform.Api;

/// <summary>How long calls take at most, and how they are repeated.</summary>
internal sealed record PlatformTimings
{
    /// <summary>What the service runs with.</summary>
    public static PlatformTimings Default { get; } = new();

    /// <summary>One attempt, from its sending to the end of its answer.</summary>
    public TimeSpan Attempt { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>A whole call with its attempts and waits: well below the shortest sensible lease of an effect.</summary>
    public TimeSpan Call { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>A whole call of reconciliation: its share of the budget may be used up for a minute, and nobody waits for it.</summary>
    public TimeSpan ReconciliationCall { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>How often a GET or PATCH is repeated.</summary>
    public int Repeats { get; init; } = 3;

    /// <summary>Wait before the first repeat, doubled before each further one, with jitter.</summary>
    public TimeSpan RepeatDelay { get; init; } = TimeSpan.FromMilliseconds(400);

    /// <summary>Longest wait that a 429 may ask for and a call sits out; a longer one is the caller's.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Attempts within <see cref="CircuitSampling"/> before the circuit can open.</summary>
    public int CircuitMinimum { get; init; } = 10;

    /// <summary>The time whose attempts count; the circuit opens when half of them failed.</summary>
    public TimeSpan CircuitSampling { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long it stays open before one attempt is let through.</summary>
    public TimeSpan CircuitBreak { get; init; } = TimeSpan.FromSeconds(15);
}
