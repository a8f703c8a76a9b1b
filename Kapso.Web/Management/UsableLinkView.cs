using Kapso.Web.Access;
using Kapso.Web.Audit;

namespace Kapso.Web.Management;

/// <summary>A setup link with what the customer opens: whoever has the URL can set up a number. Keep it out of logs.</summary>
/// <param name="Link">The link.</param>
/// <param name="Url">What the customer opens; null where the link cannot be used any more, or was made elsewhere and not listed yet, and for keys that may only read.</param>
public sealed record UsableLinkView(SetupLinkView Link, string? Url)
{
    /// <summary>Shows a link.</summary>
    public static UsableLinkView Of(SetupLink link) => new(SetupLinkView.Of(link), link.Url?.Reveal);

    /// <summary>Shows a link to the bearer of a key; the URL only where that may issue links as well.</summary>
    internal static UsableLinkView For(KnownKey key, SetupLink link) =>
        key.Role >= RequiredRole.For(AuditActions.IssueLink) ? Of(link) : new(SetupLinkView.Of(link), null);
}

/// <summary>A customer's setup links.</summary>
/// <param name="Items">The links, newest first.</param>
/// <param name="PlatformError">Why the platform could not be asked just now; null where it was.</param>
public sealed record UsableLinkListView(IReadOnlyList<UsableLinkView> Items, string? PlatformError);
