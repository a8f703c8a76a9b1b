using Kapso.Connections.Webhooks;

namespace Kapso.Web.Webhooks;

/// <summary>One observation of a delivery: whose it is as far as the body says, and what became of it so far.</summary>
internal sealed class FoldItem(string? customerId, Observation observation)
{
    /// <summary>The observations of a delivery, all open.</summary>
    public static FoldItem[] Of(IReadOnlyList<CustomerObservation> observations)
    {
        var items = new FoldItem[observations.Count];
        for (var i = 0; i < items.Length; i++)
            items[i] = new FoldItem(observations[i].CustomerId, observations[i].Observation);
        return items;
    }

    /// <summary>Which of the observations find no customer, in words.</summary>
    public static string SayUnknown(FoldItem[] items) => items.Length == 1
        ? "It names no customer, and its number is not known."
        : $"{items.Count(item => item.UnknownCustomer)} of the {items.Length} that it speaks of belong to no customer that is known; "
            + $"{items.Count(item => item.IsFolded)} are folded in.";

    /// <summary>The customer that the body names; null where it names none.</summary>
    public string? CustomerId => customerId;

    /// <summary>What is said.</summary>
    public Observation Observation => observation;

    /// <summary>Whose it is, once that is known.</summary>
    public CustomerKey? Key { get; set; }

    /// <summary>What became of it; null while it is open.</summary>
    public Outcome? Outcome { get; set; }

    /// <summary>It names no customer, and its number belongs to none that is known.</summary>
    public bool UnknownCustomer { get; set; }

    /// <summary>Whether its connection took it in. Not so while it is open, finds no customer or finds no room.</summary>
    public bool IsFolded => Outcome is { } outcome && outcome != Connections.Timeline.Outcome.Full;

    /// <summary>Whether nothing is left to do for it now.</summary>
    public bool Settled => Outcome is not null || UnknownCustomer;
}
