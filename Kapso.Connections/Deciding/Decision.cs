namespace Kapso.Connections.Deciding;

/// <summary>What a connection became, and what became of the observation.</summary>
/// <param name="Connection">The connection afterwards; the same instance where nothing is to be written.</param>
/// <param name="Outcome">What became of the observation.</param>
/// <param name="ProvenNumber">
/// The number that this observation proved to be the customer's: it became connected, or connected again. The engine's
/// index of numbers then names this customer. Null where it proved none.
/// </param>
public sealed record Decision(Connection Connection, Outcome Outcome, string? ProvenNumber = null);
