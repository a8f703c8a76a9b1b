using System.Globalization;
using System.Text.Json;
using Kapso.Connections.Reconciling;

namespace Kapso.Tests.Engines.Memory;

/// <summary>What is kept for a project beside its connections.</summary>
public sealed partial class MemoryEngine
{
    /// <summary>The project of what was turned away and is of none.</summary>
    private const string NoProject = "";

    /// <summary>Age past which parked deliveries are pruned.</summary>
    private static readonly TimeSpan ParkedMaxAge = TimeSpan.FromDays(30);

    /// <inheritdoc/>
    public Task ParkAsync(ParkedDelivery delivery, CancellationToken cancellationToken) =>
        GuardAsync(async () =>
        {
            var name = Name(delivery.ProjectId, delivery.Id);
            if (await _session.ReadAsync(StoreTable.Parked, name) is not null)
                return true;
            var written = await _session.WriteAsync(StoreTable.Parked, name, delivery, 0);
            if (written)
                CountParked(delivery);
            await PruneParkedAsync();
            return written;
        });

    /// <inheritdoc/>
    public Task<Page<ParkedHead>> ListParkedAsync(
        string projectId, string? cursor, int limit, CancellationToken cancellationToken) =>
        GuardAsync(async () =>
        {
            var rows = (await _session.ScanAsync(StoreTable.Parked, projectId + "\0"))
                .Select(record => ReadParked(record.Value))
                .Where(parked => parked.Status == ParkedStatus.Waiting && string.CompareOrdinal(parked.Id, cursor) > 0)
                .Select(parked => ParkedHead.Of(parked, parked.Body.Length));
            return Cut(rows, limit, parked => parked.Id);
        });

    /// <inheritdoc/>
    public Task<ParkedDelivery?> FindParkedAsync(string projectId, string id, CancellationToken cancellationToken) =>
        GuardAsync(async () => (await _session.ReadAsync<ParkedDelivery>(StoreTable.Parked, Name(projectId, id))).Value);

    /// <inheritdoc/>
    public Task<ParkedDelivery?> ResolveParkedAsync(
        string projectId, string id, ParkedStatus status, CancellationToken cancellationToken) =>
        GuardAsync(async () =>
        {
            var (parked, etag) = await _session.ReadAsync<ParkedDelivery>(StoreTable.Parked, Name(projectId, id));
            if (parked is not { Status: ParkedStatus.Waiting })
                return parked;
            var resolved = parked with { Status = status, ResolvedAt = Now };
            return await _session.WriteAsync(StoreTable.Parked, Name(projectId, id), resolved, etag)
                ? resolved
                : (await _session.ReadAsync<ParkedDelivery>(StoreTable.Parked, Name(projectId, id))).Value;
        });

    /// <inheritdoc/>
    public Task CountEventAsync(string projectId, SeenEvent seen, CancellationToken cancellationToken) =>
        ChangeActivityAsync(projectId, activity =>
        {
            HeardWebhook(projectId, seen.ReceivedAt);
            var names = activity.Events.Keys.Count(known => known is not (SeenEvent.TestDelivery or SeenEvent.Other));
            var name = activity.Events.ContainsKey(seen.Name) || names < SeenEvent.MaxNames || seen.Name == SeenEvent.TestDelivery
                ? seen.Name
                : SeenEvent.Other;
            var known = activity.Events.GetValueOrDefault(name) ?? new CountedEvent(0, seen.ReceivedAt, default);
            var last = known.LastAt > seen.ReceivedAt ? known.LastAt : seen.ReceivedAt;
            activity.Events[name] = new CountedEvent(known.Count + 1, last, seen.Body[..Math.Min(seen.Body.Length, SeenEvent.MaxBody)]);
        });

    /// <inheritdoc/>
    public async Task KeepFailedSetupAsync(string projectId, FailedSetup failed, CancellationToken cancellationToken)
    {
        await ChangeActivityAsync(projectId, activity =>
        {
            activity.FailedSetups.Insert(0, failed);
            if (activity.FailedSetups.Count > FailedSetup.MaxKept)
                activity.FailedSetups.RemoveAt(FailedSetup.MaxKept);
        });
        Count(projectId, DailyCounts.OfFailure(failed.ErrorCode));
    }

    /// <inheritdoc/>
    public Task<bool> IntendCustomerAsync(string projectId, CustomerIntent intent, CancellationToken cancellationToken) =>
        GuardAsync(async () =>
        {
            var name = projectId + "\0" + intent.ExternalId;
            var (known, etag) = await _session.ReadAsync<KeptIntent>(StoreTable.CustomerIntents, name);
            if (known is not null && known.Token != intent.Token && known.Until > Now && known.Until <= Now + CustomerIntent.Life)
                return false;
            return await _session.WriteAsync(StoreTable.CustomerIntents, name, new KeptIntent(intent.Token, Now + CustomerIntent.Life), etag);
        });

    /// <inheritdoc/>
    public Task WithdrawCustomerAsync(string projectId, CustomerIntent intent, CancellationToken cancellationToken) =>
        GuardAsync(async () =>
        {
            var name = projectId + "\0" + intent.ExternalId;
            var (known, etag) = await _session.ReadAsync<KeptIntent>(StoreTable.CustomerIntents, name);
            return known?.Token != intent.Token || await _session.WriteAsync(StoreTable.CustomerIntents, name, null, etag);
        });

    /// <inheritdoc/>
    public Task AddTurnedAwayAsync(string? projectId, IReadOnlyList<TurnedAwayTally> tallies, CancellationToken cancellationToken) =>
        ChangeActivityAsync(projectId ?? NoProject, activity =>
            activity.TurnedAway = activity.TurnedAway.With(tallies, LastWebhookOf(projectId), Now));

    /// <inheritdoc/>
    public Task<ProjectActivity> ReadActivityAsync(string projectId, CancellationToken cancellationToken) =>
        GuardAsync(async () =>
        {
            var activity = (await _session.ReadAsync<Activity>(StoreTable.Activity, projectId)).Value ?? new Activity();
            var hints = (await _session.ScanAsync(StoreTable.Hints, projectId + "\0"))
                .Select(record => JsonSerializer.Deserialize<Observation>(record.Value.Value)!)
                .Count(hint => Now - hint.ReceivedAt < UnclaimedHints.Life);
            return new ProjectActivity(
                [.. activity.Events.Where(seen => seen.Key != SeenEvent.TestDelivery)
                    .Select(seen => new EventCount(seen.Key, seen.Value.Count, seen.Value.LastAt))],
                activity.Events.GetValueOrDefault(SeenEvent.TestDelivery)?.LastAt,
                [.. activity.FailedSetups.Take(100)],
                hints);
        });

    /// <inheritdoc/>
    public Task<DateTimeOffset?> FindReplacementAsync(string projectId, CancellationToken cancellationToken) => Task.FromResult<DateTimeOffset?>(null);

    public Task<bool> AcceptStoreAsync(string projectId, string by, CancellationToken cancellationToken) => Task.FromResult(false);

    public Task<Reconciliation> ReadReconciliationAsync(string projectId, CancellationToken cancellationToken) =>
        GuardAsync(async () =>
            (await _session.ReadAsync<Reconciliation>(StoreTable.Reconciliations, projectId)).Value ?? new Reconciliation());

    /// <inheritdoc/>
    public Task<bool> SaveReconciliationAsync(
        string projectId, Reconciliation reconciliation, CancellationToken cancellationToken) =>
        SaveVersionedAsync(StoreTable.Reconciliations, projectId, reconciliation, static record => record.Version);

    /// <inheritdoc/>
    public Task<KeptWebhook> ReadWebhookAsync(string projectId, CancellationToken cancellationToken) =>
        GuardAsync(async () => (await _session.ReadAsync<KeptWebhook>(StoreTable.Webhooks, projectId)).Value ?? new KeptWebhook());

    /// <inheritdoc/>
    public Task<bool> SaveWebhookAsync(string projectId, KeptWebhook webhook, CancellationToken cancellationToken) =>
        SaveVersionedAsync(StoreTable.Webhooks, projectId, webhook, static record => record.Version);

    /// <summary>Writes a project's record over the version before; the very same again is no conflict.</summary>
    private Task<bool> SaveVersionedAsync<T>(StoreTable table, string projectId, T value, Func<T, long> versionOf) =>
        GuardAsync(async () =>
        {
            var record = JsonSerializer.SerializeToUtf8Bytes(value);
            var stored = await _session.ReadAsync(table, projectId);
            if (stored is not null && stored.Value.AsSpan().SequenceEqual(record))
                return true;
            var version = stored is null ? 0 : versionOf(JsonSerializer.Deserialize<T>(stored.Value)!);
            return version == versionOf(value) - 1 && await _session.WriteAsync(table, projectId, record, stored?.ETag ?? 0);
        });

    /// <summary>What nobody alive can hold is left to whoever comes next.</summary>
    private async Task OrphanPassesAsync()
    {
        foreach (var (project, stored) in await _session.ScanAsync(StoreTable.Reconciliations, ""))
        {
            if (Passes.Orphan(JsonSerializer.Deserialize<Reconciliation>(stored.Value)!) is { } left)
                await _session.WriteAsync(StoreTable.Reconciliations, project, left, stored.ETag);
        }
    }

    /// <summary>Prunes each project's parked deliveries by age and number. What the engine owes a replay stays.</summary>
    private async Task PruneParkedAsync()
    {
        var parked = (await _session.ScanAsync(StoreTable.Parked, ""))
            .Select(record => (record.Key, record.Value.ETag, Delivery: ReadParked(record.Value)));
        foreach (var project in parked.GroupBy(row => row.Delivery.ProjectId))
        {
            var rows = project.OrderBy(row => row.Delivery.Retention()).ThenBy(row => row.Delivery.ReceivedAt).ToList();
            var (expired, dropped) = (0L, 0L);
            for (var i = 0; i < rows.Count && rows[i].Delivery.Retention() < ParkedRetention.Owed; i++)
            {
                var old = Now - rows[i].Delivery.ReceivedAt > ParkedMaxAge;
                if ((i < rows.Count - _options.ParkedMaxCount || old)
                    && await _session.WriteAsync(StoreTable.Parked, rows[i].Key, null, rows[i].ETag)
                    && rows[i].Delivery.Status == ParkedStatus.Waiting)
                    (expired, dropped) = old ? (expired + 1, dropped) : (expired, dropped + 1);
            }

            if (ParkedRetentions.TallyGone(expired, dropped, Now) is { Count: > 0 } gone)
                await AddTurnedAwayAsync(project.Key, gone, CancellationToken.None);
        }
    }

    private async Task<IEnumerable<TurnedAwayCount>> ShowTurnedAwayAsync(string projectId) =>
        (await _session.ReadAsync<Activity>(StoreTable.Activity, projectId)).Value?.TurnedAway.Show(LastWebhookOf(projectId), Now) ?? [];

    private DateTimeOffset? LastWebhookOf(string? projectId) =>
        projectId is not null && _lastWebhooks.TryGetValue(projectId, out var last) ? last : null;

    private static ParkedDelivery ReadParked(StoredRecord record) => JsonSerializer.Deserialize<ParkedDelivery>(record.Value)!;

    private Task<bool> ChangeActivityAsync(string projectId, Action<Activity> change) =>
        _turns.RunAsync(new CustomerKey(projectId, ""), () => GuardAsync(async () =>
        {
            for (var conflicts = 0; conflicts < MaxConflicts; conflicts++)
            {
                var (activity, etag) = await _session.ReadAsync<Activity>(StoreTable.Activity, projectId);
                activity ??= new Activity();
                change(activity);
                if (await _session.WriteAsync(StoreTable.Activity, projectId, activity, etag))
                    return true;
            }

            throw new StoreFailedException(string.Create(
                CultureInfo.InvariantCulture, $"Others wrote first, {MaxConflicts} times in a row."));
        }));

    /// <summary>Events by name, failed setups, newest first, and what was turned away.</summary>
    private sealed record Activity
    {
        public SortedDictionary<string, CountedEvent> Events { get; init; } = new(StringComparer.Ordinal);

        public List<FailedSetup> FailedSetups { get; init; } = [];

        public TurnedAwayRecord TurnedAway { get; set; } = new();
    }

    private sealed record KeptIntent(Guid Token, DateTimeOffset Until);

    private sealed record CountedEvent(long Count, DateTimeOffset LastAt, ReadOnlyMemory<byte> LastBody);
}
