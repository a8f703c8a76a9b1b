using System.Collections.Concurrent;
using Orleans.Storage;

namespace Kapso.Testing.Clusters;

/// <summary>How a write to a <see cref="MemoryStorage"/> fails.</summary>
internal enum StorageFault
{
    None,

    /// <summary>It does not land, and throws.</summary>
    Fails,

    /// <summary>It lands, and throws.</summary>
    LandsThenThrows,

    /// <summary>It lands long after the caller was told that it timed out.</summary>
    TimesOutAndLands,
}

/// <summary>What is kept of grains' records while silos come and go: bytes with an ETag. Reads and writes can be made to fail.</summary>
internal sealed class MemoryStorage(IGrainStorageSerializer serializer) : IGrainStorage
{
    private readonly ConcurrentDictionary<GrainId, (string ETag, BinaryData Data)> _records = new();
    private readonly Lock _lock = new();

    /// <summary>What each write waits for before it begins; null for nothing.</summary>
    public Func<Task>? Gate { get; set; }

    /// <summary>Asked before each write how it fails; null for never.</summary>
    public Func<GrainId, StorageFault>? Fault { get; set; }

    /// <summary>Whether a record cannot be read; null for never.</summary>
    public Func<GrainId, bool>? IsUnreadable { get; set; }

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (IsUnreadable?.Invoke(grainId) == true)
            throw new IOException("The record cannot be read.");
        if (_records.TryGetValue(grainId, out var record))
            (grainState.State, grainState.ETag, grainState.RecordExists) = (serializer.Deserialize<T>(record.Data), record.ETag, true);
        else
            (grainState.State, grainState.ETag, grainState.RecordExists) = (Activator.CreateInstance<T>(), null, false);
        return Task.CompletedTask;
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        grainState.ETag = await SwapAsync(grainId, grainState.ETag, serializer.Serialize(grainState.State));
        grainState.RecordExists = true;
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await SwapAsync(grainId, grainState.ETag, null);
        (grainState.State, grainState.ETag, grainState.RecordExists) = (Activator.CreateInstance<T>(), null, false);
    }

    /// <summary>Puts data in the place of what is kept, or removes that (null), in the way that the test wants it.</summary>
    private async Task<string> SwapAsync(GrainId grainId, string? etag, BinaryData? data)
    {
        await Task.Yield();
        if (Gate is { } gate)
            await gate();
        switch (Fault?.Invoke(grainId) ?? StorageFault.None)
        {
            case StorageFault.Fails:
                throw new IOException("The write failed.");
            case StorageFault.LandsThenThrows:
                Swap(grainId, etag, data);
                throw new IOException("The write landed, and the answer was lost.");
            case StorageFault.TimesOutAndLands:
                _ = Task.Delay(TimeSpan.FromMilliseconds(300)).ContinueWith(_ => TrySwap(grainId, etag, data), TaskScheduler.Default);
                throw new TimeoutException("Nobody knows whether the write landed.");
            default:
                return Swap(grainId, etag, data);
        }
    }

    private string Swap(GrainId grainId, string? etag, BinaryData? data) =>
        TrySwap(grainId, etag, data) ?? throw new InconsistentStateException($"Another activation of {grainId} has written.");

    private string? TrySwap(GrainId grainId, string? etag, BinaryData? data)
    {
        lock (_lock)
        {
            var known = _records.TryGetValue(grainId, out var record) ? record.ETag : null;
            if (known != etag)
                return null;
            var next = Guid.NewGuid().ToString("N");
            if (data is null)
                _records.TryRemove(grainId, out _);
            else
                _records[grainId] = (next, data);
            return next;
        }
    }
}
