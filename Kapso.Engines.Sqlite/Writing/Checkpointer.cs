using System.Diagnostics;
using System.Globalization;
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

    /// <summary>How many times the pages of a pass the log holds where it does not begin anew, although it was brought to its end.</summary>
    private const int Grown = 10;

    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(1);

    private readonly StoreFile _file;
    private readonly int _passAt;
    private readonly int _lastStep;
    private readonly EngineCounters _counters;
    private readonly ILogger _logger;
    private readonly AutoResetEvent _wanted = new(false);
    private readonly Thread _thread;
    private readonly ManualResetEventSlim _idle = new(initialState: true);
    private volatile bool _passed;
    private volatile bool _closed;
    private int _pages;
    private int _sincePass;
    private long _measuredAt;

    /// <param name="file">The SQLite file.</param>
    /// <param name="passAt">Pages written to the log after which a pass is due.</param>
    /// <param name="counters">Told how long the log is.</param>
    /// <param name="logger">Logs.</param>
    public Checkpointer(StoreFile file, int passAt, EngineCounters counters, ILogger logger)
    {
        (_file, _passAt, _lastStep, _counters, _logger) = (file, passAt, Math.Max(1, passAt / 8), counters, logger);
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
            Measure(isStuck: copied != log && log > Grown * _passAt);
        }
        else if (_sincePass >= (begin ? _lastStep : _passAt) || IsDueAgain())
        {
            _sincePass = 0;
            _idle.Reset();
            _wanted.Set();
        }
    }

    /// <summary>Whether a log that something kept from beginning anew is to be tried again, though little was written since.</summary>
    private bool IsDueAgain() => _counters.GrownLog is not null && Stopwatch.GetElapsedTime(_measuredAt) >= BetweenTries;

    /// <summary>Tells of a log that grows because somebody reads what is in it for as long.</summary>
    private void Measure(bool isStuck)
    {
        _measuredAt = Stopwatch.GetTimestamp();
        var log = new FileInfo(_file.Path + "-wal");
        _counters.LogBytes = log.Exists ? log.Length : 0;
        var was = _counters.GrownLog;
        _counters.GrownLog = isStuck
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"The store's log has grown to {_counters.LogBytes / 1_000_000} MB, since something reads the store in one long transaction (a copy, a shell): it begins anew once that has ended.")
            : null;
        if (_counters.GrownLog is { } grown)
            LogGrown(grown);
        else if (was is not null)
            LogBegunAnew();
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

    [LoggerMessage(2, LogLevel.Warning, "{Grown}")]
    private partial void LogGrown(string grown);

    [LoggerMessage(3, LogLevel.Information, "The store's log begins anew; its file is cut to 256 MB with the next write.")]
    private partial void LogBegunAnew();
}
