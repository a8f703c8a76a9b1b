using System.Runtime.CompilerServices;
using Kapso.Connections.Storage;

namespace Kapso.Tests.Engines.Memory;

public sealed partial class MemoryEngine
{
    private readonly Watchers _watchers = new();

    /// <inheritdoc/>
    public Task<Connection?> FindAsync(CustomerKey key, CancellationToken cancellationToken) =>
        GuardAsync(() => LoadAsync(key));

    /// <inheritdoc/>
    public async IAsyncEnumerable<Connection> WatchAsync(
        CustomerKey key, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Watched before it is read, so that no change falls between.
        using var watcher = _watchers.Add(key);
        do
        {
            if (await FindAsync(key, cancellationToken) is { } connection)
                yield return connection;
        }
        while (await watcher.ChangedAsync(cancellationToken));

        throw new EngineUnavailableException("The engine ended. Watch again.");
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<LinksToCheck>> ListLinksToCheckAsync(
        string projectId, int limit, CancellationToken cancellationToken) =>
        GuardAsync<IReadOnlyList<LinksToCheck>>(async () =>
        [
            .. (await LoadAllAsync(projectId))
                .Where(row => row.Connection.LinksCheckedAt is not null)
                .OrderBy(row => row.Connection.LinksCheckedAt)
                .Take(limit)
                .Select(row => new LinksToCheck(row.Connection.Key.CustomerId, row.Connection.LinksCheckedAt!.Value)),
        ]);

    /// <inheritdoc/>
    public Task<Page<ConnectionRow>> ListConnectionsAsync(ConnectionQuery query, CancellationToken cancellationToken) =>
        GuardAsync(async () =>
        {
            var rows = (await LoadAllAsync(query.ProjectId))
                .Where(row => string.CompareOrdinal(row.Connection.Key.CustomerId, query.Cursor) > 0)
                .Where(row => query.Status is null || row.Connection.Status == query.Status)
                .Where(row => query.OwnId is { } ownId
                    ? row.Connection.Names?.OwnId == ownId
                    : string.IsNullOrEmpty(query.Text) || Matches(row.Connection, new Search(query.Text)))
                .Select(row => ConnectionRow.Of(row.Connection, row.WrittenAt))
                .Where(query.HasTags);
            return Cut(rows, query.Limit, row => row.CustomerId);
        });

    /// <inheritdoc/>
    public Task<Page<EffectRow>> ListEffectsAsync(
        string projectId, EffectStatus status, string? cursor, int limit, CancellationToken cancellationToken) =>
        GuardAsync(async () =>
        {
            var rows = (await LoadAllAsync(projectId))
                .SelectMany(row => row.Connection.Outbox.Select(effect => new EffectRow(row.Connection.Key.CustomerId, effect) { Names = row.Connection.Names }))
                .Where(row => row.Effect.Status == status)
                .OrderBy(CursorOf, StringComparer.Ordinal)
                .Where(row => string.CompareOrdinal(CursorOf(row), cursor) > 0);
            return Cut(rows, limit, CursorOf);

            static string CursorOf(EffectRow row) => Name(row.CustomerId, row.Effect.Id);
        });

    /// <inheritdoc/>
    public async Task<EngineHealth> CheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            var probe = await _session.ReadAsync(StoreTable.Probe, "probe");
            await _session.WriteAsync(StoreTable.Probe, "probe", [], probe?.ETag ?? 0);
            var effects = (await LoadAllAsync("")).SelectMany(row => row.Connection.Outbox).ToList();
            var parked = await _session.ScanAsync(StoreTable.Parked, "");
            var waiting = effects.Count(effect => effect.Status is EffectStatus.Pending or EffectStatus.InFlight);
            return new EngineHealth(
                true, null, waiting, effects.Count - waiting, parked.Count(record => ReadParked(record.Value).Status == ParkedStatus.Waiting));
        }
        catch (StoreFailedException exception)
        {
            return new EngineHealth(false, exception.Message, 0, 0, 0);
        }
    }

    private static bool Matches(Connection connection, Search search) =>
        search.Matches(connection.Key.CustomerId, connection.Numbers.Select(number => number.PhoneNumberId))
        || search.Matches(SearchWords.Of(connection));

    private static Page<T> Cut<T>(IEnumerable<T> rows, int limit, Func<T, string> cursorOf)
    {
        var page = rows.Take(limit + 1).ToList();
        if (page.Count <= limit)
            return new Page<T>(page, null);
        page.RemoveAt(limit);
        return new Page<T>(page, cursorOf(page[^1]));
    }

    private async Task<Connection?> LoadAsync(CustomerKey key) =>
        await _session.ReadAsync(StoreTable.Connections, Name(key)) is { } record ? ConnectionJson.Read(record.Value) : null;

    private async Task<List<(Connection Connection, DateTimeOffset WrittenAt)>> LoadAllAsync(string projectId)
    {
        var records = await _session.ScanAsync(StoreTable.Connections, projectId.Length == 0 ? "" : projectId + "\0");
        return [.. records.Select(record => (ConnectionJson.Read(record.Value.Value), record.Value.WrittenAt))];
    }
}
