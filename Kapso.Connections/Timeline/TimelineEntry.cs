using System.Text.Json.Serialization;

namespace Kapso.Connections.Timeline;

/// <summary>What became of an observation.</summary>
public enum Outcome
{
    /// <summary>It changed something.</summary>
    Applied,

    /// <summary>It made a number connected that is older than the service's time: no welcome.</summary>
    Adopted,

    /// <summary>It said what was known.</summary>
    Duplicate,

    /// <summary>It was overtaken by newer news.</summary>
    Stale,

    /// <summary>It was written down and changed nothing yet.</summary>
    Noted,

    /// <summary>Nothing was written: the connection has no room for another number. The delivery is parked.</summary>
    Full,
}

/// <summary>One line of a connection's history. Repeats coalesce into a count with the last time.</summary>
public sealed record TimelineEntry
{
    /// <summary>Longest name in <see cref="By"/>.</summary>
    public const int MaxBy = 64;

    /// <summary>When it was first received, in whole milliseconds.</summary>
    [JsonPropertyName("at")]
    public required DateTimeOffset At { get; init => field = value.ToWholeMilliseconds(); }

    /// <summary>When a repeat was last received; null where there was none.</summary>
    [JsonPropertyName("la")]
    public DateTimeOffset? RepeatedAt { get; init; }

    /// <summary>How often it came again.</summary>
    [JsonPropertyName("n")]
    public int Repeats { get; init; }

    /// <summary>Where it came from.</summary>
    [JsonPropertyName("so")]
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required Source Source { get; init; }

    /// <summary>The event's name.</summary>
    [JsonPropertyName("ev")]
    public required string Event { get; init; }

    /// <summary>What became of it.</summary>
    [JsonPropertyName("o")]
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required Outcome Outcome { get; init; }

    /// <summary>The idempotency key of the first delivery that said so.</summary>
    [JsonPropertyName("id")]
    public string? DeliveryId { get; init; }

    /// <summary>Why, in words; null where the event and outcome say it all.</summary>
    [JsonPropertyName("d")]
    public string? Detail { get; init; }

    /// <summary>The number it speaks of.</summary>
    [JsonPropertyName("p")]
    public string? PhoneNumberId { get; init; }

    /// <summary>The trace of the first delivery that said so, or of the effect: 32 hex digits; null where none is recorded.</summary>
    [JsonPropertyName("t")]
    public string? TraceId { get; init; }

    /// <summary>Who did it, where a person did and gave a name; at most <see cref="MaxBy"/> characters.</summary>
    [JsonPropertyName("b")]
    public string? By { get; init; }

    /// <summary>Whether it was applied as a proof: the first and the last proof of each number are kept.</summary>
    [JsonPropertyName("pr")]
    public bool Proof { get; init; }

    /// <summary>How often it came, from 1.</summary>
    [JsonIgnore]
    public long Count => Repeats + 1L;

    /// <summary>When it was last received.</summary>
    [JsonIgnore]
    public DateTimeOffset LastAt => RepeatedAt ?? At;
}
