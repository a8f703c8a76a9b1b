using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Kapso.Engines.Sqlite.Store;

/// <summary>A prepared statement, bound by position (from 1) and read by column (from 0). Not thread-safe.</summary>
internal sealed class Statement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private int _next = 1;

    public Statement(sqlite3 database, string sql)
    {
        _database = database;
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(database, sql, out _statement), database);
    }

    public Statement Bind(long value)
    {
        Check(raw.sqlite3_bind_int64(_statement, _next++, value));
        return this;
    }

    public Statement Bind(long? value)
    {
        if (value is { } known)
            return Bind(known);
        Check(raw.sqlite3_bind_null(_statement, _next++));
        return this;
    }

    public Statement Bind(string? value)
    {
        Check(value is null
            ? raw.sqlite3_bind_null(_statement, _next++)
            : raw.sqlite3_bind_text(_statement, _next++, value));
        return this;
    }

    /// <param name="utf8">A text, in UTF-8 and not empty.</param>
    public Statement BindText(ReadOnlySpan<byte> utf8)
    {
        Check(raw.sqlite3_bind_text(_statement, _next++, utf8));
        return this;
    }

    public Statement Bind(ReadOnlySpan<byte> value)
    {
        // An empty span would be bound as NULL.
        Check(value.IsEmpty
            ? raw.sqlite3_bind_zeroblob(_statement, _next++, 0)
            : raw.sqlite3_bind_blob(_statement, _next++, value));
        return this;
    }

    /// <summary>Moves to the next row. False at the end; the statement is then ready to be bound again.</summary>
    public bool Step()
    {
        var code = raw.sqlite3_step(_statement);
        if (code == raw.SQLITE_ROW)
            return true;
        if (code != raw.SQLITE_DONE)
        {
            // The message belongs to the connection and is overwritten by the reset.
            var message = raw.sqlite3_errmsg(_database).utf8_to_string();
            var extended = raw.sqlite3_extended_errcode(_database);
            Reset();
            throw new SqliteException($"SQLite error {code}: {message}.", code, extended);
        }

        Reset();
        return false;
    }

    /// <summary>Runs a statement that yields no rows, or whose rows do not matter.</summary>
    public void Run()
    {
        while (Step())
        {
        }
    }

    /// <summary>Ends a query before its last row.</summary>
    public void Reset()
    {
        _ = raw.sqlite3_reset(_statement);
        _next = 1;
    }

    /// <summary>The first column of the only row, or null where there is none.</summary>
    public long? Scalar()
    {
        if (!Step())
            return null;
        var value = IsNull(0) ? (long?)null : Int64(0);
        Reset();
        return value;
    }

    /// <summary>The same, as text; empty where there is none.</summary>
    public string ScalarText()
    {
        var value = Step() ? Text(0) : "";
        Reset();
        return value;
    }

    public bool IsNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL;

    public long Int64(int column) => raw.sqlite3_column_int64(_statement, column);

    public string Text(int column) => raw.sqlite3_column_text(_statement, column).utf8_to_string();

    /// <summary>The column's bytes; valid until the next step.</summary>
    public ReadOnlySpan<byte> Blob(int column) => raw.sqlite3_column_blob(_statement, column);

    public void Dispose() => _statement.Dispose();

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
            SqliteException.ThrowExceptionForRC(code, _database);
    }
}
