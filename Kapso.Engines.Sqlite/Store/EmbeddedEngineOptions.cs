using Microsoft.Data.Sqlite;

namespace Kapso.Engines.Sqlite.Store;

/// <summary>What the embedded engine needs to know; filled in from the service's settings.</summary>
public sealed class EmbeddedEngineOptions : EngineOptions
{
    /// <summary>The SQLite file; its folder is made if need be. Default <c>./data/kapso.db</c>.</summary>
    public string Path { get; set; } = "./data/kapso.db";

    /// <summary>
    /// Connections kept in memory as last committed, about 2 KiB each. Default 2,000: enough for what is in flight. More of
    /// them make the collector's pauses longer (each collection copies the newest), and reading one again costs microseconds.
    /// </summary>
    public int CachedConnections { get; set; } = 2_000;

    /// <summary>Most writes that share one commit. Default 1,000.</summary>
    public int MaxBatch { get; set; } = 1_000;

    /// <summary>Writes that may wait for the writer before callers wait to hand theirs in. Default 10,000.</summary>
    public int MaxWaiting { get; set; } = 10_000;

    /// <summary>
    /// New customers that are gathered in memory, about 200 bytes each, before they go into the table of customers in its
    /// order; as many again may be on their way. Default 200,000. More of them write fewer pages, and take longer to read at
    /// the start.
    /// </summary>
    internal int GatheredCustomers { get; set; } = 200_000;

    /// <summary>
    /// Pages of 4 KiB written to SQLite's log after which they are copied into the file. Default 8,000: a page that is written
    /// several times until then is copied once, but the flush takes longer, and commits feel it. The log begins anew once it
    /// holds four times as many, at the latest eight times.
    /// </summary>
    internal int CheckpointPages { get; set; } = 8_000;

    /// <summary>For tests: called with the writer's connection when it was opened.</summary>
    internal Action<SqliteConnection>? WriterOpened { get; set; }

    /// <summary>For tests: called with the writer's connection before each transaction.</summary>
    internal Action<SqliteConnection>? BeforeBatch { get; set; }
}
