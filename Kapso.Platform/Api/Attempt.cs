using System.Text.Json;

namespace Kapso.Platform.Api;

/// <summary>How one attempt at a call ended.</summary>
internal enum AttemptEnd
{
    /// <summary>An answer that says what it means: 2xx with JSON (without, to a DELETE), or a refusal.</summary>
    Answered,

    /// <summary>429: turned away before it took effect.</summary>
    Throttled,

    /// <summary>5xx, or 408: whatever happened behind it.</summary>
    ServerError,

    /// <summary>2xx whose body is empty, cut off or not JSON.</summary>
    Broken,

    /// <summary>No connection: never sent.</summary>
    NotSent,

    /// <summary>The connection broke after the request was sent.</summary>
    Lost,

    /// <summary>No answer in time.</summary>
    TimedOut,

    /// <summary>Not made: the budget is used up, the circuit is open, or a 429 asked for time.</summary>
    Withheld,
}

/// <summary>One attempt at a call, read.</summary>
internal sealed record Attempt(AttemptEnd End, string Error)
{
    public int? Status { get; init; }

    public string? Code { get; init; }

    /// <summary>The platform's own words for a refusal, as plain text; empty where it says none.</summary>
    public string Words { get; init; } = "";

    /// <summary>Whether it is the key that is refused.</summary>
    public bool IsKeyRefused { get; init; }

    public JsonElement Body { get; init; }

    public TimeSpan? RetryAfter { get; init; }

    /// <summary>When it was answered, by the platform's clock; null where that is not told.</summary>
    public DateTimeOffset? AnsweredAt { get; init; }

    /// <summary>Whether this attempt or one before it may have taken effect unseen.</summary>
    public bool Uncertain { get; init; }

    public bool IsSuccess => End == AttemptEnd.Answered && Status is >= 200 and < 300;

    /// <summary>Whether the platform itself is unwell: what opens the circuit.</summary>
    public bool IsFailure => End is AttemptEnd.ServerError or AttemptEnd.Broken or AttemptEnd.NotSent or AttemptEnd.Lost or AttemptEnd.TimedOut;

    /// <summary>Whether the request may have taken effect although nobody knows.</summary>
    public bool MayHaveTakenEffect => End is AttemptEnd.ServerError or AttemptEnd.Broken or AttemptEnd.Lost or AttemptEnd.TimedOut;
}
