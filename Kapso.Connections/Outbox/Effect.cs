using System.Text.Json.Serialization;

namespace Kapso.Connections.Outbox;

/// <summary>Something that must happen outside of the connection's record because of a decision.</summary>
public enum EffectKind
{
    /// <summary>Ask the platform's API about a number.</summary>
    Confirm,

    /// <summary>Start the welcome flow for a customer and number.</summary>
    Welcome,

    /// <summary>Tell the company's application of a change; in order within the connection.</summary>
    Notify,

    /// <summary>Tell the customer who had the number before that it is claimed here. Run by the engine itself.</summary>
    Release,
}

/// <summary>What a notify tells.</summary>
public enum NotifyType
{
    /// <summary><c>connection.connected</c></summary>
    Connected,

    /// <summary><c>connection.gone</c></summary>
    Gone,

    /// <summary><c>connection.setup_failed</c></summary>
    SetupFailed,

    /// <summary><c>connection.attention</c></summary>
    Attention,

    /// <summary><c>connection.reconnect_link</c>.</summary>
    ReconnectLink,
}

/// <summary>A claim on an effect: who sends it, and until when nobody else may.</summary>
/// <param name="Holder">The process or activation that claimed it.</param>
/// <param name="Until">When the claim lapses. Past that the outcome is unknown.</param>
public sealed record Lease(
    [property: JsonPropertyName("h")] string Holder,
    DateTimeOffset Until)
{
    /// <summary>When the claim lapses, in whole milliseconds.</summary>
    [JsonPropertyName("u")]
    public DateTimeOffset Until { get; init => field = value.ToWholeMilliseconds(); } = Until.ToWholeMilliseconds();
}

/// <summary>One unsettled effect, kept in the outbox of its connection.</summary>
public sealed record Effect
{
    /// <summary>Unique in the project, and stable: the receiver deduplicates by it.</summary>
    [JsonPropertyName("i")]
    public required string Id { get; init; }

    /// <summary>What is to be done.</summary>
    [JsonPropertyName("k")]
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required EffectKind Kind { get; init; }

    /// <summary>Where it stands; never <see cref="EffectStatus.Done"/>, since a settled effect leaves the outbox.</summary>
    [JsonPropertyName("s")]
    public EffectStatus Status { get; init; }

    /// <summary>How often it was claimed: names the attempt that a settlement speaks of.</summary>
    [JsonPropertyName("n")]
    public int Attempt { get; init; }

    /// <summary>When it was decided, in whole milliseconds.</summary>
    [JsonPropertyName("at")]
    public required DateTimeOffset CreatedAt { get; init => field = value.ToWholeMilliseconds(); }

    /// <summary>When it may be claimed (again), in whole milliseconds.</summary>
    [JsonPropertyName("du")]
    public required DateTimeOffset DueAt { get; init => field = value.ToWholeMilliseconds(); }

    /// <summary>The claim, while it is in flight.</summary>
    [JsonPropertyName("l")]
    public Lease? Lease { get; init; }

    /// <summary>An attempt ended without a known outcome: look first, then send.</summary>
    [JsonPropertyName("un")]
    public bool OutcomeUnknown { get; init; }

    /// <summary>When the first attempt was claimed whose outcome is unknown; null where <see cref="OutcomeUnknown"/> is false.</summary>
    [JsonPropertyName("ua")]
    public DateTimeOffset? UnknownAt { get; init => field = value?.ToWholeMilliseconds(); }

    /// <summary>
    /// Welcome: the contact phone when it was claimed, kept while the outcome is unknown: what may have gone out went there.
    /// </summary>
    [JsonPropertyName("to")]
    public string? Recipient { get; init; }

    /// <summary>Dead because nobody could be reached: another contact phone makes it due again.</summary>
    [JsonPropertyName("nr")]
    public bool NoRecipient { get; init; }

    /// <summary>A person asked for this attempt; says that asking again changes nothing.</summary>
    [JsonPropertyName("rs")]
    public bool Resent { get; init; }

    /// <summary>
    /// Welcome: since when it waits for its number, which is gone, to be connected again, or which is a sandbox number, to become a
    /// production one; null while it does not.
    /// </summary>
    [JsonPropertyName("ws")]
    public DateTimeOffset? WaitsSince { get; init => field = value?.ToWholeMilliseconds(); }

    /// <summary>Why the last attempt failed, at most 256 characters.</summary>
    [JsonPropertyName("e")]
    public string? LastError { get; init; }

    /// <summary>The number it is about, where it is about one.</summary>
    [JsonPropertyName("p")]
    public string? PhoneNumberId { get; init; }

    /// <summary>Confirm: the number's proof version when it was asked for.</summary>
    [JsonPropertyName("v")]
    public int ProofVersion { get; init; }

    /// <summary>Notify: what it tells.</summary>
    [JsonPropertyName("t")]
    public NotifyType? NotifyType { get; init; }

    /// <summary>
    /// Notify: the number of its change within the connection, from 1. Changes that were not told leave gaps: those that made
    /// room (see <see cref="Dropped"/>), and those of a time in which the project wanted no notifies.
    /// </summary>
    [JsonPropertyName("q")]
    public long Sequence { get; init; }

    /// <summary>Notify: how many before it were dropped untold, since more waited than are kept.</summary>
    [JsonPropertyName("dr")]
    public int Dropped { get; init; }

    /// <summary><see cref="Detail"/> of a notify of a number that came back: it is connected again, or was before this service knew it.</summary>
    public const string Returned = "returned";

    /// <summary><see cref="Detail"/> of a notify of a reconnect link that somebody asked for.</summary>
    public const string ReconnectAskedFor = "reconnect_asked_for";

    /// <summary><see cref="Detail"/> of a notify of a reconnect link that the service made by itself.</summary>
    public const string ReconnectAutomatic = "reconnect_automatic";

    /// <summary>
    /// Notify: the failed setup's code, what needs attention, who had a reconnect link made, or <see cref="Returned"/>. Release: the other
    /// customer's id.
    /// </summary>
    [JsonPropertyName("d")]
    public string? Detail { get; init; }

    /// <summary>Release: when the proof behind it was received.</summary>
    [JsonPropertyName("pa")]
    public DateTimeOffset? ProvenAt { get; init; }

    /// <summary>Notify: the id of its receiver; null for the default one, whose were all before there were several.</summary>
    [JsonPropertyName("rc")]
    public string? Receiver { get; init; }

    /// <summary>Notify, held: its receiver is disabled, or not configured. It is due again when the receiver is enabled.</summary>
    [JsonPropertyName("wr")]
    public bool WaitsForReceiver { get; init; }

    /// <summary>Notify: the setup link it is about, where it is about one.</summary>
    [JsonPropertyName("sl")]
    public string? SetupLinkId { get; init; }

    /// <summary>Notify: what was so when it was decided; null where an earlier version decided it: then what is so when it is sent is told.</summary>
    [JsonPropertyName("f")]
    public DecidedFacts? Facts { get; init; }

    /// <summary>W3C <c>traceparent</c> of the delivery that led to it.</summary>
    [JsonPropertyName("tp")]
    public string? TraceParent { get; init; }

    /// <summary>What it is and where it stands: no phone.</summary>
    public override string ToString() => $"{Id} ({Status})";

    /// <summary>
    /// What a <see cref="EffectKind.Release"/> tells the customer who had its number before; dated by the proof behind it, since it
    /// is told late if the engine was down.
    /// </summary>
    public Observation ToClaim() => new()
    {
        Kind = ObservationKind.ClaimedElsewhere,
        Source = Source.Service,
        Event = Observation.ClaimedElsewhereEvent,
        PhoneNumberId = PhoneNumberId,
        ReceivedAt = ProvenAt ?? CreatedAt,
        TraceParent = TraceParent,
    };
}
