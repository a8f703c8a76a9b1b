using System.Collections.Concurrent;
using System.Text.Json;
using Kapso.Connections.Engine;
using Microsoft.Data.Sqlite;

namespace Kapso.Embedded.Engine.Store;

/// <summary>
/// Read-only connections, opened as needed and kept. A read sees the last commit and never waits for the writer.
/// </summary>
internal sealed class ReaderPool(string path, int kept) : IDisposable
{
    private readonly ConcurrentBag<Database> _idle = [];
    private volatile bool _closed;

    /// <exception cref="EngineUnavailableException">The store cannot be read.</exception>
    public T Read<T>(Func<Database, T> query)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        Database? database = null;
        try
        {
            if (!_idle.TryTake(out database))
                database = Database.OpenReader(path);
            var result = query(database);
            Return(database);
            return result;
        }
        catch (Exception exception)
        {
            // A statement may stand in the middle of its rows.
            database?.Dispose();
            if (exception is SqliteException or JsonException)
                throw new EngineUnavailableException($"The store '{path}' could not be read: {exception.Message}", exception);
            throw;
        }
    }

    public void Dispose()
    {
        _closed = true;
        while (_idle.TryTake(out var database))
            database.Dispose();
    }

    private void Return(Database database)
    {
        if (_closed || _idle.Count >= kept)
            database.Dispose();
        else
            _idle.Add(database);
    }
}
