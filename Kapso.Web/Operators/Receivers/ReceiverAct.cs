using Kapso.Platform.Receivers;
using Kapso.Web.Audit;

namespace Kapso.Web.Operators.Receivers;

/// <summary>What a person can do with a receiver, asked before it is done.</summary>
/// <param name="Name">Its name in addresses.</param>
/// <param name="Verb">What the button says.</param>
/// <param name="Question">What is asked, before the receiver's name.</param>
/// <param name="Explanation">What it does, in words.</param>
/// <param name="Done">What is said afterwards.</param>
public sealed record ReceiverAct(string Name, string Verb, string Question, string Explanation, string Done)
{
    /// <summary>The name of sending a test.</summary>
    public const string Test = "test";

    /// <summary>The name of changing what it is.</summary>
    public const string Edit = "edit";

    /// <summary>The name of sending what failed again.</summary>
    public const string Resend = "resend";

    /// <summary>Sends nothing more to it.</summary>
    public static ReceiverAct Disable { get; } = new(
        "disable", "Disable", "Disable", "Nothing more is sent to it. What it is told waits as held, at most 100 messages for each customer, and goes out in order when it is enabled.",
        "The receiver is disabled.");

    /// <summary>Sends to it again.</summary>
    public static ReceiverAct Enable { get; } = new(
        "enable", "Enable", "Enable", "What is held for it goes out in order, for each customer, within a minute or two.", "The receiver is enabled.");

    /// <summary>Gives it a new secret.</summary>
    public static ReceiverAct Rotate { get; } = new(
        "rotate", "New secret", "Make a new secret for", "The next page shows it, once. The one before signs beside it for 24 hours: put the new one into your application meanwhile.",
        "");

    /// <summary>Takes it away.</summary>
    public static ReceiverAct Remove { get; } = new(
        "remove", "Remove", "Remove", "It is told nothing more, and what waits for it is dropped. That cannot be undone.", "The receiver was removed.");

    /// <summary>What it is called in the audit.</summary>
    internal string Audited =>
        this == Disable ? AuditActions.DisableReceiver
        : this == Enable ? AuditActions.EnableReceiver
        : this == Rotate ? AuditActions.RotateReceiver
        : AuditActions.RemoveReceiver;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ReceiverAct> All { get; } = [Disable, Enable, Rotate, Remove];

    /// <summary>Those that make sense for a receiver.</summary>
    public static IEnumerable<ReceiverAct> For(ReceiverState receiver)
    {
        ArgumentNullException.ThrowIfNull(receiver);
        return [receiver.DisabledAt is null ? Disable : Enable, .. receiver.IsOfSettings ? [] : (ReceiverAct[])[Rotate, Remove]];
    }

    /// <summary>What to say of an action by its name; null for a name that is none.</summary>
    public static string? SayDone(string? name) => name switch
    {
        Edit => "The receiver is changed.",
        _ => All.FirstOrDefault(act => act.Name == name)?.Done,
    };
}
