namespace Kapso.Simulator.World;

/// <summary>What WhatsApp can do to the account of a number.</summary>
public enum AccountAction
{
    /// <summary>It disables the account.</summary>
    DisableAccount,

    /// <summary>It takes an ability from the account, for a time.</summary>
    RestrictAccount,

    /// <summary>It reports that the account broke a rule.</summary>
    ReportViolation,

    /// <summary>It takes back what it held against the account.</summary>
    ReinstateAccount,
}

public sealed partial class SimulatedPlatform
{
    /// <summary>How long a restriction lasts where nothing else is said.</summary>
    internal static readonly TimeSpan RestrictedFor = TimeSpan.FromDays(3);

    /// <summary>
    /// Tells of the accounts of some numbers, in one event. The numbers stay as they are. Null where one of them is unknown or
    /// none is given.
    /// </summary>
    /// <param name="phoneNumberIds">The numbers; all other numbers of their accounts are named with them.</param>
    /// <param name="action">What happens.</param>
    /// <param name="expiresAt">When a restriction ends; null for after <see cref="RestrictedFor"/>.</param>
    public IReadOnlyList<PhoneNumber>? Act(IReadOnlyCollection<string> phoneNumberIds, AccountAction action, DateTimeOffset? expiresAt = null)
    {
        lock (_gate)
        {
            var named = phoneNumberIds.Select(_numbers.Find).OfType<PhoneNumber>().ToList();
            if (named.Count == 0 || named.Count < phoneNumberIds.Count)
                return null;

            var accounts = named.Select(number => number.BusinessAccountId).ToHashSet();
            var all = _numbers.OldestFirst.Where(number => accounts.Contains(number.BusinessAccountId)).ToList();
            Tell(new Happening
            {
                Event = action switch
                {
                    AccountAction.DisableAccount => Events.AccountDisabled,
                    AccountAction.RestrictAccount => Events.AccountRestricted,
                    AccountAction.ReportViolation => Events.AccountViolation,
                    _ => Events.AccountReinstated,
                },
                Number = named[0],
                At = Now,
                EventId = "wae_" + _madeUp.Token("event"),
                Account = new AccountHappening(all, action, action == AccountAction.RestrictAccount ? expiresAt ?? Now + RestrictedFor : null),
            });
            return all;
        }
    }
}
