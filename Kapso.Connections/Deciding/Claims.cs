namespace Kapso.Connections.Deciding;

/// <summary>Effects claimed together.</summary>
/// <param name="Connection">The connection with the claims in it; the same instance where nothing was claimed.</param>
/// <param name="Effects">What may be sent once the connection is written.</param>
public sealed record Claims(Connection Connection, IReadOnlyList<ClaimedEffect> Effects);

/// <summary>Who claims effects.</summary>
/// <param name="Id">The process or activation, unique for each start.</param>
/// <param name="Sole">
/// True where no other holder can be alive (one process per file): claims of others are orphans of a crash and lapse at once.
/// </param>
public readonly record struct LeaseHolder(string Id, bool Sole);
