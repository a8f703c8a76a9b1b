using System.Text.Json.Serialization;

namespace Kapso.Engines.Contract;

/// <summary>What was refused, limited or passed over. Appended only: the names are stored.</summary>
public enum TurnedAwayKind
{
    /// <summary>A delivery without a signature.</summary>
    SignatureMissing,

    /// <summary>A delivery that none of the project's secrets signed.</summary>
    SignatureWrong,

    /// <summary>A delivery to a project that has no webhook secret here.</summary>
    SecretMissing,

    /// <summary>A delivery whose body is over the limit.</summary>
    BodyTooLarge,

    /// <summary>A delivery whose body did not arrive whole, or not in time.</summary>
    BodyIncomplete,

    /// <summary>An authentic delivery that could not be made durable: its sender was asked to send it again.</summary>
    DeliveryNotKept,

    /// <summary>A redirect over the rate limit.</summary>
    RedirectLimited,

    /// <summary>A redirect that the engine did not take.</summary>
    RedirectLost,

    /// <summary>A redirect without a state that is known, where its path does not say which project it is of.</summary>
    RedirectUnplaced,

    /// <summary>An unclaimed hint that made room for a newer one.</summary>
    HintDropped,

    /// <summary>A question about a redirect's number that was not asked, or never answered.</summary>
    QuestionDropped,

    /// <summary>A live page over the limit of streams.</summary>
    StreamLimited,

    /// <summary>A wrong management key, in a call or at the sign-in.</summary>
    KeyWrong,

    /// <summary>A wrong or missing management key over the limit of its address.</summary>
    KeyLimited,

    /// <summary>A request with forwarded headers from an address that is not trusted.</summary>
    ProxyNotTrusted,

    /// <summary>A request from a trusted proxy that says who asks in <c>Forwarded</c> alone, which is not read.</summary>
    ForwardedNotRead,

    /// <summary>A delivery to the address without a project, while several projects are served.</summary>
    DeliveryUnplaced,

    /// <summary>A parked delivery that waited, and went since there were too many.</summary>
    ParkedDropped,

    /// <summary>A parked delivery that waited, and went by its age.</summary>
    ParkedExpired,

    /// <summary>A request from a trusted proxy whose forwarded headers cannot be read.</summary>
    ForwardedUnreadable,
}

/// <summary>What follows from the kind alone.</summary>
public static class TurnedAwayKinds
{
    /// <summary>After how many in a row, with no authentic delivery since, something is possibly wrong with the secret.</summary>
    public const int Alarming = 3;

    /// <summary>How many times of such are kept: of a longer row it is known that it is at least as long.</summary>
    public const int MaxTimes = 20;

    /// <summary>
    /// How long no authentic delivery may have come for a row to be told that began among good ones: a stranger's do, time and again,
    /// while the platform's pass.
    /// </summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);

    /// <summary>Whether it is refused for its signature, so that several in a row tell of the secret.</summary>
    public static bool IsOfSignature(this TurnedAwayKind kind) =>
        kind is TurnedAwayKind.SignatureMissing or TurnedAwayKind.SignatureWrong;
}

/// <summary>How often something came from one network.</summary>
/// <param name="Network">A /24 of IPv4 or a /48 of IPv6, as <c>203.0.113.0/24</c>; <c>unknown</c> where the address is not known.</param>
/// <param name="Count">How often.</param>
/// <param name="LastAt">When it last came.</param>
public sealed record NetworkCount(
    [property: JsonPropertyName("w")] string Network,
    [property: JsonPropertyName("c")] long Count,
    [property: JsonPropertyName("l")] DateTimeOffset LastAt)
{
    /// <summary>How many are kept of one kind; those that came last.</summary>
    public const int MaxKept = 20;
}

/// <summary>How many of the refused deliveries came packed: a proxy that packs bodies breaks every signature.</summary>
/// <param name="Encoding">What the last of them was packed by, as a part of a sentence.</param>
/// <param name="Count">How often, since there was none for seven days.</param>
/// <param name="LastAt">When the last came.</param>
public sealed record PackedCount(
    [property: JsonPropertyName("e")] string Encoding,
    [property: JsonPropertyName("c")] long Count,
    [property: JsonPropertyName("l")] DateTimeOffset LastAt);

/// <summary>What one process turned away of one kind, since it last said so.</summary>
/// <param name="Kind">What it was.</param>
/// <param name="Count">How often.</param>
/// <param name="FirstAt">When it first came.</param>
/// <param name="LastAt">When it last came.</param>
/// <param name="Networks">Where from, at most <see cref="NetworkCount.MaxKept"/>.</param>
public sealed record TurnedAwayTally(
    TurnedAwayKind Kind, long Count, DateTimeOffset FirstAt, DateTimeOffset LastAt, IReadOnlyList<NetworkCount> Networks)
{
    /// <summary>Of those that were refused for their signature, when the last <see cref="TurnedAwayKinds.MaxTimes"/> came.</summary>
    public IReadOnlyList<DateTimeOffset> Times { get; init; } = [];

    /// <summary>Of those that were refused for their signature, the packed ones; null where there was none.</summary>
    public PackedCount? Packed { get; init; }
}

/// <summary>What was turned away of one kind, in the last <see cref="ProjectCounts.Days"/> days.</summary>
/// <param name="Kind">What it was.</param>
/// <param name="Count">How often.</param>
/// <param name="LastAt">When it last came.</param>
/// <param name="InARow">Of those that were refused for their signature, how many came since the last authentic delivery; else 0.</param>
/// <param name="Networks">Where from, at most <see cref="NetworkCount.MaxKept"/>, the last first.</param>
public sealed record TurnedAwayCount(
    TurnedAwayKind Kind, long Count, DateTimeOffset LastAt, long InARow, IReadOnlyList<NetworkCount> Networks)
{
    /// <summary>Whether so many failed in a row that the secret was possibly rotated. Strangers can raise it: nothing is decided by it.</summary>
    public bool IsAlarming { get; init; }

    /// <summary>Of those that were refused for their signature, the packed ones; null where there was none.</summary>
    public PackedCount? Packed { get; init; }
}
