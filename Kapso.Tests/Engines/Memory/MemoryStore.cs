namespace Kapso.Tests.Engines.Memory;

/// <summary>Tables of a <see cref="MemoryStore"/>. No write spans two records, whatever their tables.</summary>
public enum StoreTable
{
    Connections,
    States,
    Links,
    Numbers,
    DueTimes,
    Hints,
    Parked,
    Activity,
    Reconciliations,
    CustomerIntents,
    Webhooks,
    Receivers,
    FailingReceivers,
    Messages,
    Audit,
    Erasures,
    Erasing,
    Probe,
}

/// <summary>One record as stored.</summary>
/// <param name="Value">Its bytes.</param>
/// <param name="ETag">Changes with each write; never 0.</param>
/// <param name="WrittenAt">When it was written.</param>
public sealed record StoredRecord(byte[] Value, long ETag, DateTimeOffset WrittenAt);

/// <summary>
/// What survives a crash of a <see cref="MemoryEngine"/>: records of bytes, each written alone by compare-and-swap on its
/// ETag. Writes can be made to fail.
/// </summary>
public sealed class MemoryStore(TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<StoreTable, SortedDictionary<string, StoredRecord>> _tables =
        Enum.GetValues<StoreTable>().ToDictionary(table => table, _ => new SortedDictionary<string, StoredRecord>(StringComparer.Ordinal));

    private Action? _late;
    private long _lastETag;

    /// <summary>Asked before each write how it fails; null for never.</summary>
    public Func<StoreWrite, WriteFault>? Fault { get; set; }

    /// <summary>How many writes were asked for.</summary>
    public int Writes { get; private set; }

    /// <summary>Opens the store for one run of an engine.</summary>
    public StoreSession Open() => new(this);

    internal StoredRecord? Read(StoreTable table, string key)
    {
        lock (_lock)
        {
            Land();
            return _tables[table].GetValueOrDefault(key);
        }
    }

    internal List<KeyValuePair<string, StoredRecord>> Scan(StoreTable table, string prefix)
    {
        lock (_lock)
        {
            Land();
            return [.. _tables[table].Where(record => record.Key.StartsWith(prefix, StringComparison.Ordinal))];
        }
    }

    /// <summary>Writes or, where the value is null, deletes a record, unless its ETag is another one (0: it must not exist).</summary>
    internal bool Write(StoreSession session, StoreTable table, string key, byte[]? value, long etag)
    {
        lock (_lock)
        {
            Land();
            var write = new StoreWrite(++Writes, table, key);
            switch (Fault?.Invoke(write) ?? WriteFault.None)
            {
                case WriteFault.Fails:
                    throw new StoreFailedException($"{write} failed.");
                case WriteFault.LandsLater:
                    _late = () => Swap(table, key, value, etag);
                    throw new StoreFailedException($"{write}: the outcome is unknown.");
                case WriteFault.LandsThenThrows:
                    Swap(table, key, value, etag);
                    throw new StoreFailedException($"{write} landed, and the answer was lost.");
                case WriteFault.CrashBefore:
                    session.Close();
                    throw new StoreFailedException($"Crashed before {write}.");
                case WriteFault.CrashAfter:
                    Swap(table, key, value, etag);
                    session.Close();
                    throw new StoreFailedException($"Crashed after {write}.");
                default:
                    return Swap(table, key, value, etag);
            }
        }
    }

    private void Land()
    {
        var late = _late;
        _late = null;
        late?.Invoke();
    }

    private bool Swap(StoreTable table, string key, byte[]? value, long etag)
    {
        var records = _tables[table];
        if ((records.GetValueOrDefault(key)?.ETag ?? 0) != etag)
            return false;
        if (value is null)
            records.Remove(key);
        else
            records[key] = new StoredRecord(value, ++_lastETag, time.GetUtcNow());
        return true;
    }
}
