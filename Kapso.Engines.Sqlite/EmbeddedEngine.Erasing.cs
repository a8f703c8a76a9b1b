using System.Diagnostics;
using Kapso.Engines.Erasing;
using Kapso.Engines.Sqlite.Reading;
using Kapso.Engines.Sqlite.Store;
using Microsoft.Data.Sqlite;

namespace Kapso.Engines.Sqlite;

public sealed partial class EmbeddedEngine : IErasureStore
{
    /// <summary>How long readers are given to end whose transactions keep the log from being cut.</summary>
    private static readonly TimeSpan LogPatience = TimeSpan.FromSeconds(3);

    /// <inheritdoc/>
    public Task<Erasure> EraseAsync(CustomerKey key, CancellationToken cancellationToken) =>
        Eraser.EraseAsync(key, cancellationToken);

    /// <inheritdoc/>
    public Task<Erasure?> FindErasureAsync(CustomerKey key, CancellationToken cancellationToken)
    {
        var running = Readable();
        return Task.FromResult(running.Readers.Read(database => ErasureRows.Find(database, running.State.Erasures.OfCustomer(key))));
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<Erasure>> ContinueErasuresAsync(string projectId, CancellationToken cancellationToken) =>
        Eraser.ContinueAsync(projectId, cancellationToken);

    Task<Erasure?> IErasureStore.FindErasureAsync(string hash, CancellationToken cancellationToken) =>
        Task.FromResult(Readable().Readers.Read(database => ErasureRows.Find(database, hash)));

    Task<UnfinishedErasures> IErasureStore.ListUnfinishedAsync(string projectId, CancellationToken cancellationToken) =>
        ReadAsync(projectId, new UnfinishedErasures([], []), ErasureRows.Unfinished);

    Task<(Erasure Erasure, ErasedNames Names)> IErasureStore.BeginAsync(CustomerKey key, CancellationToken cancellationToken) =>
        WriteAsync(batch => batch.BeginErasure(key), cancellationToken);

    async Task<long> IErasureStore.EraseMessagesAsync(CustomerKey key, CancellationToken cancellationToken)
    {
        var erased = 0L;
        while (await WriteAsync(batch => batch.EraseMessages(key), cancellationToken) is > 0 and var count)
            erased += count;
        return erased;
    }

    async Task<ErasedCounts> IErasureStore.EraseBesideAsync(string projectId, ErasedNames names, CancellationToken cancellationToken)
    {
        var counts = await WriteAsync(batch => batch.EraseActivity(projectId, names), cancellationToken);
        var parked = await ReadAsync<List<string>>(projectId, [], (database, project) => ParkedRows.FindNamed(database, project, names));
        foreach (var id in parked)
        {
            await WriteAsync(
                batch =>
                {
                    batch.RedactParked(projectId, id, names);
                    return true;
                },
                cancellationToken);
        }

        return counts with { Parked = parked.Count };
    }

    async Task<BytesLeft> IErasureStore.EraseBytesAsync(CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        do
        {
            if (TruncateLog())
                return BytesLeft.None;
            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
        }
        while (Stopwatch.GetElapsedTime(started) < LogPatience);
        return new BytesLeft("The store's log still has what was erased, since something reads the store in one long transaction (a copy, a shell). It is tried again.", IsTriedAgain: true);
    }

    Task IErasureStore.ForgetNamesAsync(CustomerKey key, string hash, CancellationToken cancellationToken) => WriteAsync(
        batch =>
        {
            batch.ForgetNames(key, hash);
            return true;
        },
        cancellationToken);

    Task IErasureStore.SaveErasureAsync(string projectId, Erasure erasure, CancellationToken cancellationToken) => WriteAsync(
        batch =>
        {
            batch.SaveErasure(projectId, erasure);
            return true;
        },
        cancellationToken);

    private Eraser Eraser => new(this, this, _time);

    private bool TruncateLog()
    {
        try
        {
            using var database = Database.OpenCheckpointer(_options.Path);
            return database.TruncateLog();
        }
        catch (SqliteException exception)
        {
            throw new EngineUnavailableException($"The store's log could not be cut: {exception.Message}", exception);
        }
    }
}
