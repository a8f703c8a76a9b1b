using System.Collections.Immutable;

namespace Kapso.Platform.Receivers;

/// <summary>A receiver, as the settings and the project say, and how it does.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Url">Where messages go.</param>
/// <param name="IsOfSettings">Whether the settings name it: then only they change it.</param>
/// <param name="Types">What it is told; empty for everything.</param>
/// <param name="Tag">It is told only of customers with this <c>key:value</c>; null for all.</param>
/// <param name="Kept">What the project keeps of it; null for nothing.</param>
/// <param name="Traffic">What was sent to it lately.</param>
public sealed record ReceiverState(
    string Id, Uri Url, bool IsOfSettings, ImmutableArray<NotifyType> Types, string? Tag, ReceiverEntry? Kept, ReceiverTraffic Traffic)
{
    /// <summary>Since when nothing is sent to it; null where it is enabled.</summary>
    public DateTimeOffset? DisabledAt => Kept?.DisabledAt;

    internal static ReceiverState Of(ReceiverTerms terms, Uri url, bool isOfSettings, ReceiverEntry? kept, ReceiverTraffic? traffic) => new(
        terms.Id, url, isOfSettings, terms.Types, terms.Tag, kept, traffic ?? new ReceiverTraffic(terms.Id, null, []));
}

/// <summary>What a project's own receiver is to be.</summary>
/// <param name="Url">Where messages go: an absolute http or https URL without user info.</param>
/// <param name="Types">What it is told; empty for everything.</param>
/// <param name="Tag">It is told only of customers with this <c>key:value</c>; null for all.</param>
public sealed record ReceiverOrder(Uri Url, ImmutableArray<NotifyType> Types, string? Tag);

/// <summary>What became of a change of a project's receivers.</summary>
public enum ReceiverChange
{
    /// <summary>It was done, or was so already.</summary>
    Done,

    /// <summary>There is no such receiver.</summary>
    NotFound,

    /// <summary>The settings name the receiver: only they can change it.</summary>
    OfSettings,

    /// <summary>There are as many receivers as a project can have.</summary>
    TooMany,
}
