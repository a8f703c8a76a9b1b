using Kapso.Engines.Sqlite.Store;
using Microsoft.Data.Sqlite;

namespace Kapso.Engines.Sqlite.Writing;

/// <summary>
/// Copies committed pages from SQLite's log into the file, on a thread of its own, so that deliveries do not wait for it.
/// While the writer goes on, a pass never reaches the log's end, and the log would grow for ever: once it is long, the writer
/// copies what the last pass has left itself, when that is little, and its next transaction begins the log anew. The step
/// ends with a flush of the file, which SQLite leaves out of passes that do not reach the end: so each pass flushes it, and
/// the writer waits only for the pages of its own step.
/// </summary>
internal sealed partial class Checkpointer : IDisposable
{
    /// <summary>How many times the pages of a pass the log holds before it is to begin anew.</summary>
    private const int Long = 4;

    /// <summary>How many times the pages of a pass the log may hold before the writer brings it to its end, however much is left.</summary>
    private const int TooLong = 8;

    private readonly StoreFile _file;
    private readonly int _passAt;
    private readonly int _lastStep;
    private readonly ILogger _logger;
    private readonly AutoResetEvent _wanted = new(false);
    private readonly Thread _thread;
    private readonly ManualResetEventSlim _idle = new(initialState: true);
    private volatile bool _passed;
    private volatile bool _closed;
    private int _pages;
    private int _sincePass;

    /// <param name="file">The SQLite file.</param>
    /// <param name="passAt">Pages written to the log after which a pass is due.</param>
    /// <param name="logger">Logs.</param>
    public Checkpointer(StoreFile file, int passAt, ILogger logger)
    {
        (_file, _passAt, _lastStep, _logger) = (file, passAt, Math.Max(1, passAt / 8), logger);
        _thread = new Thread(Run) { IsBackground = true, Name = "kapso-checkpointer" };
        _thread.Start();
    }

    /// <summary>Called by the writer between two transactions: sees how long the log has become, and has it copied.</summary>
    /// <exception cref="SqliteException">The writer's own step failed. Nothing is lost: the log still has every page.</exception>
    public void AfterCommit(Database writer)
    {
        var written = writer.TakePagesWritten();
        _pages += written;
        _sincePass += written;
        var tooLong = _pages > TooLong * _passAt;
        if (!_idle.IsSet)
        {
            if (!tooLong)
                return;

            // The disk does not keep up, and the log must not grow for ever: deliveries wait with it.
            _idle.Wait();
        }

        var begin = _passed && _pages > Long * _passAt;
        if ((begin && _sincePass <= _lastStep) || (tooLong && _sincePass >= _passAt))
        {
            // Where a reader still needs the log's old pages, it goes on to grow, and the next pass tries again.
            var (log, copied) = writer.Checkpoint();
            (_pages, _sincePass, _passed) = (copied == log ? 0 : log, 0, false);
        }
        else if (_sincePass >= (begin ? _lastStep : _passAt))
        {
            _sincePass = 0;
            _idle.Reset();
            _wanted.Set();
        }
    }

    /// <summary>Ends after the pass that runs.</summary>
    public void Dispose()
    {
        _closed = true;
        _wanted.Set();
        _thread.Join();
        _wanted.Dispose();
        _idle.Dispose();
    }

    private void Run()
    {
        Database? database = null;
        while (true)
        {
            _wanted.WaitOne();
            if (_closed)
                break;
            try
            {
                database ??= Database.OpenCheckpointer(_file.Path);
                database.Checkpoint();
                _file.Flush();
                _passed = true;
            }
            catch (Exception exception) when (exception is SqliteException or IOException)
            {
                LogFailed(exception);
                database?.Dispose();
                database = null;
                _passed = false;
            }

            _idle.Set();
        }

        database?.Dispose();
    }

    [LoggerMessage(1, LogLevel.Warning, "The log could not be copied into the store; it goes on to grow, and is tried again.")]
    private partial void LogFailed(Exception exception);
}
