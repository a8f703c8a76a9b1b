using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Kapso.Connections;

/// <summary>Where a customer stands, derived from numbers and links; see <see cref="Connection.Status"/>.</summary>
public enum ConnectionStatus
{
    /// <summary>Nothing is known that would say more.</summary>
    None,

    /// <summary>A number is connected.</summary>
    Connected,

    /// <summary>A redirect spoke of a number; nothing proves it yet.</summary>
    Hinted,

    /// <summary>The newest setup link failed.</summary>
    Failed,

    /// <summary>A setup link is live.</summary>
    Invited,

    /// <summary>A number was connected and is gone.</summary>
    Gone,

    /// <summary>A hint was not borne out.</summary>
    Refused,
}

/// <summary>
/// All that is known of one customer: numbers, setup links, outbox, timeline. An immutable value, changed only by
/// <see cref="Decisions"/>, and the one record that an engine stores for the customer.
/// </summary>
public sealed record Connection
{
    /// <summary>The newest version of the stored form that this code writes and reads.</summary>
    public const int CurrentVersion = 2;

    /// <summary>The version of the stored form before there were several receivers: written where it says all.</summary>
    public const int FirstVersion = 1;

    /// <summary>Most numbers that are kept; news of one more is parked.</summary>
    public const int MaxNumbers = 50;

    /// <summary>Most setup links that are kept; the oldest make room.</summary>
    public const int MaxLinks = 20;

    /// <summary>Most numbers that may be hinted at a time; a further hint is only noted.</summary>
    public const int MaxOpenHints = 3;

    /// <summary>Most lines of the timeline; the oldest make room, except the first and last proof of a number.</summary>
    public const int MaxTimeline = 200;

    /// <summary>Most notifies that wait at a time for one receiver; the oldest make room, and the gap in the sequence tells the receiver.</summary>
    public const int MaxNotifies = 100;

    /// <summary>Version of the stored form.</summary>
    [JsonPropertyName("v")]
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public int Version { get; init; } = FirstVersion;

    /// <summary>Whose it is.</summary>
    [JsonPropertyName("k")]
    public required CustomerKey Key { get; init; }

    /// <summary>Number of the last change that a notify tells of, from 0.</summary>
    [JsonPropertyName("q")]
    public long Sequence { get; init; }

    /// <summary>Counts the confirms asked for, so that each has an id of its own.</summary>
    [JsonPropertyName("c")]
    public long Confirms { get; init; }

    /// <summary>The numbers, oldest first.</summary>
    [JsonPropertyName("nu")]
    public ImmutableArray<Number> Numbers { get; init; } = [];

    /// <summary>The setup links, oldest first.</summary>
    [JsonPropertyName("sl")]
    public ImmutableArray<SetupLink> SetupLinks { get; init; } = [];

    /// <summary>The effects that are not settled, oldest first.</summary>
    [JsonPropertyName("ob")]
    public ImmutableArray<Effect> Outbox { get; init; } = [];

    /// <summary>The history, oldest first.</summary>
    [JsonPropertyName("tl")]
    public ImmutableArray<TimelineEntry> Timeline { get; init; } = [];

    /// <summary>Where a template welcome goes: E.164, see <see cref="ContactPhones"/>; null where nobody has said.</summary>
    [JsonPropertyName("cp")]
    public string? ContactPhone { get; init; }

    /// <summary>The company's own id for the customer, as the platform tells it; null where it never did.</summary>
    [JsonPropertyName("xi")]
    public ToldText? OwnId { get; init; }

    /// <summary>The customer's name, as the platform tells it; null where it never did.</summary>
    [JsonPropertyName("nm")]
    public ToldText? Name { get; init; }

    /// <summary>The company's own id for the customer in its own word, which stands above the platform's; null where it gave none.</summary>
    [JsonPropertyName("gi")]
    public string? GivenOwnId { get; init; }

    /// <summary>The customer's name in the company's own word, which stands above the platform's; null where it gave none.</summary>
    [JsonPropertyName("gn")]
    public string? GivenName { get; init; }

    /// <summary>What the company marks the customer with; null for nothing.</summary>
    [JsonPropertyName("tg")]
    public CustomerTags? Tags { get; init; }

    /// <summary>What is remembered of the customer from before their data were erased; null where they never were.</summary>
    [JsonPropertyName("er")]
    public ErasureMark? Erasure { get; init; }

    /// <summary>Whether nothing is known but, perhaps, that the customer was erased.</summary>
    [JsonIgnore]
    public bool IsBlank => Numbers.IsEmpty && SetupLinks.IsEmpty && Timeline.IsEmpty && Outbox.IsEmpty
        && ContactPhone is null && Names is null;

    /// <summary>What the customer is called and marked with; null where nothing was told.</summary>
    [JsonIgnore]
    public CustomerNames? Names => CustomerNames.From(GivenOwnId ?? OwnId?.Value, GivenName ?? Name?.Value, Tags);

    /// <summary>Whether both are called and marked alike.</summary>
    public bool IsCalledLike(Connection other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return (GivenOwnId ?? OwnId?.Value) == (other.GivenOwnId ?? other.OwnId?.Value)
            && (GivenName ?? Name?.Value) == (other.GivenName ?? other.Name?.Value)
            && Equals(Tags, other.Tags);
    }

    /// <summary>A connection of which nothing is known.</summary>
    public static Connection Empty(CustomerKey key) => new() { Key = key };

    /// <summary>
    /// Connected if a number is; else hinted; else failed if the newest link failed; else invited if a link is live;
    /// else gone; else refused; else none.
    /// </summary>
    [JsonIgnore]
    public ConnectionStatus Status =>
        Any(NumberStatus.Connected) ? ConnectionStatus.Connected
        : Any(NumberStatus.Hinted) ? ConnectionStatus.Hinted
        : NewestLink is { Status: SetupLinkStatus.Failed or SetupLinkStatus.Expired, ErrorCodes.Length: > 0 } ? ConnectionStatus.Failed
        : SetupLinks.Any(link => link.Status == SetupLinkStatus.Live) ? ConnectionStatus.Invited
        : Any(NumberStatus.Gone) ? ConnectionStatus.Gone
        : Any(NumberStatus.Refused) || SetupLinks.Any(link => link.LapsedAt is not null) ? ConnectionStatus.Refused
        : ConnectionStatus.None;

    /// <summary>
    /// When the platform was last asked about the links that it has the last word on (<see cref="SetupLink.IsAwaited"/>): the one
    /// that was asked about longest ago, or was made then and never asked about. Also where a number is to be connected again
    /// (<see cref="Number.ReconnectAt"/>): then so that its turn comes at that time. Null where there is none.
    /// </summary>
    [JsonIgnore]
    public DateTimeOffset? LinksCheckedAt
    {
        get
        {
            DateTimeOffset? earliest = null;
            foreach (var link in SetupLinks)
            {
                // What a browser said of a link is asked about with every pass, until the platform has spoken.
                var at = (link.CheckedAt ?? link.CreatedAt) - (link.IsSpokenOf ? SetupLink.Sooner : TimeSpan.Zero);
                if (link.IsAwaited && (earliest is null || at < earliest))
                    earliest = at;
            }

            foreach (var number in Numbers)
            {
                if (number.ReconnectAt - SetupLink.BetweenLooks is { } at && !(at >= earliest))
                    earliest = at;
            }

            return earliest;
        }
    }

    /// <summary>
    /// When the engine has to wake this connection next: the earliest due time, end of a lease, or end of the time in which something
    /// is awaited (<see cref="AwaitedUntil"/>); null for never. A notify that waits for an earlier one of its receiver wakes nobody.
    /// </summary>
    [JsonIgnore]
    public DateTimeOffset? WakeAt
    {
        get
        {
            var earliest = AwaitedUntil;
            var ahead = default(ReceiversAhead);
            foreach (var effect in Outbox)
            {
                if (effect is { Kind: EffectKind.Notify, Status: EffectStatus.Pending or EffectStatus.InFlight } && !ahead.IsFirst(effect))
                    continue;
                DateTimeOffset? wake = effect.Status switch
                {
                    EffectStatus.Pending => effect.DueAt,
                    EffectStatus.InFlight => effect.Lease?.Until ?? effect.DueAt,
                    _ => null,
                };
                if (wake < earliest || earliest is null)
                    earliest = wake ?? earliest;
            }

            return earliest;
        }
    }

    /// <summary>
    /// Whether a setup of a link was received: it is completed, a number waits to be confirmed, or a browser said that it succeeded and
    /// nothing has refuted that. Then a browser's word of a failure is none yet.
    /// </summary>
    public bool IsReceived(SetupLink? link) =>
        Any(NumberStatus.Hinted)
        || link is { Status: SetupLinkStatus.Completed, SucceededAt: null }
        || (link is { SucceededAt: not null, LapsedAt: null, IsNotBorneOut: false, Status: not SetupLinkStatus.Expired }
            && !Any(NumberStatus.Refused));

    /// <summary>When the time of the first connected number is over whose phone is to be told; null where none is awaited.</summary>
    [JsonIgnore]
    public DateTimeOffset? PhoneAwaitedUntil
    {
        get
        {
            DateTimeOffset? earliest = null;
            foreach (var number in Numbers)
            {
                if (number is { Status: NumberStatus.Connected, PhoneAwaitedUntil: { } until } && !(until >= earliest))
                    earliest = until;
            }

            return earliest;
        }
    }

    /// <summary>When the time of what is awaited without an effect is first over: a phone, or the proof of a success without a hint.</summary>
    [JsonIgnore]
    public DateTimeOffset? AwaitedUntil
    {
        get
        {
            var earliest = PhoneAwaitedUntil;
            foreach (var link in SetupLinks)
            {
                if (link.LapsesAt is { } at && !(at >= earliest))
                    earliest = at;
            }

            return earliest;
        }
    }

    /// <summary>
    /// Whether a link can be asked for that connects the number again: it is gone, it is no sandbox number, and its phone is not connected
    /// as another one.
    /// </summary>
    public bool IsReconnectable(Number number) =>
        number is { Status: NumberStatus.Gone, IsSandbox: false } && !(number.ProvenPhone is { } phone
            && Numbers.Any(other => other.Status == NumberStatus.Connected && other.ProvenPhone == phone));

    /// <summary>The link that the customer can open at a time, the newest of several; null where there is none.</summary>
    public SetupLink? FindUsableLink(DateTimeOffset now) => SetupLinks.LastOrDefault(link => link.IsUsable(now));

    /// <summary>The number with this id, or null.</summary>
    public Number? FindNumber(string? phoneNumberId) =>
        Numbers.FirstOrDefault(number => number.PhoneNumberId == phoneNumberId);

    /// <summary>The effect with this id, or null where it is settled or unknown.</summary>
    public Effect? FindEffect(string effectId) => Outbox.FirstOrDefault(effect => effect.Id == effectId);

    /// <summary>Whose it is and where they stand: nothing that opens anything, no phone.</summary>
    public override string ToString() => $"{Key} ({Status})";

    // A link that may not exist says nothing of the customer.
    private SetupLink? NewestLink => SetupLinks.LastOrDefault(link => link.Status != SetupLinkStatus.Intended);

    private bool Any(NumberStatus status) => Numbers.Any(number => number.Status == status);
}
