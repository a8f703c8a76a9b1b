using Kapso.Connections.Redirects;
using Kapso.Web.Projects;

namespace Kapso.Web.Customers.Redirects;

/// <summary>One arrival of a customer's browser, and what may be shown for it.</summary>
/// <param name="Parameters">What the query said: hints.</param>
/// <param name="Project">The project, where it is known: by the state, the path, or because there is only one.</param>
public sealed record Visit(RedirectParameters Parameters, ServedProject? Project)
{
    /// <summary>When the browser came.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The language that the browser likes best; null where there is none of those.</summary>
    public string? BrowserLanguage { get; init; }

    /// <summary>The language of the page, one of <see cref="PageLanguages.All"/>: the link's, else the browser's.</summary>
    public string Language => PageLanguages.Find(Link?.Language) ?? BrowserLanguage ?? PageLanguages.Default;

    /// <summary>The state that the browser came with, where it is valid.</summary>
    public string? State { get; init; }

    /// <summary>The customer's connection. Set only for a valid state: nobody else is shown anything of it.</summary>
    public Connection? Connection { get; init; }

    /// <summary>What became of the redirect, where it was recorded in a connection.</summary>
    public Outcome? Outcome { get; init; }

    /// <summary>The link of the state.</summary>
    public SetupLink? Link => Connection?.SetupLinks.FirstOrDefault(link => link.State == State);

    /// <summary>
    /// Whether the customer has a link that connects a number again which has gone, and that is another one than brought the browser here.
    /// It is a bearer's secret, and not shown.
    /// </summary>
    public bool HasReconnectLink =>
        Connection?.FindUsableLink(At) is { ReconnectsPhoneNumberId: { } gone } usable && usable.State != State
        && Connection.FindNumber(gone) is { Status: NumberStatus.Gone };

    /// <summary>Whether the link of the state was made to connect this number again: under its own id, or one with the same phone.</summary>
    public bool IsBack(Number number) =>
        Link?.ReconnectsPhoneNumberId is { } gone && (gone == number.PhoneNumberId || gone == number.SamePhoneAs);

    /// <summary>Whether a setup of this link was received: see <see cref="Connection.IsReceived"/>.</summary>
    public bool IsReceived => Connection?.IsReceived(Link) == true;

    /// <summary>Whether WhatsApp has the number that waits to be confirmed and is not ready with it, which can take days.</summary>
    public bool IsPending => Parameters.PhoneNumberId is not null
        ? IsPendingNumber(Number)
        : Connection?.Numbers.Any(IsPendingNumber) == true;

    private static bool IsPendingNumber(Number? number) => number is { Status: NumberStatus.Hinted, PlatformStatus: Connections.Numbers.Number.Pending };

    /// <summary>
    /// The number that the page is about: the one that the browser names, where the connection knows it; where it names none,
    /// the one that was connected last, or, after a setup that was completed, the one that went last.
    /// </summary>
    public Number? Number => Parameters.PhoneNumberId is { } named
        ? Connection?.FindNumber(named)
        : Connection?.Numbers.Where(number => number.Status == NumberStatus.Connected).MaxBy(number => number.ConnectedAt)
            ?? (Link?.Status == SetupLinkStatus.Completed
                ? Connection?.Numbers.Where(number => number.Status == NumberStatus.Gone).MaxBy(number => number.GoneAt)
                : null);
}
