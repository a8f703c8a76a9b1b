using System.Diagnostics;
using System.Threading.Channels;
using Kapso.Engines.Sqlite.Sending;
using Kapso.Engines.Sqlite.Store;
using Microsoft.Data.Sqlite;

namespace Kapso.Engines.Sqlite.Writing;

/// <summary>
/// The only writer of the file, on a thread of its own. It takes everything that waits, decides it in memory, writes it in
/// one transaction, and only after the commit lets anybody know. A batch that fails is dropped whole, the file is opened
/// again, and each of its items is tried alone, so that one that cannot be written fails only itself.
/// </summary>
internal sealed partial class Writer
{
    private const int MaxBatchBytes = 8 * 1024 * 1024;
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);
    private static readonly Nudge Nudge = new();

    private readonly EmbeddedEngineOptions _options;
    private readonly WriterState _state;
    private readonly StoreFile _file;
    private readonly EffectPump _pump;
    private readonly Watchers _watchers;
    private readonly EngineCounters _counters;
    private readonly EngineClock _clock;
    private readonly ILogger _logger;
    private readonly LeaseHolder _holder;
    private readonly ProcessFailure _failure;
    private readonly Channel<WriteItem> _waiting;
    private readonly ITimer _alarm;
    private readonly List<WriteItem> _items = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Writer(
        EmbeddedEngineOptions options, WriterState state, StoreFile file, EffectPump pump, Watchers watchers,
        EngineCounters counters, LeaseHolder holder, ProcessFailure failure, TimeProvider time, ILogger logger)
    {
        (_options, _state, _file, _pump, _watchers, _counters) = (options, state, file, pump, watchers, counters);
        (_holder, _failure, _clock, _logger) = (holder, failure, new EngineClock(time), logger);
        _waiting = Channel.CreateBounded<WriteItem>(new BoundedChannelOptions(options.MaxWaiting) { SingleReader = true });
        _alarm = time.CreateTimer(static writer => ((Writer)writer!).Wake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Ends when everything that was handed in before <see cref="Complete"/> was written or failed.</summary>
    public Task Ended => _ended.Task;

    public void Start() => new Thread(Run) { IsBackground = true, Name = "kapso-writer" }.Start();

    /// <summary>Takes no more writes.</summary>
    public void Complete() => _waiting.Writer.TryComplete();

    /// <summary>Makes the writer look for due effects. If there is no room to say so, it is awake anyway.</summary>
    public void Wake() => _waiting.Writer.TryWrite(Nudge);

    /// <summary>Hands a write in. Completes when it is durable.</summary>
    /// <exception cref="EngineUnavailableException">It could not be made durable.</exception>
    public Task<T> WriteAsync<T>(Func<Batch, T> write, int size, CancellationToken cancellationToken)
    {
        var item = new WriteItem<T>(write, size, cancellationToken);
        return _waiting.Writer.TryWrite(item) ? item.Task : WriteOnceThereIsRoomAsync(item, cancellationToken);
    }

    private async Task<T> WriteOnceThereIsRoomAsync<T>(WriteItem<T> item, CancellationToken cancellationToken)
    {
        try
        {
            await _waiting.Writer.WriteAsync(item, cancellationToken);
        }
        catch (ChannelClosedException exception)
        {
            throw new EngineUnavailableException("The engine is shutting down.", exception);
        }

        return await item.Task;
    }

    private void Run()
    {
        try
        {
            using var checkpointer = new Checkpointer(_file, _options.CheckpointPages, _counters, _logger);
            Wake();
            while (TakeWaiting())
            {
                while (CommitWaiting(checkpointer))
                    TakeMore();
            }
        }
        finally
        {
            _alarm.Dispose();
            _state.Close();
            _ended.SetResult();
        }
    }

    private bool TakeWaiting()
    {
        while (!_waiting.Reader.TryPeek(out _))
        {
            if (!_waiting.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
                return false;
        }

        TakeMore();
        return true;
    }

    private void TakeMore()
    {
        _items.Clear();
        var size = 0;
        while (_items.Count < _options.MaxBatch && size < MaxBatchBytes && _waiting.Reader.TryRead(out var item))
        {
            if (ReferenceEquals(item, Nudge))
                continue;
            _items.Add(item);
            size += item.Size;
        }
    }

    /// <summary>Writes what was taken. True where there is due work left that has room already.</summary>
    private bool CommitWaiting(Checkpointer checkpointer)
    {
        if (TryCommit(_items, claimsDue: true, out var again) is not { } failure)
        {
            Checkpoint(checkpointer);
            return again;
        }

        if (failure is StoreTakenException taken)
        {
            _failure.Report(taken.Message);
            foreach (var item in _items)
                item.Fail(Unavailable(taken));
            return false;
        }

        LogBatchFailed(failure, _items.Count);
        Retry();
        _alarm.Change(PauseAfterFailure, Timeout.InfiniteTimeSpan);
        return false;
    }

    private void Checkpoint(Checkpointer checkpointer)
    {
        try
        {
            checkpointer.AfterCommit(_state.Open());
        }
        catch (SqliteException exception)
        {
            LogNotCheckpointed(exception);
        }
    }

    private void Retry()
    {
        var single = new List<WriteItem>(1);
        for (var i = 0; i < _items.Count; i++)
        {
            single.Clear();
            single.Add(_items[i]);
            if (TryCommit(single, claimsDue: false, out _) is not { } failure)
                continue;

            // Where not even a tiny write succeeds, the rest need not wait to be told.
            _items[i].Fail(Unavailable(failure));
            single[0] = new WriteItem<bool>(static batch => { batch.Probe(); return true; }, 0, CancellationToken.None);
            if (TryCommit(single, claimsDue: false, out _) is not { } down)
                continue;
            for (i++; i < _items.Count; i++)
                _items[i].Fail(Unavailable(down));
        }
    }

    private EngineUnavailableException Unavailable(Exception failure) =>
        new($"The store '{_options.Path}' could not be written: {failure.Message}", failure);

    /// <summary>Decides and writes the items in one transaction, and then answers them. Returns what prevented it, or null.</summary>
    private Exception? TryCommit(List<WriteItem> items, bool claimsDue, out bool again)
    {
        again = false;
        Batch? batch = null;
        try
        {
            if (!_file.IsInPlace)
                throw new StoreTakenException($"the store's file '{_file.Path}' was deleted, moved or replaced under this process.");
            var database = _state.Open();
            _options.BeforeBatch?.Invoke(database.Connection);
            batch = new Batch(_state, database);
            database.Prepare("BEGIN IMMEDIATE").Run();
            _state.RequireOwned(database);
            foreach (var item in items)
            {
                if (item.IsAbandoned)
                    continue;
                batch.Now = _clock.Now;
                item.Apply(batch);
            }

            batch.Now = _clock.Now;
            var room = Array.ConvertAll(Lanes.All, lane => Lane(lane).Room.Free);
            ClaimChanged(batch, room);
            if (claimsDue)
                batch.ClaimDue(_holder, room, LogSetAside);
            batch.Flush();
            again = Schedule(batch, room);
            database.Prepare("COMMIT").Run();
        }
#pragma warning disable CA1031 // Whatever went wrong, the transaction is dropped whole and the callers are told.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            batch?.Doubt();
            _state.Close();
            again = false;
            return exception;
        }

        Publish(batch, items);
        return null;
    }

    /// <summary>Claims in the commit that decides; where older effects wait already, half of the room is theirs.</summary>
    private void ClaimChanged(Batch batch, int[] room)
    {
        Span<int> reserved = stackalloc int[room.Length];
        foreach (var lane in Lanes.All)
        {
            if (Lane(lane).HasBacklog && room[(int)lane] > 0)
                room[(int)lane] -= reserved[(int)lane] = (room[(int)lane] + 1) / 2;
        }

        batch.ClaimChanged(_holder, room, LogSetAside);
        for (var i = 0; i < room.Length; i++)
            room[i] += reserved[i];
    }

    private void Publish(Batch batch, List<WriteItem> items)
    {
        batch.Publish(entry =>
        {
            _counters.Changed(entry);
            _watchers.Publish(entry.Current);
        });
        if (batch.ParkedWaiting is { } parked)
            _counters.ParkedWaiting = parked;
        foreach (var (project, expired, dropped) in batch.PrunedParked)
            LogPruned(project, dropped, expired);
        if (items.Count > 0)
            KapsoTelemetry.CommitDuration.Record(Stopwatch.GetElapsedTime(items[0].QueuedAt).TotalSeconds);
        foreach (var item in items)
            item.Complete();
        _pump.Send(batch.Claimed);
    }

    /// <summary>Sets the alarm for the next wake. True where one is due and has room.</summary>
    private bool Schedule(Batch batch, int[] room)
    {
        var again = false;
        long? next = null;
        foreach (var lane in Lanes.All)
        {
            if (Lane(lane).Runner is null || batch.EarliestWake(lane) is not { } wake)
                continue;
            var isDue = Effects.IsDue(wake, batch.Now);
            Lane(lane).HasBacklog = isDue;
            if (isDue)
                again |= room[(int)lane] > 0 || HasFreeSlot(lane, batch.Claimed); // Else the next free slot wakes us.
            else if (next is null || wake < next)
                next = wake;
        }

        var wait = next is { } at
            ? TimeSpan.FromMilliseconds(Math.Max(1, at - batch.Now.ToUnixTimeMilliseconds()))
            : Timeout.InfiniteTimeSpan;
        _alarm.Change(wait, Timeout.InfiniteTimeSpan);
        return again;
    }

    private Lane Lane(EffectKind kind) => _pump.Lanes[(int)kind];

    /// <summary>Whether a slot is free, also once what was just claimed has taken its own.</summary>
    private bool HasFreeSlot(EffectKind lane, IReadOnlyList<ClaimedEffect> claimed) =>
        Lane(lane).FreeSlots > claimed.Count(effect => effect.Effect.Kind == lane);

    private void LogSetAside(string what, Exception exception) => LogNotClaimed(exception, what);
}
