namespace Kapso.Web.Operators.Parking;

/// <summary>What a person can do with a parked delivery.</summary>
/// <param name="Name">Its name in addresses.</param>
/// <param name="Verb">What the button says.</param>
/// <param name="Explanation">What it does, in words.</param>
/// <param name="Done">What is said afterwards.</param>
public sealed record ParkedAct(string Name, string Verb, string Explanation, string Done)
{
    /// <summary>Folds it in after all.</summary>
    public static ParkedAct Replay { get; } = new(
        "replay", "Replay",
        "It is folded into the customer's connection as if it came now, but with the time at which it was received. Newer news is not undone by it.",
        "The delivery was replayed.");

    /// <summary>Leaves it out for good.</summary>
    public static ParkedAct Discard { get; } = new(
        "discard", "Discard",
        "It is never folded in. The platform does not send it again.",
        "The delivery was discarded.");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ParkedAct> All { get; } = [Replay, Discard];

    /// <summary>What to say of an action by its name; null for a name that is none.</summary>
    public static string? SayDone(string? name) => All.FirstOrDefault(action => action.Name == name)?.Done;
}
