using Kapso.Web.Audit;

namespace Kapso.Web.Operators.Customers;

/// <summary>What a person can do with an effect that waits for one.</summary>
/// <param name="Name">Its name in addresses.</param>
/// <param name="Verb">What the button says.</param>
/// <param name="Explanation">What it does, in words.</param>
/// <param name="Done">What is said afterwards.</param>
/// <param name="Audited">What the audit calls it.</param>
public sealed record EffectAct(string Name, string Verb, string Explanation, string Done, string Audited)
{
    /// <summary>What is said where nothing was left to do.</summary>
    public const string Before = "before";

    /// <summary>Sends it again.</summary>
    public static EffectAct Resend { get; } = new(
        "resend", "Resend",
        "It is sent again under the same id. A receiver that deduplicates by that id takes it once; a message that went out "
        + "already may reach the customer a second time.",
        "It is being sent again.", AuditActions.ResendEffect);

    /// <summary>Counts it as done.</summary>
    public static EffectAct Settle { get; } = new(
        "settle", "Settle as done",
        "It counts as done, on your word, and is not sent again. Do this where you know that it took effect, or was done by other means.",
        "It counts as done.", AuditActions.SettleEffect);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<EffectAct> All { get; } = [Resend, Settle];

    /// <summary>What to say of an action's outcome by its name; null for a name that is none.</summary>
    public static string? SayDone(string? name) => name == Before
        ? "Nothing was left to do: it had been done before, or settled by itself."
        : All.FirstOrDefault(action => action.Name == name)?.Done;

    /// <summary>Does it.</summary>
    public Task<EffectAction> RunAsync(
        IConnectionEngine engine, CustomerKey key, string effectId, string by, CancellationToken cancellationToken) =>
        this == Resend
            ? engine.ResendAsync(key, effectId, by, cancellationToken)
            : engine.SettleAsync(key, effectId, by, cancellationToken);
}
