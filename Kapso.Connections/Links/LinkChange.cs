using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Kapso.Connections.Links;

/// <summary>What can happen to a customer's setup links. The set is closed; see <see cref="Decisions.ChangeLink"/>.</summary>
[JsonDerivedType(typeof(IntendLink), "intend")]
[JsonDerivedType(typeof(IssueLink), "issue")]
[JsonDerivedType(typeof(AbandonLink), "abandon")]
[JsonDerivedType(typeof(RegisterLink), "register")]
[JsonDerivedType(typeof(RevokeLink), "revoke")]
[JsonDerivedType(typeof(FoldLinks), "fold")]
public abstract record LinkChange
{
    private protected LinkChange()
    {
    }
}

/// <summary>A link is to be made: kept before the platform is asked. One at a time for each customer.</summary>
/// <param name="Link">The link, <see cref="SetupLinkStatus.Intended"/>. The same id again is the same intent.</param>
/// <param name="Replace">Whether it is to take the place of a link that the customer can still use.</param>
public sealed record IntendLink(SetupLink Link, bool Replace) : LinkChange;

/// <summary>The platform has made an intended link, and has revoked the ones before it.</summary>
/// <param name="LinkId">Our name for it.</param>
/// <param name="Listed">The link, as the platform tells it.</param>
/// <param name="Token">The token, which only the answer to its creation holds.</param>
public sealed record IssueLink(string LinkId, ListedLink Listed, BearerSecret? Token = null) : LinkChange;

/// <summary>The platform has not made an intended link: it refused, or the link is not there.</summary>
/// <param name="LinkId">Our name for it.</param>
/// <param name="Reason">Why, in words; at most 256 characters are kept.</param>
/// <param name="IsRefused">Whether the platform refused it for good; else the same may be asked for again.</param>
public sealed record AbandonLink(string LinkId, string Reason, bool IsRefused = false) : LinkChange;

/// <summary>A link that was made elsewhere is made known, by the platform's id.</summary>
/// <param name="Link">The link, with its <see cref="SetupLink.PlatformId"/>.</param>
public sealed record RegisterLink(SetupLink Link) : LinkChange;

/// <summary>The platform has revoked a link, because somebody here asked it to.</summary>
/// <param name="LinkId">Our name for it.</param>
public sealed record RevokeLink(string LinkId) : LinkChange;

/// <summary>What the platform lists of the customer's links.</summary>
/// <param name="Links">The links, the newest first; those that nobody here knows are passed over.</param>
/// <param name="IsWhole">Whether that is all there is: a link that is not in it is not at the platform.</param>
/// <param name="AskedAt">When the platform was asked.</param>
public sealed record FoldLinks(ImmutableArray<ListedLink> Links, bool IsWhole, DateTimeOffset AskedAt) : LinkChange;

/// <summary>A setup link as the platform tells it.</summary>
public sealed record ListedLink
{
    /// <summary>The platform's id.</summary>
    public required string PlatformId { get; init; }

    /// <summary>The link of ours whose state its redirect URLs carry; null where they carry none that is known.</summary>
    public string? LinkId { get; init; }

    /// <summary><c>active</c>, <c>used</c>, <c>expired</c>, <c>revoked</c>; others may come.</summary>
    public string? Status { get; init; }

    /// <summary><c>pending</c>, <c>processing</c>, <c>completed</c>, <c>failed</c>; others may come.</summary>
    public string? SetupStatus { get; init; }

    /// <summary>Why the setup failed; anything but a code that is documented counts as unknown.</summary>
    public string? SetupError { get; init; }

    /// <summary>What the customer opens.</summary>
    public BearerSecret? Url { get; init; }

    /// <summary>When it ends.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>What became of a <see cref="LinkChange"/>.</summary>
public enum LinkOutcome
{
    /// <summary>It was done.</summary>
    Applied,

    /// <summary>It was so before. For an intent: the same key came with the same options, and this is its link.</summary>
    AlreadySo,

    /// <summary>Another link of the customer's is being made.</summary>
    InProgress,

    /// <summary>The customer has a link that can be used, and was not to lose it.</summary>
    StillUsable,

    /// <summary>The key was used before, with other options.</summary>
    KeyReused,

    /// <summary>No such link.</summary>
    NotFound,

    /// <summary>It was to connect a number again that is not gone, or whose phone is connected as another number.</summary>
    NotGone,

    /// <summary>The service was to make it by itself, and is not to, or not yet; the timeline says why.</summary>
    NotDue,
}

/// <summary>What became of a <see cref="LinkChange"/>, and the link that it is about.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Link">The link as it is now; null where there is none, and for a list.</param>
public sealed record LinkReceipt(LinkOutcome Outcome, SetupLink? Link);
