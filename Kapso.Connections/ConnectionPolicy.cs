using System.Collections.Immutable;

namespace Kapso.Connections;

/// <summary>What a project's settings mean for decisions. Passed in, so that decisions stay pure.</summary>
public sealed record ConnectionPolicy
{
    /// <summary>Whether the platform's API can be asked about a number (an API key is configured and a runner is there to use it).</summary>
    public bool CanConfirm { get; init; }

    /// <summary>The receivers that changes are told to, those that are disabled or were taken away among them; each id once.</summary>
    public ImmutableArray<ReceiverTerms> Receivers { get; init; } = [];

    /// <summary>Whether changes are told to anybody. Set, to the default receiver alone.</summary>
    public bool Notifies
    {
        get => !Receivers.IsEmpty;
        init => Receivers = value ? [ReceiverTerms.Default] : [];
    }

    /// <summary>The receiver of a notify; null where no such one is configured.</summary>
    public ReceiverTerms? FindReceiver(Effect notify)
    {
        ArgumentNullException.ThrowIfNull(notify);
        foreach (var receiver in Receivers)
        {
            if (receiver.StoredId == notify.Receiver)
                return receiver;
        }

        return null;
    }

    /// <summary>
    /// Whether a welcome whose outcome is unknown is looked for instead of being sent again, as nobody deduplicates it. Then a
    /// person decides on it in the end.
    /// </summary>
    public bool LooksUpWelcomes { get; init; }

    /// <summary>Numbers first learned from the API whose row is older than this are adopted without a welcome.</summary>
    public DateTimeOffset WelcomeSince { get; init; } = DateTimeOffset.MinValue;

    /// <summary>
    /// When the store took the place of another one, so that nobody is known to have been greeted before; null where it did not, or where
    /// a person has accepted it. Numbers learned from the API are adopted without a welcome until then.
    /// </summary>
    public DateTimeOffset? StoreReplacedAt { get; init; }

    /// <summary>
    /// Whether a number that came back before this service ever knew it is greeted as a new one. Else it is adopted, unless the
    /// platform's row, or a <c>created</c>, says that it is new.
    /// </summary>
    public bool GreetsReturning { get; init; }

    /// <summary>
    /// Whether a phone that was welcomed within the last 30 days is greeted again when it comes under another number of the same
    /// customer. Else that number is adopted.
    /// </summary>
    public bool GreetsSamePhone { get; init; }

    /// <summary>What is remembered of erased customers is hashed with this; null where nobody can have been erased.</summary>
    public ErasureKey? Erasures { get; init; }

    /// <summary>Whether the service makes a link by itself with which a number that went is connected again; see <see cref="Number.ReconnectAt"/>.</summary>
    public bool ReconnectsByItself { get; init; }

    /// <summary>
    /// How long a welcome that was not sent waits for its number, which is gone, to be connected again; then it lapses. Counted
    /// from the gone. Default 7 days.
    /// </summary>
    public TimeSpan GoneFor { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How long a claim lasts. Longer than the longest send, so that a slow attempt is not overtaken. Default 60 s.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Attempts before an effect is dead; a confirm is given up then. Default 20: about ten hours with the default delays.</summary>
    public int MaxAttempts { get; init; } = 20;

    /// <summary>Delay after the first failed attempt; doubled after each further one. Default 2 s.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Longest delay between two attempts. Default 1 h.</summary>
    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromHours(1);

    /// <summary>
    /// Furthest that anything is ever put off, a receiver's <c>Retry-After</c> included. A due time further ahead than
    /// this was written under another clock and counts as due.
    /// </summary>
    public static TimeSpan MaxPutOff { get; } = TimeSpan.FromHours(24);
}
