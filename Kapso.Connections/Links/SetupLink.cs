using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Kapso.Connections.Links;

/// <summary>Where a setup link stands.</summary>
public enum SetupLinkStatus
{
    /// <summary>Issued, and nothing has come of it yet.</summary>
    Live,

    /// <summary>A number was connected through it, as far as a redirect or a proof says.</summary>
    Completed,

    /// <summary>The customer's setup failed; see the codes. It may still be completed.</summary>
    Failed,

    /// <summary>Past its end.</summary>
    Expired,

    /// <summary>Taken back.</summary>
    Revoked,

    /// <summary>The platform is to be asked for it, or was, and has not answered: it may or may not exist there.</summary>
    Intended,
}

/// <summary>Where a setup link comes from.</summary>
public enum SetupLinkSource
{
    /// <summary>Made elsewhere, with a pair of redirect URLs of ours.</summary>
    RedirectPair,

    /// <summary>Issued by this service.</summary>
    Issued,

    /// <summary>Made elsewhere, and made known to this service by the platform's id.</summary>
    Registered,
}

/// <summary>One setup link, or a pair of redirect URLs for a link that was made elsewhere.</summary>
public sealed record SetupLink
{
    /// <summary>The platform's status of a link that can be used.</summary>
    public const string Active = "active";

    /// <summary>What stands for the platform's status of a link that it does not list any more.</summary>
    public const string Unlisted = "unlisted";

    /// <summary>How long a link lives at the platform where nobody has said otherwise.</summary>
    public static TimeSpan Life { get; } = TimeSpan.FromDays(30);

    /// <summary>Our name for it, unique within the connection.</summary>
    [JsonPropertyName("i")]
    public required string Id { get; init; }

    /// <summary>The platform's id, where it is known.</summary>
    [JsonPropertyName("p")]
    public string? PlatformId { get; init; }

    /// <summary>Whether <see cref="PlatformId"/> is only what the browser said that brought the state.</summary>
    [JsonPropertyName("ti")]
    public bool IsTiedByBrowser { get; init; }

    /// <summary>The state in its redirect URLs: a bearer's secret, never logged.</summary>
    [JsonPropertyName("st")]
    public required string State { get; init; }

    /// <summary>Where it stands.</summary>
    [JsonPropertyName("s")]
    public SetupLinkStatus Status { get; init; }

    /// <summary>The codes of the failed setups, each once, in the order in which they first came.</summary>
    [JsonPropertyName("f")]
    public ImmutableArray<string> ErrorCodes { get; init; } = [];

    /// <summary>
    /// The code of a failure that a browser told of and that does not count yet: a setup of the link is being checked, or the platform
    /// has not borne the failure out. Null where none waits.
    /// </summary>
    [JsonPropertyName("pf")]
    public string? PendingFailure { get; init; }

    /// <summary>When a browser first said that the setup succeeded, as long as nothing has proven it.</summary>
    [JsonPropertyName("su")]
    public DateTimeOffset? SucceededAt { get; init => field = value?.ToWholeMilliseconds(); }

    /// <summary>
    /// Whether no number is hinted by what the browser said: it named none, as the oldest form of the redirect does, or one that has
    /// gone. Then the link itself waits to be borne out, and no hint.
    /// </summary>
    [JsonPropertyName("nh")]
    public bool HasNoHint { get; init; }

    /// <summary>When a success without a hint (<see cref="HasNoHint"/>) lapsed, since nothing bore it out; null where it did not.</summary>
    [JsonPropertyName("ls")]
    public DateTimeOffset? LapsedAt { get; init => field = value?.ToWholeMilliseconds(); }

    /// <summary>When it was made, in whole milliseconds.</summary>
    [JsonPropertyName("at")]
    public required DateTimeOffset CreatedAt { get; init => field = value.ToWholeMilliseconds(); }

    /// <summary>When something last came of it.</summary>
    [JsonPropertyName("u")]
    public DateTimeOffset? UpdatedAt { get; init => field = value?.ToWholeMilliseconds(); }

    /// <summary>Where the browser goes instead of our pages; checked against the allowed hosts when it was stored.</summary>
    [JsonPropertyName("r")]
    public string? ReturnUrl { get; init; }

    /// <summary>Where it comes from.</summary>
    [JsonPropertyName("so")]
    public SetupLinkSource Source { get; init; }

    /// <summary>The caller's <c>Idempotency-Key</c>; null where none came.</summary>
    [JsonPropertyName("ik")]
    public string? IdempotencyKey { get; init; }

    /// <summary>A hash of the options that it was asked for with: the same key with other options is a mistake.</summary>
    [JsonPropertyName("fp")]
    public string? Fingerprint { get; init; }

    /// <summary>The platform's <c>status</c>, as last heard: <c>active</c>, <c>used</c>, <c>expired</c>, <c>revoked</c>; others may come. Or <see cref="Unlisted"/>.</summary>
    [JsonPropertyName("ps")]
    public string? PlatformStatus { get; init; }

    /// <summary>The platform's <c>whatsapp_setup_status</c>, as last heard: <c>pending</c>, <c>processing</c>, <c>completed</c>, <c>failed</c>.</summary>
    [JsonPropertyName("ss")]
    public string? SetupStatus { get; init; }

    /// <summary>What the customer opens. Kept while the link can be used.</summary>
    [JsonPropertyName("ur")]
    public BearerSecret? Url { get; init; }

    /// <summary>The token in <see cref="Url"/>. Kept while the link can be used.</summary>
    [JsonPropertyName("to")]
    public BearerSecret? Token { get; init; }

    /// <summary>When it ends at the platform.</summary>
    [JsonPropertyName("ex")]
    public DateTimeOffset? ExpiresAt { get; init => field = value?.ToWholeMilliseconds(); }

    /// <summary>When the platform was last asked what became of it.</summary>
    [JsonPropertyName("ck")]
    public DateTimeOffset? CheckedAt { get; init => field = value?.ToWholeMilliseconds(); }

    /// <summary>The setup page's language, where one was asked for.</summary>
    [JsonPropertyName("la")]
    public string? Language { get; init; }

    /// <summary>The setup page's colours, where some were asked for.</summary>
    [JsonPropertyName("th")]
    public LinkTheme? Theme { get; init; }

    /// <summary>The customer's number that it is to connect again, by its <c>phone_number_id</c>; null for a link that connects any.</summary>
    [JsonPropertyName("rn")]
    public string? ReconnectsPhoneNumberId { get; init; }

    /// <summary>Whether the service made it by itself.</summary>
    [JsonPropertyName("am")]
    public bool IsAutomatic { get; init; }

    /// <summary>A new link's <see cref="Id"/>.</summary>
    public static string NewId(DateTimeOffset now) => $"lnk_{Guid.CreateVersion7(now):n}";

    /// <summary>Whether something may still come of it.</summary>
    [JsonIgnore]
    public bool IsOpen =>
        Status is SetupLinkStatus.Live or SetupLinkStatus.Intended
        || (Status == SetupLinkStatus.Failed && PlatformStatus is null or Active);

    /// <summary>
    /// Whether the platform has the last word on it, and has not spoken: it is open, a newer link took its place while nobody
    /// knew whether it had been used already, or it has ended by a browser's word.
    /// </summary>
    [JsonIgnore]
    public bool IsAwaited =>
        IsOpen
        || (Status == SetupLinkStatus.Completed && SucceededAt is not null && PlatformStatus is null or Active)
        || (Status == SetupLinkStatus.Revoked && PlatformId is not null && PlatformStatus is null or Active)
        || (Status == SetupLinkStatus.Expired && PlatformStatus is null or Active);

    /// <summary>Whether the platform, asked ten minutes after a browser said that the setup succeeded, knew nothing of it.</summary>
    [JsonIgnore]
    public bool IsNotBorneOut =>
        SucceededAt is { } at && IsOpen && PlatformStatus == Active && SetupStatus is null or "pending" or "failed"
        && CheckedAt - at >= HintLife;

    /// <summary>When a success without a hint lapses, unless it is borne out before; null where none waits.</summary>
    [JsonIgnore]
    public DateTimeOffset? LapsesAt => HasNoHint && LapsedAt is null ? SucceededAt + UnaskedLife : null;

    /// <summary>Whether a browser has said of it what nothing has borne out, or refuted, yet.</summary>
    [JsonIgnore]
    public bool IsSpokenOf => PendingFailure is not null || (this is { SucceededAt: not null, LapsedAt: null } && !IsNotBorneOut);

    /// <summary>How often the platform is asked about one customer's links.</summary>
    public static TimeSpan BetweenLooks { get; } = TimeSpan.FromHours(1);

    /// <summary>How much sooner than others a link is asked about that <see cref="IsSpokenOf"/>: others every <see cref="BetweenLooks"/>.</summary>
    public static TimeSpan Sooner { get; } = TimeSpan.FromMinutes(50);

    /// <summary>How long the platform is given to bear out what a browser says.</summary>
    public static TimeSpan HintLife { get; } = TimeSpan.FromMinutes(10);

    /// <summary>How long what a browser says waits for a proof where the platform does not tell.</summary>
    public static TimeSpan UnaskedLife { get; } = TimeSpan.FromHours(24);

    /// <summary>Whether the platform has told that a number was connected through it.</summary>
    [JsonIgnore]
    public bool IsUsedAtPlatform => PlatformStatus == "used" || SetupStatus == "completed";

    /// <summary>Whether the customer can open it, as far as is known: it exists at the platform and has not ended.</summary>
    public bool IsUsable(DateTimeOffset now) =>
        Status is SetupLinkStatus.Live or SetupLinkStatus.Failed && PlatformId is not null
        && !(ExpiresAt <= now) && PlatformStatus is null or Active;

    /// <summary>Its name and status: nothing of it that opens anything.</summary>
    public override string ToString() => $"{Id} ({Status})";
}
