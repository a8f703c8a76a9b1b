using System.Text.Json;

namespace Kapso.Tests.Engines.Memory;

/// <summary>One engine's access to a <see cref="MemoryStore"/>, until the engine's end.</summary>
public sealed class StoreSession(MemoryStore store)
{
    private volatile bool _closed;

    /// <summary>Whether the engine crashed or was stopped: nothing reaches the store any more.</summary>
    public bool IsClosed => _closed;

    /// <summary>Ends it, as a crash does.</summary>
    public void Close() => _closed = true;

    public async Task<StoredRecord?> ReadAsync(StoreTable table, string key)
    {
        await EnterAsync();
        return store.Read(table, key);
    }

    public async Task<(T? Value, long ETag)> ReadAsync<T>(StoreTable table, string key)
        where T : class =>
        await ReadAsync(table, key) is { } record
            ? (JsonSerializer.Deserialize<T>(record.Value), record.ETag)
            : (null, 0);

    public async Task<List<KeyValuePair<string, StoredRecord>>> ScanAsync(StoreTable table, string prefix)
    {
        await EnterAsync();
        return store.Scan(table, prefix);
    }

    /// <summary>Writes one record by compare-and-swap. False: its ETag is another one.</summary>
    /// <exception cref="StoreFailedException">The write failed, or nobody knows whether it landed.</exception>
    public async Task<bool> WriteAsync(StoreTable table, string key, byte[]? value, long etag)
    {
        await EnterAsync();
        return store.Write(this, table, key, value, etag);
    }

    public Task<bool> WriteAsync<T>(StoreTable table, string key, T value, long etag)
        where T : class =>
        WriteAsync(table, key, JsonSerializer.SerializeToUtf8Bytes(value), etag);

    // A store is somewhere else: between a read and a write others get their turn.
    private async Task EnterAsync()
    {
        await Task.Yield();
        if (_closed)
            throw new StoreFailedException("The engine has crashed or was stopped.");
    }
}
