using System.Text.Json;

namespace Kapso.Tests.Engines.Memory;

/// <summary>The company's receivers, and what was sent to them.</summary>
public sealed partial class MemoryEngine
{
    private readonly ReceiverBooks _books = new();

    /// <inheritdoc/>
    public Task<ReceiverBook> ReadReceiversAsync(string projectId, CancellationToken cancellationToken) =>
        GuardAsync(async () => (await _session.ReadAsync<ReceiverBook>(StoreTable.Receivers, projectId)).Value ?? new ReceiverBook());

    /// <inheritdoc/>
    public Task<bool> SaveReceiversAsync(string projectId, ReceiverBook book, CancellationToken cancellationToken) =>
        SaveVersionedAsync(StoreTable.Receivers, projectId, book, static record => record.Version);

    /// <inheritdoc/>
    public Task LookAtReceiversAsync(CustomerKey key, CancellationToken cancellationToken) =>
        UpdateAsync(key, (connection, _) => Task.FromResult(new Change<bool>(Decisions.LookAtReceivers(connection, PolicyOf(key), Now), true)));

    /// <inheritdoc/>
    public Task RecordMessageAsync(string projectId, string receiverId, ReceiverMessage message, CancellationToken cancellationToken) =>
        GuardAsync(async () =>
        {
            await PutMessageAsync(projectId, receiverId, message);
            return true;
        });

    /// <inheritdoc/>
    public Task<Page<ReceiverMessage>> ListMessagesAsync(MessageQuery query, CancellationToken cancellationToken) =>
        GuardAsync(async () =>
        {
            var rows = (await _session.ScanAsync(StoreTable.Messages, Name(query.ProjectId, query.ReceiverId) + "\0"))
                .Select(record => JsonSerializer.Deserialize<ReceiverMessage>(record.Value.Value)!)
                .Where(message => query.Status is null || message.Status == query.Status)
                .OrderByDescending(CursorOf, StringComparer.Ordinal)
                .Where(message => query.Cursor is null || string.CompareOrdinal(CursorOf(message), query.Cursor) < 0);
            return Cut(rows, query.Limit, CursorOf);

            static string CursorOf(ReceiverMessage message) => $"{message.CreatedAt.ToUnixTimeMilliseconds():d15} {message.Id}";
        });

    /// <inheritdoc/>
    public Task<ReceiverMessage?> FindMessageAsync(string projectId, string receiverId, string id, CancellationToken cancellationToken) =>
        GuardAsync(async () => (await _session.ReadAsync<ReceiverMessage>(StoreTable.Messages, NameOf(projectId, receiverId, id))).Value);

    /// <inheritdoc/>
    public Task<EffectAction> SendAgainAsync(CustomerKey key, Effect notify, string? by, CancellationToken cancellationToken) =>
        UpdateAsync(key, (connection, _) =>
        {
            var (after, action) = Decisions.SendAgain(connection, notify, PolicyOf(key), Now, by);
            return Task.FromResult(new Change<EffectAction>(after, action));
        });

    /// <inheritdoc/>
    public Task<IReadOnlyList<ReceiverTraffic>> ReadTrafficAsync(string projectId, CancellationToken cancellationToken) =>
        GuardAsync(async () =>
        {
            var failing = (await _session.ScanAsync(StoreTable.FailingReceivers, projectId + "\0"))
                .ToDictionary(record => record.Key[(projectId.Length + 1)..], record => JsonSerializer.Deserialize<DateTimeOffset>(record.Value.Value));
            return DailyCounts.ReadTraffic(
                _counts.Where(count => count.Key.Project == projectId && count.Key.Day >= DailyCounts.FirstDay(Now))
                    .Select(count => (count.Key.Day, count.Key.Name, count.Value)),
                failing);
        });

    private static string NameOf(string projectId, string receiverId, string id) => Name(Name(projectId, receiverId), id);

    /// <summary>Reads what others may have written since.</summary>
    private async Task ReadBookAsync(string projectId) =>
        _books.Set(projectId, (await _session.ReadAsync<ReceiverBook>(StoreTable.Receivers, projectId)).Value ?? new ReceiverBook());

    private async Task RecordAttemptAsync(ClaimedEffect claimed, EffectResult result)
    {
        if (claimed.Effect.Kind != EffectKind.Notify || result.HandedOver
            || (await FindErasureAsync(claimed.Key))?.Mark.At >= claimed.Effect.CreatedAt)
            return;
        var (project, receiver, wentThrough) =
            (claimed.Key.ProjectId, ReceiverMessage.ReceiverOf(claimed.Effect), result.Kind == EffectResultKind.Done);
        Count(project, DailyCounts.OfAttempt(receiver, wentThrough));
        await PutMessageAsync(project, receiver, ReceiverMessage.Of(claimed.Key, claimed.Effect, result, PolicyOf(claimed.Key), Now));
        var failing = await _session.ReadAsync(StoreTable.FailingReceivers, Name(project, receiver));
        if (wentThrough && failing is not null)
            await _session.WriteAsync(StoreTable.FailingReceivers, Name(project, receiver), null, failing.ETag);
        else if (!wentThrough && failing is null)
            await _session.WriteAsync(StoreTable.FailingReceivers, Name(project, receiver), JsonSerializer.SerializeToUtf8Bytes(Now), 0);
    }

    private async Task RecordHeldAsync(Connection before, Connection after)
    {
        foreach (var (receiver, message) in ReceiverMessage.HeldBetween(before, after, Now))
            await PutMessageAsync(after.Key.ProjectId, receiver, message);
    }

    private async Task PutMessageAsync(string project, string receiver, ReceiverMessage message)
    {
        var name = NameOf(project, receiver, message.Id);
        var known = await _session.ReadAsync(StoreTable.Messages, name);
        await _session.WriteAsync(StoreTable.Messages, name, message, known?.ETag ?? 0);
    }
}
