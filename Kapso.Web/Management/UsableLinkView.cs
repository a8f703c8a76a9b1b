namespace Kapso.Web.Management;

/// <summary>A setup link with what the customer opens: whoever has the URL can set up a number. Keep it out of logs.</summary>
/// <param name="Link">The link.</param>
/// <param name="Url">What the customer opens; null where the link cannot be used any more, or was made elsewhere and not listed yet.</param>
public sealed record UsableLinkView(SetupLinkView Link, string? Url)
{
    /// <summary>Shows a link.</summary>
    public static UsableLinkView Of(SetupLink link) => new(SetupLinkView.Of(link), link.Url?.Reveal);
}

/// <summary>A customer's setup links.</summary>
/// <param name="Items">The links, newest first.</param>
/// <param name="PlatformError">Why the platform could not be asked just now; null where it was.</param>
public sealed record UsableLinkListView(IReadOnlyList<UsableLinkView> Items, string? PlatformError);
