namespace Kapso.Connections.Observations;

/// <summary>What a delivery says about a number or a setup link: the rows of the decision table, and a failed setup.</summary>
public enum ObservationKind
{
    /// <summary>Webhook <c>whatsapp.phone_number.created</c> (v1: <c>whatsapp.config.created</c>).</summary>
    Created,

    /// <summary>Webhook <c>whatsapp.phone_number.reconnected</c>.</summary>
    Reconnected,

    /// <summary>Webhook <c>whatsapp.phone_number.deleted</c>, <c>.offboarded</c> or <c>.disconnected</c>.</summary>
    Gone,

    /// <summary>A success redirect: a hint that the number was connected.</summary>
    RedirectSucceeded,

    /// <summary>A failure redirect: a hint that the setup behind a link failed.</summary>
    SetupFailed,

    /// <summary>The platform's API: listed, connected, and this customer's.</summary>
    ApiConnected,

    /// <summary>The platform's API: listed, but customer, account or status is null, or the status is not CONNECTED.</summary>
    ApiUnconfirmed,

    /// <summary>The platform's API, asked for this number alone: not there, or another customer's.</summary>
    ApiAbsent,

    /// <summary>Another customer of the project has proven that the number is now theirs.</summary>
    ClaimedElsewhere,

    /// <summary>Webhook <c>whatsapp.account.disabled</c>, <c>.restricted</c>, <c>.violation</c> or <c>.reinstated</c>, for one of the numbers that it names.</summary>
    AccountChanged,

    /// <summary>The platform tells what a customer is called. It speaks of no number.</summary>
    Named,
}

/// <summary>Where an observation or a line of the timeline comes from.</summary>
public enum Source
{
    /// <summary>A signed project webhook: proof.</summary>
    Webhook,

    /// <summary>A customer's browser: a hint.</summary>
    Redirect,

    /// <summary>An answer of the platform's API: proof.</summary>
    Api,

    /// <summary>A person or the company's application, with the management key.</summary>
    Operator,

    /// <summary>This service itself: an effect's outcome, another customer's claim.</summary>
    Service,
}

/// <summary>One piece of news about one customer, as a value. Immutable; says nothing of what it will change.</summary>
public sealed record Observation
{
    /// <summary>What is said.</summary>
    public required ObservationKind Kind { get; init; }

    /// <summary>Who says it.</summary>
    public required Source Source { get; init; }

    /// <summary>The event's name for the timeline, at most 128 characters: the webhook's event, or e.g. <c>redirect.success</c>.</summary>
    public required string Event { get; init; }

    /// <summary>Meta's <c>phone_number_id</c>; null only for a failed setup and for <see cref="ObservationKind.Named"/>.</summary>
    public string? PhoneNumberId { get; init; }

    /// <summary>
    /// When this service received the delivery. A replayed delivery keeps its first time, and another customer's claim the
    /// time of the proof behind it. Kept in whole milliseconds, as records are stored.
    /// </summary>
    public required DateTimeOffset ReceivedAt { get; init => field = value.ToWholeMilliseconds(); }

    /// <summary>
    /// True where the delivery waited (parked, then replayed): it may be older than what is known, so
    /// <see cref="ReceivedAt"/> is compared with the last proof. A live delivery is news whatever the clock says.
    /// </summary>
    public bool Replayed { get; init; }

    /// <summary>When the platform says that it happened (<c>occurred_at</c>), where the event carries it.</summary>
    public DateTimeOffset? OccurredAt { get; init => field = value?.ToWholeMilliseconds(); }

    /// <summary>The delivery's idempotency key; for the timeline only, decisions never rest on it.</summary>
    public string? DeliveryId { get; init; }

    /// <summary>The platform's id of the setup link, where the delivery names it.</summary>
    public string? SetupLinkId { get; init; }

    /// <summary>The state of ours that the redirect came with, where it came with one.</summary>
    public string? State { get; init; }

    /// <summary>A failed setup's code: one of <see cref="Redirects.SetupErrorCodes"/>, never free text.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>Display number, account and names as told. Proven only where the source is the webhook or the API.</summary>
    public NumberDetails? Details { get; init; }

    /// <summary>How the number is connected, in the platform's word as it came: <c>dedicated</c>, <c>coexistence</c>; null where it is not told.</summary>
    public string? ConnectionType { get; init; }

    /// <summary>Why the number went, where the platform says it.</summary>
    public Disconnection? Disconnection { get; init; }

    /// <summary>What is said of the number's account; only with <see cref="ObservationKind.AccountChanged"/>.</summary>
    public AccountNews? Account { get; init; }

    /// <summary>What the customer is called. Counts only where the source is the webhook or the API.</summary>
    public CustomerNames? Customer { get; init; }

    /// <summary>API answers: when the platform created the number's row.</summary>
    public DateTimeOffset? RowCreatedAt { get; init => field = value?.ToWholeMilliseconds(); }

    /// <summary>API answers that prove nothing, or that the number is not there: why. Null where it is not told, and for any other news.</summary>
    public RowFinding? Finding { get; init; }

    /// <summary>API answers: the platform's own word for the number's status, at most 40 printable characters; null where its row tells none.</summary>
    public string? PlatformStatus { get; init; }

    /// <summary>API answers: the platform's kind of the number, at most 40 printable characters; null where its row tells none.</summary>
    public string? NumberKind { get; init; }

    /// <summary>API answers to a confirm: the number's proof version that the question carried. Another version makes the answer stale.</summary>
    public int? ProofVersion { get; init; }

    /// <summary>
    /// The customer that owned the number by the engine's index when this was observed, where it is another one.
    /// If the number becomes connected here, that customer is told (effect <see cref="EffectKind.Release"/>).
    /// </summary>
    public string? PreviousOwner { get; init; }

    /// <summary>W3C <c>traceparent</c> of the delivery, kept with the effects that follow from it.</summary>
    public string? TraceParent { get; init; }

    /// <summary>The event's name of another customer's claim.</summary>
    public const string ClaimedElsewhereEvent = "number.claimed_elsewhere";

    /// <summary>The event's name of a customer's names that the platform tells of by themselves.</summary>
    public const string NamedEvent = "customer.named";
}
