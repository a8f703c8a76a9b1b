using System.Diagnostics;
using Kapso.Engines.Erasing;
using Kapso.Engines.Sqlite.Reading;
using Kapso.Engines.Sqlite.Store;
using Microsoft.Data.Sqlite;

namespace Kapso.Engines.Sqlite;

public sealed partial class EmbeddedEngine : IErasureStore
{
    /// <summary>Parked deliveries that are erased in one transaction.</summary>
    private const int ParkedAtATime = 200;

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

    Task<UnfinishedErasures> IErasureStore.ListUnfinishedAsync(string projectId, CancellationToken cancellationToken) =>
        ReadAsync(projectId, new UnfinishedErasures([], []), ErasureRows.Unfinished);

    Task<(string Hash, ErasedNames Names)> IErasureStore.BeginAsync(CustomerKey key, bool goesOn, CancellationToken cancellationToken) =>
        WriteAsync(batch => batch.BeginErasure(key, goesOn), cancellationToken);

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
        foreach (var ids in parked.Chunk(ParkedAtATime))
        {
            var erased = await WriteAsync(batch => ids.Count(id => batch.RedactParked(projectId, id, names)), cancellationToken);
            counts = counts with { Parked = counts.Parked + erased };
        }

        return counts;
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

    Task<Erasure> IErasureStore.ChangeErasureAsync(
        string projectId, string hash, Func<Erasure, Erasure> change, CancellationToken cancellationToken) =>
        WriteAsync(batch => batch.ChangeErasure(projectId, hash, change), cancellationToken);

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
