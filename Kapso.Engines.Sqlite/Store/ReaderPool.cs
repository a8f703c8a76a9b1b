using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Kapso.Engines.Sqlite.Store;

/// <summary>
/// Read-only connections, opened as needed and kept. A read sees the last commit and never waits for the writer. Closed, it
/// has none open and opens none any more: the file may then be another process's.
/// </summary>
internal sealed class ReaderPool(string path, int kept) : IDisposable
{
    private readonly object _gate = new();
    private readonly Stack<Database> _idle = new();
    private int _reading;
    private bool _closed;

    /// <exception cref="EngineUnavailableException">The store cannot be read, or is closed.</exception>
    public T Read<T>(Func<Database, T> query)
    {
        var database = Begin();
        try
        {
            database ??= Database.OpenReader(path);
            var result = query(database);
            Keep(ref database);
            return result;
        }
        catch (Exception exception) when (exception is SqliteException or JsonException)
        {
            throw new EngineUnavailableException($"The store '{path}' could not be read: {exception.Message}", exception);
        }
        finally
        {
            // Not kept after a failure: a statement may stand in the middle of its rows.
            database?.Dispose();
            End();
        }
    }

    /// <summary>Takes no more reads, and returns once those under way have ended.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            while (_reading > 0)
                Monitor.Wait(_gate);
            while (_idle.TryPop(out var database))
                database.Dispose();
        }
    }

    /// <summary>Begins a read, with an idle connection where there is one.</summary>
    private Database? Begin()
    {
        lock (_gate)
        {
            if (_closed)
                throw new EngineUnavailableException("The engine is shutting down.");
            _reading++;
            return _idle.TryPop(out var database) ? database : null;
        }
    }

    private void Keep(ref Database? database)
    {
        lock (_gate)
        {
            if (_closed || _idle.Count >= kept)
                return;
            _idle.Push(database!);
            database = null;
        }
    }

    private void End()
    {
        lock (_gate)
        {
            if (--_reading == 0)
                Monitor.PulseAll(_gate);
        }
    }
}
