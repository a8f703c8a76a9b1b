namespace Kapso.Engines.Orleans.Grains;

/// <summary>The one record of a customer's grain.</summary>
public sealed class ConnectionRecord
{
    /// <summary>
    /// The connection; null where the record was written for its ETag alone: whoever was about to write the first
    /// connection has to read again.
    /// </summary>
    public Connection? Connection { get; set; }

    /// <summary>Why what is stored cannot be read, as where a newer version wrote it; null where it can. Never stored: nothing is written over it.</summary>
    public string? Unreadable { get; init; }
}
