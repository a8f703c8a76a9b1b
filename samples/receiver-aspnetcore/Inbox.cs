using System.Globalization;
using Microsoft.Data.Sqlite;

namespace ReceiverSample;

/// <summary>
/// What was received, in a SQLite file. The message's id and what your application does of it are one transaction: after a crash between
/// them neither is there, and the message comes again.
/// </summary>
internal sealed class Inbox : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Lock _turn = new();

    /// <summary>Opens the file, and makes it where there is none.</summary>
    public Inbox(string path)
    {
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path }.ToString());
        _connection.Open();
        Execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"); // What was answered is on the disk.
        Execute(
            """
            CREATE TABLE IF NOT EXISTS messages (id TEXT PRIMARY KEY, received_at TEXT NOT NULL);
            CREATE TABLE IF NOT EXISTS changes (type TEXT NOT NULL, customer_id TEXT, external_id TEXT, at TEXT NOT NULL);
            """);
    }

    /// <summary>Does once what a message is for.</summary>
    /// <returns>False where it was done before.</returns>
    public bool Take(string id, Message message)
    {
        lock (_turn)
        {
            using var transaction = _connection.BeginTransaction();
            var isNew = Execute(
                "INSERT OR IGNORE INTO messages VALUES ($id, $now)",
                ("$id", id), ("$now", DateTimeOffset.UtcNow.ToString("O", CultureInfo.InvariantCulture))) == 1;

            // Your own work takes the place of this row. What cannot be part of the transaction (a mail, another service) is written down
            // here as due, and done afterwards by something that deduplicates in its turn.
            if (isNew)
            {
                Execute(
                    "INSERT INTO changes VALUES ($type, $customer, $external, $at)",
                    ("$type", message.Type), ("$customer", message.Data.CustomerId), ("$external", message.Data.ExternalId),
                    ("$at", message.Timestamp.ToString("O", CultureInfo.InvariantCulture)));
            }

            transaction.Commit();
            return isNew;
        }
    }

    public void Dispose() => _connection.Dispose();

    private int Execute(string sql, params ReadOnlySpan<(string Name, string? Value)> parameters)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, (object?)value ?? DBNull.Value);
        return command.ExecuteNonQuery();
    }
}
