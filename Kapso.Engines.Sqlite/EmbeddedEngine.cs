using Kapso.Engines.Sqlite.Reading;
using Kapso.Engines.Sqlite.Sending;
using Kapso.Engines.Sqlite.Store;
using Kapso.Engines.Sqlite.Writing;
using Microsoft.Extensions.Options;

namespace Kapso.Engines.Sqlite;

/// <summary>
/// The engine for one process: connections in an SQLite file, one writer, every answer after an fsync, effects driven from
/// the outbox in the same record. Started and stopped with the host.
/// </summary>
public sealed partial class EmbeddedEngine : IConnectionEngine, IHostedService, IAsyncDisposable
{
    private const string NotRunning = "The engine does not run: it was not started, or is shutting down.";

    private static readonly TimeSpan BetweenTidying = TimeSpan.FromHours(1);

    private readonly EmbeddedEngineOptions _options;
    private readonly IReadOnlyList<IEffectRunner> _runners;
    private readonly ProcessFailure _failure;
    private readonly TimeProvider _time;
    private readonly ILogger<EmbeddedEngine> _logger;
    private readonly ILoggerFactory _loggers;
    private readonly Watchers _watchers = new();
    private readonly EngineCounters _counters = new();
    private Running? _running;
    private volatile bool _accepting;
    private bool _stopped;

    /// <summary>Creates the engine; nothing is opened before <see cref="StartAsync"/>.</summary>
    /// <param name="options">Where the store is, and its bounds.</param>
    /// <param name="runners">Who sends effects, at most one for each kind. Effects of other kinds wait.</param>
    /// <param name="failure">Told where the store is taken from this process.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">Logs.</param>
    public EmbeddedEngine(
        IOptions<EmbeddedEngineOptions> options, IEnumerable<IEffectRunner> runners, ProcessFailure failure, TimeProvider time, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options.Value;
        _runners = [.. runners];
        (_failure, _time, _loggers) = (failure, time, loggers);
        _logger = loggers.CreateLogger<EmbeddedEngine>();
    }

    /// <summary>Takes the store's lock, brings its schema up to date, and frees what an earlier process had claimed: effects, and passes of reconciliation.</summary>
    /// <exception cref="InvalidOperationException">The store is in use by another process, was written by a newer version, or cannot be kept where it is.</exception>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (_running is not null)
            throw new InvalidOperationException("The engine was started before.");

        var path = Path.GetFullPath(_options.Path);
        StorePlace.Prepare(path);
        _options.Path = path;
        StoreLock? storeLock = null;
        StoreFile? file = null;
        try
        {
            storeLock = StoreLock.Take(path);
            file = StoreFile.Open(path);
            _running = Open(storeLock, file);
        }
        catch (Exception exception)
        {
            file?.Dispose();
            storeLock?.Dispose();
            if (StorePlace.Explain(path, exception) is { } sentence)
                throw new InvalidOperationException(sentence, exception);
            throw;
        }

        _counters.Show();
        _running.Writer.Start();
        _accepting = true;
        Tidy(); // Else a service that is restarted often enough would never come to it.
        LogStarted(path, _counters.OutboxWaiting, _counters.ParkedWaiting);
        return Task.CompletedTask;
    }

    /// <summary>Takes no more writes, finishes what is in flight, and closes the store. If it is killed instead, nothing is lost.</summary>
    /// <param name="cancellationToken">Cancelled when the grace time ends: sends that are still in flight are then cancelled.</param>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _accepting = false;
        if (_running is not { } running || Interlocked.Exchange(ref _stopped, true))
            return;

        await running.Tidying.DisposeAsync();
        await running.Pump.StopAsync(cancellationToken);
        running.Writer.Complete();
        await running.Writer.Ended;
        _watchers.Close();
        running.Readers.Dispose();
        running.Pump.Dispose();
        running.File.Dispose();
        running.Lock.Dispose();
        LogStopped();
    }

    /// <summary>Stops, with five seconds of grace.</summary>
    public async ValueTask DisposeAsync()
    {
        using var grace = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await StopAsync(grace.Token);
    }

    private Running Open(StoreLock storeLock, StoreFile file)
    {
        var state = new WriterState(_options, _time);
        try
        {
            var database = state.Open();
            WakeAll(database);
            ReconciliationRows.Orphan(database);
            _counters.Load(database);
        }
        catch
        {
            state.Dispose();
            throw;
        }

        var pump = new EffectPump(
            _runners,
            ObserveCoreAsync,
            _options,
            SettleAttemptAsync,
            new EngineClock(_time),
            _time,
            _loggers.CreateLogger<EffectPump>());

        // Nobody else can be alive on this file, so that claims of others are orphans of a crash.
        var holder = new LeaseHolder(Guid.NewGuid().ToString("N"), Sole: true);
        var writer = new Writer(
            _options, state, file, pump, _watchers, _counters, holder, _failure, _time, _loggers.CreateLogger<Writer>());
        pump.RoomMade = writer.Wake;
        var tidying = _time.CreateTimer(_ => Tidy(), null, BetweenTidying, BetweenTidying);
        return new Running(storeLock, file, writer, pump, state, new ReaderPool(_options.Path, kept: 4), tidying);
    }

    /// <summary>Makes the writer look once at every connection with an effect pending or in flight.</summary>
    private static void WakeAll(Database database)
    {
        foreach (var column in Lanes.All.Select(Lanes.Column))
            database.Execute($"UPDATE connections SET {column} = 0 WHERE {column} > 0");
    }

    private sealed record Running(
        StoreLock Lock, StoreFile File, Writer Writer, EffectPump Pump, WriterState State, ReaderPool Readers, ITimer Tidying);
}
