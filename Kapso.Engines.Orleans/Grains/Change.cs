namespace Kapso.Engines.Orleans.Grains;

/// <summary>What a call makes of a connection.</summary>
/// <param name="Connection">The connection afterwards; the same instance where nothing is to be written.</param>
/// <param name="Result">What the call answers, given the connection as it was written.</param>
/// <param name="ProvenNumber">The number that it proved to be the customer's.</param>
internal readonly record struct Change<T>(Connection Connection, Func<Connection, T> Result, string? ProvenNumber = null);

/// <summary>Decides, given the connection as last written and whoever had the number before that the decision proves.</summary>
internal delegate Change<T> Decide<T>(Connection connection, string? previousOwner);
