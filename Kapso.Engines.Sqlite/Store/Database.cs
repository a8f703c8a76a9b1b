using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Kapso.Engines.Sqlite.Store;

/// <summary>One connection to the file, with its prepared statements. Not thread-safe.</summary>
internal sealed class Database : IDisposable
{
    /// <summary>SQLITE_DBCONFIG_ENABLE_QPSG.</summary>
    private const int EnableQueryPlannerStability = 1007;

    /// <summary>SQLITE_DBSTATUS_CACHE_WRITE.</summary>
    private const int CacheWrites = 9;

    /// <summary>SQLITE_CONFIG_MEMSTATUS.</summary>
    private const int CountMemory = 9;

    private readonly Dictionary<string, Statement> _statements = new(StringComparer.Ordinal);

    // Each connection is used by one thread at a time, and nobody asks SQLite for its memory: both save a lock for every call.
    // Where SQLite was in use before, it stays as it is.
    static Database()
    {
        Batteries_V2.Init();
        _ = raw.sqlite3_config(raw.SQLITE_CONFIG_MULTITHREAD);
        _ = raw.sqlite3_config(CountMemory, 0);
    }

    private Database(SqliteConnection connection) => Connection = connection;

    public SqliteConnection Connection { get; }

    /// <summary>Opens the one connection that writes.</summary>
    /// <exception cref="SqliteException">The file cannot be opened or written.</exception>
    /// <exception cref="InvalidOperationException">SQLite does not flush every commit.</exception>
    public static Database OpenWriter(string path)
    {
        var database = Open(path, SqliteOpenMode.ReadWriteCreate);
        try
        {
            var journal = database.Prepare("PRAGMA journal_mode=WAL").ScalarText();
            if (journal != "wal")
            {
                throw new InvalidOperationException(
                    $"The store '{path}' cannot be kept safely: SQLite's journal is '{journal}' and does not become 'wal', as where there is no shared memory. Put it on a local disk (Kapso:Store:Path).");
            }

            database.Execute("PRAGMA synchronous=FULL");
            database.Execute("PRAGMA wal_autocheckpoint=0"); // Writing.Checkpointer does it.
            database.Execute("PRAGMA journal_size_limit=268435456"); // A log that is cut has to be allocated again.
            database.Execute("PRAGMA cache_size=-32768");
            database.Execute("PRAGMA foreign_keys=OFF");
            database.Execute("PRAGMA secure_delete=ON"); // What is erased leaves no bytes in the file.

            // Everything that is promised rests on this one setting, so it is read back.
            var synchronous = database.Prepare("PRAGMA synchronous").Scalar();
            if (synchronous != 2)
            {
                throw new InvalidOperationException(
                    $"SQLite must flush every commit (PRAGMA synchronous 2) and reports {synchronous}.");
            }

            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>Opens a connection that only reads. It never waits for the writer and never holds it up.</summary>
    public static Database OpenReader(string path)
    {
        var database = Open(path, SqliteOpenMode.ReadOnly);
        try
        {
            database.Execute("PRAGMA cache_size=-4096");
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>Opens a connection that only copies the log into the file, beside the writer.</summary>
    /// <exception cref="SqliteException">The file cannot be opened.</exception>
    public static Database OpenCheckpointer(string path)
    {
        var database = Open(path, SqliteOpenMode.ReadWrite);
        try
        {
            // The file is flushed before the log may begin anew.
            database.Execute("PRAGMA synchronous=FULL");
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>Pages that this connection wrote to the log since this was last asked.</summary>
    public int TakePagesWritten()
    {
        _ = raw.sqlite3_db_status(Connection.Handle!, CacheWrites, out var pages, out _, resetFlg: 1);
        return pages;
    }

    /// <summary>Copies what it can from the log into the file, waiting for nobody.</summary>
    /// <returns>Pages in the log, and how many of them are in the file now.</returns>
    /// <exception cref="SqliteException">It failed; the log still has every page.</exception>
    public (int Log, int Copied) Checkpoint()
    {
        var code = raw.sqlite3_wal_checkpoint_v2(
            Connection.Handle!, "main", raw.SQLITE_CHECKPOINT_PASSIVE, out var log, out var copied);
        if (code != raw.SQLITE_OK && code != raw.SQLITE_BUSY)
            SqliteException.ThrowExceptionForRC(code, Connection.Handle!);
        return (log, copied);
    }

    /// <summary>Copies the whole log into the file and cuts it to nothing, as far as nobody reads what is in it.</summary>
    /// <returns>Whether it is cut.</returns>
    /// <exception cref="SqliteException">It failed; the log still has every page.</exception>
    public bool TruncateLog()
    {
        var code = raw.sqlite3_wal_checkpoint_v2(Connection.Handle!, "main", raw.SQLITE_CHECKPOINT_TRUNCATE, out _, out _);
        if (code != raw.SQLITE_OK && code != raw.SQLITE_BUSY)
            SqliteException.ThrowExceptionForRC(code, Connection.Handle!);
        return code == raw.SQLITE_OK;
    }

    /// <summary>The statement for this SQL, prepared once. To be stepped to its end, or reset, before it is used again.</summary>
    public Statement Prepare(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
            _statements.Add(sql, statement = new Statement(Connection.Handle!, sql));
        return statement;
    }

    /// <summary>Runs SQL that is not worth keeping a statement for.</summary>
    public void Execute(string sql)
    {
        using var command = Connection.CreateCommand();
#pragma warning disable CA2100 // Only constants of this engine come here.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
            statement.Dispose();
        _statements.Clear();
        Connection.Dispose();
    }

    private static Database Open(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            Pooling = false,
            DefaultTimeout = 1,
        }.ToString());
        try
        {
            connection.Open();
            _ = raw.sqlite3_busy_timeout(connection.Handle!, 1_000);

            // A plan does not depend on what is bound: else SQLite prepares a statement with LIMIT ? anew for each binding.
            _ = raw.sqlite3_db_config(connection.Handle!, EnableQueryPlannerStability, 1, out _);
            return new Database(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
