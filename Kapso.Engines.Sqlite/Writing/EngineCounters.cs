using System.Diagnostics.Metrics;
using Kapso.Engines.Sqlite.Sending;
using Kapso.Engines.Sqlite.Store;

namespace Kapso.Engines.Sqlite.Writing;

/// <summary>How much waits, kept up to date by each commit, so that asking costs nothing.</summary>
internal sealed class EngineCounters
{
    private static readonly Lock InstrumentsLock = new();
    private static WeakReference<EngineCounters>? s_current;
    private static bool s_created;
    private long _outbox;
    private long _stuck;
    private long _parked;
    private long _logBytes;

    /// <summary>Effects pending or in flight.</summary>
    public long OutboxWaiting => Interlocked.Read(ref _outbox);

    /// <summary>Effects that need a person.</summary>
    public long EffectsStuck => Interlocked.Read(ref _stuck);

    /// <summary>Parked deliveries that wait.</summary>
    public long ParkedWaiting
    {
        get => Interlocked.Read(ref _parked);
        set => Interlocked.Exchange(ref _parked, value);
    }

    /// <summary>Bytes of SQLite's log.</summary>
    public long LogBytes
    {
        get => Interlocked.Read(ref _logBytes);
        set => Interlocked.Exchange(ref _logBytes, value);
    }

    /// <summary>What is to be said of a log that a reader keeps from beginning anew; null where none does.</summary>
    public string? GrownLog { get; set; }

    /// <summary>Makes these counters what the gauges show: the process has one engine.</summary>
    public void Show()
    {
        lock (InstrumentsLock)
        {
            s_current = new WeakReference<EngineCounters>(this);
            if (s_created)
                return;
            s_created = true;
            Observe("kapso.outbox", "{effect}", "Effects pending or in flight.", static counters => counters.OutboxWaiting);
            Observe("kapso.parked", "{delivery}", "Parked deliveries that wait.", static counters => counters.ParkedWaiting);
            Observe("kapso.store.log", "By", "Size of the embedded store's log.", static counters => counters.LogBytes);
        }
    }

    public void Changed(Entry entry)
    {
        var (before, after) = (entry.Committed, entry.Current);
        Interlocked.Add(ref _outbox, Effects.CountWaiting(after) - (before is null ? 0 : Effects.CountWaiting(before)));
        Interlocked.Add(ref _stuck, Effects.CountStuck(after) - (before is null ? 0 : Effects.CountStuck(before)));
    }

    /// <summary>Counts what the store has.</summary>
    public void Load(Database database)
    {
        Interlocked.Exchange(ref _outbox, database.Prepare(
            """
            SELECT coalesce(sum(waiting), 0) FROM connections WHERE id IN (
                SELECT id FROM connections WHERE wake_confirm IS NOT NULL
                UNION SELECT id FROM connections WHERE wake_welcome IS NOT NULL
                UNION SELECT id FROM connections WHERE wake_notify IS NOT NULL
                UNION SELECT id FROM connections WHERE wake_release IS NOT NULL)
            """).Scalar() ?? 0);
        Interlocked.Exchange(ref _stuck, database.Prepare("SELECT count(*) FROM stuck_effects").Scalar() ?? 0);
        ParkedWaiting = database.Prepare("SELECT count(*) FROM parked WHERE status = 0").Scalar() ?? 0;
    }

    private static void Observe(string name, string unit, string description, Func<EngineCounters, long> read) =>
        KapsoTelemetry.Meter.CreateObservableGauge(
            name,
            () => s_current is { } current && current.TryGetTarget(out var counters)
                ? [new Measurement<long>(read(counters))]
                : Array.Empty<Measurement<long>>(),
            unit,
            description);
}
