namespace Kapso.Connections.Deciding;

/// <summary>What a connection became by a <see cref="LinkChange"/>.</summary>
/// <param name="Connection">The connection afterwards; the same instance where nothing is to be written.</param>
/// <param name="Receipt">What became of the change.</param>
public sealed record LinkDecision(Connection Connection, LinkReceipt Receipt);
