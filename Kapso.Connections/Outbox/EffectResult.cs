using System.Text.Json.Serialization;

namespace Kapso.Connections.Outbox;

/// <summary>How an attempt at an effect ended.</summary>
public enum EffectResultKind
{
    /// <summary>It took effect.</summary>
    Done,

    /// <summary>It did not take effect, or the receiver deduplicates: try again later.</summary>
    Retry,

    /// <summary>The outcome is unknown and sending again could repeat it: a person must tell.</summary>
    Held,

    /// <summary>It was refused for good.</summary>
    Dead,
}

/// <summary>A receiver's answer to one attempt.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The first kilobyte of the body, as text; null where there was none, or it did not come in time.</param>
/// <param name="Milliseconds">How long the attempt took until the answer's head was there.</param>
public sealed record Exchange(int Status, string? Body, long Milliseconds)
{
    /// <summary>Bytes of a body that are kept.</summary>
    public const int MaxBody = 1_024;
}

/// <summary>The outcome of one attempt, as an effect runner reports it.</summary>
public sealed record EffectResult
{
    /// <summary>How it ended.</summary>
    public required EffectResultKind Kind { get; init; }

    /// <summary>Why it did not take effect, for people: no secret, no body, at most 256 characters are kept.</summary>
    public string? Error { get; init; }

    /// <summary>Earliest time until the next attempt, where the receiver named one; at most <see cref="ConnectionPolicy.MaxPutOff"/> counts.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether the attempt may have taken effect although it failed (timed out, broken answer).</summary>
    public bool OutcomeUnknown { get; init; }

    /// <summary>
    /// Whether the next attempt is due at once: this one failed because the process stops, and by no fault of the receiver's. A silo of an
    /// earlier version does not know it, and waits as after any failure.
    /// </summary>
    public bool HandedOver { get; init; }

    /// <summary>Confirm: what the platform's API said. It is observed and the confirm is settled in one write.</summary>
    public Observation? Answer { get; init; }

    /// <summary>Dead because nobody could be reached: another contact phone makes it due again.</summary>
    public bool NoRecipient { get; init; }

    /// <summary>Welcome: the platform's id of the message that went out, where there is one.</summary>
    public string? MessageId { get; init; }

    /// <summary>Notify: what the receiver answered; null where it did not.</summary>
    public Exchange? Exchange { get; init; }

    /// <summary>It took effect.</summary>
    [JsonIgnore]
    public static EffectResult Done { get; } = new() { Kind = EffectResultKind.Done };

    /// <summary>Try again later.</summary>
    public static EffectResult Retry(string error, TimeSpan? retryAfter = null, bool outcomeUnknown = false) =>
        new() { Kind = EffectResultKind.Retry, Error = error, RetryAfter = retryAfter, OutcomeUnknown = outcomeUnknown };

    /// <summary>Refused for good.</summary>
    public static EffectResult Dead(string error) => new() { Kind = EffectResultKind.Dead, Error = error };

    /// <summary>Only a person can tell.</summary>
    public static EffectResult Held(string error) => new() { Kind = EffectResultKind.Held, Error = error };
}
