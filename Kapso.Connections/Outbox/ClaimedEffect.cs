using System.Collections.Immutable;

namespace Kapso.Connections.Outbox;

/// <summary>An effect that was claimed durably and may be sent now, with what its sender needs to know.</summary>
/// <param name="Key">Whose it is.</param>
/// <param name="Effect">The effect as stored: in flight, with its attempt and lease.</param>
/// <param name="Number">
/// The number it is about, as known at the claim, or as far as a notify tells of it when it was decided; null where it is about none.
/// </param>
public sealed record ClaimedEffect(CustomerKey Key, Effect Effect, Number? Number)
{
    /// <summary>What the customer is called, as known at the claim, or when a notify was decided; null where nothing was told.</summary>
    public CustomerNames? Customer { get; init; }

    /// <summary>
    /// Notify of a reconnect link: the link as known at the claim, where the customer can open it then; else null. It is not kept with the
    /// effect: what opens a setup is kept no longer than it can be used.
    /// </summary>
    public SetupLink? Link { get; init; }

    /// <summary>
    /// Welcome whose outcome is unknown: the customer's other welcomes. What is found in a list of messages may be one of them.
    /// </summary>
    public ImmutableArray<Welcome> OtherWelcomes { get; init; } = [];
}
