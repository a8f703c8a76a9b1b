using Orleans.Concurrency;

namespace Kapso.Engines.Orleans.Calls;

/// <summary>
/// Owns the connection of one customer; its key is <see cref="GrainKey.Of"/>. A call that writes returns after the write is
/// durable. One that fails may have written: every call can be repeated, and a repeat reaches another activation.
/// </summary>
[Alias("kapso.connection")]
public interface IConnectionGrain : IGrainWithStringKey
{
    /// <summary>Folds one observation in.</summary>
    [Alias("observe")]
    Task<Receipt> ObserveAsync(Observation observation);

    /// <summary>Folds a hint in if the number is connected here; false, and nothing is written, where it is not.</summary>
    [Alias("fold-hint")]
    Task<bool> FoldHintAsync(Observation hint);

    /// <summary>Adds a setup link.</summary>
    [Alias("add-link")]
    Task<Receipt> AddLinkAsync(SetupLink link);

    /// <summary>Changes the setup links.</summary>
    [Alias("change-link")]
    Task<LinkReceipt> ChangeLinkAsync(LinkChange change);

    /// <summary>Sets the phone that template welcomes go to.</summary>
    [Alias("set-contact-phone")]
    Task<Receipt> SetContactPhoneAsync(string? phone);

    /// <summary>Sets what the company calls and marks the customer with. A silo of an earlier version does not know it.</summary>
    [Alias("change-customer")]
    Task<Receipt> ChangeCustomerAsync(CustomerChange change, string? by);

    /// <summary>Makes a held or dead effect due again.</summary>
    [Alias("resend")]
    Task<EffectAction> ResendAsync(string effectId, string? by);

    /// <summary>Settles a held or dead effect on a person's word.</summary>
    [Alias("settle-by-hand")]
    Task<EffectAction> SettleByHandAsync(string effectId, string? by);

    /// <summary>Has a connected number welcomed that was adopted. A silo of an earlier version does not know it.</summary>
    [Alias("greet")]
    Task<EffectAction> GreetAsync(string phoneNumberId, string? by);

    /// <summary>Sends a notify again that was sent before. A silo of an earlier version does not know it.</summary>
    [Alias("send-again")]
    Task<EffectAction> SendAgainAsync(Effect notify, string? by);

    /// <summary>Looks at what is held for receivers that may be enabled again. A silo of an earlier version does not know it.</summary>
    [Alias("look-at-receivers")]
    Task LookAtReceiversAsync();

    /// <summary>Settles one attempt at an effect.</summary>
    [Alias("settle")]
    Task SettleAsync(string effectId, int attempt, EffectResult result);

    /// <summary>Writes a line into the timeline of a customer that is known.</summary>
    [Alias("note")]
    Task NoteAsync(TimelineEntry note);

    /// <summary>Claims what is due, and brings the customer's entry in the index of due times up to date.</summary>
    /// <param name="entry">The entry that the sweep found.</param>
    [Alias("wake")]
    Task WakeAsync(string entry);

    /// <summary>
    /// Takes those of these states and links out of the index that name the customer and that the connection does not have. An
    /// ordinary turn: it never meets a change that has put its own in and has not written yet. A silo of an earlier version
    /// does not know it.
    /// </summary>
    /// <param name="states">States that name the customer in the index.</param>
    /// <param name="links">The platform's ids of links that do.</param>
    [Alias("forget-links")]
    Task ForgetLinksAsync(string[] states, string[] links);

    /// <summary>
    /// Puts what finds the customer in the operators' lists into the index, as the connection says: for those whom an earlier
    /// version wrote. A silo of an earlier version does not know it.
    /// </summary>
    [Alias("add-words")]
    Task AddWordsAsync();

    /// <summary>
    /// Erases the connection and all that finds it, and writes down what is remembered. A silo of an earlier version does not know it.
    /// </summary>
    /// <param name="numbers">Numbers that name the customer in the index.</param>
    /// <param name="states">States that do.</param>
    /// <param name="links">The platform's ids of links that do.</param>
    /// <param name="entries">The customer's entries in the index of due times.</param>
    /// <returns>What stands for the customer.</returns>
    [Alias("erase")]
    Task<string> EraseAsync(string[] numbers, string[] states, string[] links, string[] entries);

    /// <summary>Takes a whole connection over from another store; false, and nothing is written, where the customer is known.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="ownedNumbers">The numbers that the customer was the last to prove.</param>
    [Alias("import")]
    Task<bool> ImportAsync(Connection connection, string[] ownedNumbers);

    /// <summary>The connection as last written; null for a customer never heard of.</summary>
    [Alias("find")]
    [AlwaysInterleave]
    Task<Connection?> FindAsync();

    /// <summary>Where a number stands by what was last written; null where it is not known.</summary>
    [Alias("find-number-status")]
    [AlwaysInterleave]
    Task<NumberStatus?> FindNumberStatusAsync(string phoneNumberId);
}
