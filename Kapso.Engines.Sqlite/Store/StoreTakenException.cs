namespace Kapso.Engines.Sqlite.Store;

/// <summary>The store is another process's, or is not where it was: this process must not write any more.</summary>
internal sealed class StoreTakenException(string message) : Exception(message);
