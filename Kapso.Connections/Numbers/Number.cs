using System.Text.Json.Serialization;

namespace Kapso.Connections.Numbers;

/// <summary>Where a number stands: the columns of the decision table (a number not known has no record).</summary>
public enum NumberStatus
{
    /// <summary>A redirect spoke of it; nothing proves it yet.</summary>
    Hinted,

    /// <summary>Proven to be connected.</summary>
    Connected,

    /// <summary>Proven to be gone, or gone before it was ever seen.</summary>
    Gone,

    /// <summary>A hint that the platform's API did not bear out within ten minutes.</summary>
    Refused,
}

/// <summary>Display number, WhatsApp Business Account and names of a number.</summary>
public sealed record NumberDetails
{
    /// <summary>The display number as the source wrote it, at most 64 characters.</summary>
    [JsonPropertyName("d")]
    public string? DisplayPhoneNumber { get; init; }

    /// <summary>The WhatsApp Business Account's id.</summary>
    [JsonPropertyName("b")]
    public string? BusinessAccountId { get; init; }

    /// <summary>The name given to it in the project, as <see cref="PlainName"/> makes it.</summary>
    [JsonPropertyName("n")]
    public string? Name { get; init; }

    /// <summary>The name that Meta verified, as <see cref="PlainName"/> makes it.</summary>
    [JsonPropertyName("vn")]
    public string? VerifiedName { get; init; }

    /// <summary>These, and what they do not tell from others.</summary>
    public NumberDetails FilledWith(NumberDetails? others) => others is null ? this : new()
    {
        DisplayPhoneNumber = DisplayPhoneNumber ?? others.DisplayPhoneNumber,
        BusinessAccountId = BusinessAccountId ?? others.BusinessAccountId,
        Name = Name ?? others.Name,
        VerifiedName = VerifiedName ?? others.VerifiedName,
    };

    /// <summary>Nothing of it: numbers and names are data of people, and this may come into a log.</summary>
    public override string ToString() => nameof(NumberDetails);
}

/// <summary>What has said that the number is connected.</summary>
[Flags]
public enum NumberSources
{
    /// <summary>Nothing yet.</summary>
    None = 0,

    /// <summary>A signed webhook.</summary>
    Webhook = 1,

    /// <summary>A success redirect.</summary>
    Redirect = 2,

    /// <summary>The platform's API.</summary>
    Api = 4,
}

/// <summary>Where a welcome stands.</summary>
public enum EffectStatus
{
    /// <summary>Decided and not claimed: it waits for its due time.</summary>
    Pending,

    /// <summary>Claimed: being sent, under a lease.</summary>
    InFlight,

    /// <summary>Settled: it took effect.</summary>
    Done,

    /// <summary>The outcome is unknown and only a person can tell.</summary>
    Held,

    /// <summary>Refused for good, or its attempts are used up.</summary>
    Dead,
}

/// <summary>The welcome of a number: decided once, for ever, when the number first became connected.</summary>
public sealed record Welcome
{
    /// <summary>A function of project, customer and number; see <see cref="EffectIds.Welcome"/>.</summary>
    [JsonPropertyName("i")]
    public required string Id { get; init; }

    /// <summary>Where it stands.</summary>
    [JsonPropertyName("s")]
    public EffectStatus Status { get; init; }

    /// <summary>How often it was claimed.</summary>
    [JsonPropertyName("n")]
    public int Attempts { get; init; }

    /// <summary>Why the last attempt failed, at most 256 characters.</summary>
    [JsonPropertyName("e")]
    public string? LastError { get; init; }

    /// <summary>The platform's id of the message that went out, where the flow sends one and told it.</summary>
    [JsonPropertyName("m")]
    public string? MessageId { get; init; }

    /// <summary>When it lapsed unsent, because the number was gone and did not come back; its status is dead then.</summary>
    [JsonPropertyName("la")]
    public DateTimeOffset? LapsedAt { get; init => field = value?.ToWholeMilliseconds(); }

    /// <summary>When it took effect, or a person said so; null where it did not, or an earlier version settled it.</summary>
    [JsonPropertyName("da")]
    public DateTimeOffset? DoneAt { get; init => field = value?.ToWholeMilliseconds(); }
}

/// <summary>One WhatsApp phone number of a connection.</summary>
public sealed record Number
{
    /// <summary>The <see cref="Kind"/> of the platform's numbers to try things with: nobody's own, and never welcomed.</summary>
    public const string Sandbox = "sandbox";

    /// <summary>The platform's word for the status of a number that is not ready yet, for days where its name waits to be approved.</summary>
    public const string Pending = "PENDING";

    /// <summary>Meta's id: always text.</summary>
    [JsonPropertyName("i")]
    public required string PhoneNumberId { get; init; }

    /// <summary>Where it stands.</summary>
    [JsonPropertyName("s")]
    public NumberStatus Status { get; init; }

    /// <summary>
    /// Known, and never welcomed: connected before this service's time (<c>Welcome:Since</c>), or one of those that <see cref="Returned"/>
    /// and <see cref="SamePhoneAs"/> tell of.
    /// </summary>
    [JsonPropertyName("ad")]
    public bool Adopted { get; init; }

    /// <summary>Adopted because it came back and was not known here: a person can have it greeted.</summary>
    [JsonPropertyName("rt")]
    public bool Returned { get; init; }

    /// <summary>It came back and was not known here; whether it is new, and to be welcomed, is to be told by the platform's row.</summary>
    [JsonPropertyName("au")]
    public bool AgeUnknown { get; init; }

    /// <summary>A <c>created</c> has said that it is new, if late: then it is, also where it is first connected by <c>reconnected</c>.</summary>
    [JsonPropertyName("nw")]
    public bool IsNew { get; init; }

    /// <summary>
    /// Its welcome is not decided, since its phone may be one that was welcomed lately under another number: until then the platform
    /// is given time to tell, or that other welcome to come to something. Null where nothing is awaited.
    /// </summary>
    [JsonPropertyName("pu")]
    public DateTimeOffset? PhoneAwaitedUntil { get; init => field = value?.ToWholeMilliseconds(); }

    /// <summary>The customer's number before it, by its <c>phone_number_id</c>, that has or had the same phone, by proven display numbers.</summary>
    [JsonPropertyName("sp")]
    public string? SamePhoneAs { get; init; }

    /// <summary>
    /// The customer's number of the same phone that is greeted instead of this one, by its <c>phone_number_id</c>. Where that one is
    /// not connected and its welcome was not sent, this one takes the welcome back. Null where its welcome was left to none.
    /// </summary>
    [JsonPropertyName("wl")]
    public string? WelcomeLeftTo { get; init; }

    /// <summary>Proven by a webhook alone; the platform's API has not been asked yet.</summary>
    [JsonPropertyName("un")]
    public bool Unconfirmed { get; init; }

    /// <summary>When another customer proved the number theirs while nothing could be confirmed; null where nobody did.</summary>
    [JsonPropertyName("di")]
    public DateTimeOffset? DisputedAt { get; init; }

    /// <summary>Display number, account and names.</summary>
    [JsonPropertyName("de")]
    public NumberDetails? Details { get; init; }

    /// <summary>Whether <see cref="Details"/> come from a proof; a browser's are hints.</summary>
    [JsonPropertyName("dp")]
    public bool DetailsProven { get; init; }

    /// <summary>What has said that the number is connected.</summary>
    [JsonPropertyName("so")]
    public NumberSources Sources { get; init; }

    /// <summary>When a redirect first spoke of it (again, after it was refused).</summary>
    [JsonPropertyName("ha")]
    public DateTimeOffset? HintedAt { get; init; }

    /// <summary>When it last became connected.</summary>
    [JsonPropertyName("ca")]
    public DateTimeOffset? ConnectedAt { get; init; }

    /// <summary>When it last became gone.</summary>
    [JsonPropertyName("ga")]
    public DateTimeOffset? GoneAt { get; init; }

    /// <summary>The platform's own time of the event by which it went, or of the latest that said so; null where that had none.</summary>
    [JsonPropertyName("go")]
    public DateTimeOffset? GoneOccurredAt { get; init; }

    /// <summary>
    /// When the service is to make a link by itself with which the customer connects the number again, unless something speaks against it
    /// then; null for never. Decided once for each time that the number goes.
    /// </summary>
    [JsonPropertyName("rc")]
    public DateTimeOffset? ReconnectAt { get; init => field = value?.ToWholeMilliseconds(); }

    /// <summary>When the first of an unbroken run of negative API answers came.</summary>
    [JsonPropertyName("ab")]
    public DateTimeOffset? AbsentAt { get; init; }

    /// <summary>When a confirm was last asked for by a hint; bounds how often a refused number is asked again.</summary>
    [JsonPropertyName("aa")]
    public DateTimeOffset? AskedAt { get; init; }

    /// <summary>Receipt of the last proof that was applied; a replayed delivery older than this is stale.</summary>
    [JsonPropertyName("pa")]
    public DateTimeOffset? LastProofAt { get; init; }

    /// <summary>Receipt of the last webhook that said again, after the last proof, that the number is connected.</summary>
    [JsonPropertyName("ra")]
    public DateTimeOffset? RepeatedAt { get; init; }

    /// <summary>The platform's own time of the last proof that carried one.</summary>
    [JsonPropertyName("oa")]
    public DateTimeOffset? LastOccurredAt { get; init; }

    /// <summary>Counts the proofs applied; a confirm carries it, so that an answer overtaken by a proof is stale.</summary>
    [JsonPropertyName("pv")]
    public int ProofVersion { get; init; }

    /// <summary>
    /// <see cref="Sandbox"/> where the platform's row last said so; null where it is a number of another kind, and where none was told.
    /// </summary>
    [JsonPropertyName("ki")]
    public string? Kind { get; init; }

    /// <summary>
    /// The platform's own word for its status, as last told, at most 40 characters, e.g. <c>PENDING</c>; null where that is the word
    /// for a number that works, and where none was told.
    /// </summary>
    [JsonPropertyName("ps")]
    public string? PlatformStatus { get; init; }

    /// <summary>The platform's id of the setup link that a delivery tied to this number.</summary>
    [JsonPropertyName("l")]
    public string? SetupLinkId { get; init; }

    /// <summary>
    /// Whether <see cref="SetupLinkId"/> is proven: a webhook named it, a browser brought the state of that link of ours, or the
    /// platform lists it as this customer's and used. Else it is what some browser said.
    /// </summary>
    [JsonPropertyName("lp")]
    public bool SetupLinkProven { get; init; }

    /// <summary>The welcome, where one was decided.</summary>
    [JsonPropertyName("w")]
    public Welcome? Welcome { get; init; }

    /// <summary>What the platform holds against its account; null where nothing was ever heard.</summary>
    [JsonPropertyName("at")]
    public AccountAttention? Attention { get; init; }

    /// <summary>Why it last went, where that was told.</summary>
    [JsonPropertyName("dc")]
    public Disconnection? Disconnection { get; init; }

    /// <summary>How it is connected, in the platform's word: <c>dedicated</c> or <c>coexistence</c>, or another; null where it was not told.</summary>
    [JsonPropertyName("ct")]
    public string? ConnectionType { get; init; }

    /// <summary>The display number, where it is proven.</summary>
    [JsonIgnore]
    public string? ProvenDisplayPhoneNumber => DetailsProven ? Details?.DisplayPhoneNumber : null;

    /// <summary>
    /// Its phone as the platform takes it in <c>reconnect_phone_number</c>: E.164, by a proof's display number. Null where none told it, or
    /// what was told is no phone: a browser's word could be a stranger's.
    /// </summary>
    [JsonIgnore]
    public string? ReconnectPhone =>
        ContactPhones.TryNormalize(ProvenDisplayPhoneNumber, out var phone) || ContactPhones.TryNormalize("+" + ProvenDisplayPhoneNumber, out phone)
            ? phone
            : null;

    /// <summary>The setup link, where it is proven: the only one that may be told in a signed message.</summary>
    [JsonIgnore]
    public string? ProvenSetupLinkId => SetupLinkProven ? SetupLinkId : null;

    /// <summary>Whether the platform says that it is a sandbox number.</summary>
    [JsonIgnore]
    public bool IsSandbox => Kind == Sandbox;

    /// <summary>Meta's id and where it stands: no phone, no name.</summary>
    public override string ToString() => $"{PhoneNumberId} ({Status})";

    /// <summary>Whether its welcome was decided, or that it gets none: from then on only a person decides again.</summary>
    [JsonIgnore]
    public bool WelcomeDecided => Adopted || Welcome is not null;

    /// <summary>Its phone as a proof told it, in the spelling of <see cref="PhoneSpellings.Common"/>; null where none did.</summary>
    [JsonIgnore]
    public string? ProvenPhone => DetailsProven ? PhoneSpellings.Common(Details?.DisplayPhoneNumber) : null;
}
