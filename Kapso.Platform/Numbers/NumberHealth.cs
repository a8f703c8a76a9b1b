using Kapso.Platform.Api;

namespace Kapso.Platform.Numbers;

/// <summary>What the platform told of a number's health and quality.</summary>
public sealed record NumberHealth
{
    /// <summary>When this service asked.</summary>
    public required DateTimeOffset AskedAt { get; init; }

    /// <summary>How the question ended: done where the platform told anything.</summary>
    public required PlatformOutcome Outcome { get; init; }

    /// <summary>From when the answer is: the platform keeps it for up to 3 minutes.</summary>
    public DateTimeOffset AsOf { get; init; }

    /// <summary>The platform's word, <c>healthy</c> or another; null where it did not tell.</summary>
    public string? Health { get; init; }

    /// <summary>The checks that did not pass.</summary>
    public IReadOnlyList<string> FailedChecks { get; init; } = [];

    /// <summary><c>GREEN</c>, <c>YELLOW</c>, <c>RED</c>, or another word; null where it did not tell.</summary>
    public string? Quality { get; init; }

    /// <summary>The platform's own word for the number's status; null where it did not tell.</summary>
    public string? PlatformStatus { get; init; }

    /// <summary>What it did not tell, and why, in words for people; null where it told all.</summary>
    public string? Problem { get; init; }

    /// <summary>Earliest time until the next question, where one was named.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
