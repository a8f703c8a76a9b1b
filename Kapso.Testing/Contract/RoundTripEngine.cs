using System.Runtime.CompilerServices;
using System.Text.Json;
using Kapso.Connections.Reconciling;

namespace Kapso.Testing.Contract;

/// <summary>Passes everything that crosses the interface through System.Text.Json, as a call to another machine does.</summary>
public sealed class RoundTripEngine(Func<IConnectionEngine> inner) : IConnectionEngine
{
    public async Task<Receipt> ObserveAsync(CustomerKey key, Observation observation, CancellationToken cancellationToken) =>
        Copy(await inner().ObserveAsync(Copy(key), Copy(observation), cancellationToken));

    public async Task<Receipt> AddLinkAsync(CustomerKey key, SetupLink link, CancellationToken cancellationToken) =>
        Copy(await inner().AddLinkAsync(Copy(key), Copy(link), cancellationToken));

    public async Task<LinkReceipt> ChangeLinkAsync(CustomerKey key, LinkChange change, CancellationToken cancellationToken) =>
        Copy(await inner().ChangeLinkAsync(Copy(key), Copy(change), cancellationToken));

    public async Task<Receipt> SetContactPhoneAsync(CustomerKey key, string? phone, CancellationToken cancellationToken) =>
        Copy(await inner().SetContactPhoneAsync(Copy(key), Copy(phone), cancellationToken));

    public async Task<Receipt> ChangeCustomerAsync(CustomerKey key, CustomerChange change, string? by, CancellationToken cancellationToken) =>
        Copy(await inner().ChangeCustomerAsync(Copy(key), Copy(change), by, cancellationToken));

    public async Task<KeptWebhook> ReadWebhookAsync(string projectId, CancellationToken cancellationToken) =>
        Copy(await inner().ReadWebhookAsync(Copy(projectId), cancellationToken));

    public async Task<bool> SaveWebhookAsync(string projectId, KeptWebhook webhook, CancellationToken cancellationToken) =>
        await inner().SaveWebhookAsync(Copy(projectId), Copy(webhook), cancellationToken);

    public async Task<ReceiverBook> ReadReceiversAsync(string projectId, CancellationToken cancellationToken) =>
        Copy(await inner().ReadReceiversAsync(Copy(projectId), cancellationToken));

    public async Task<bool> SaveReceiversAsync(string projectId, ReceiverBook book, CancellationToken cancellationToken) =>
        await inner().SaveReceiversAsync(Copy(projectId), Copy(book), cancellationToken);

    public Task LookAtReceiversAsync(CustomerKey key, CancellationToken cancellationToken) =>
        inner().LookAtReceiversAsync(Copy(key), cancellationToken);

    public Task RecordMessageAsync(string projectId, string receiverId, ReceiverMessage message, CancellationToken cancellationToken) =>
        inner().RecordMessageAsync(Copy(projectId), Copy(receiverId), Copy(message), cancellationToken);

    public async Task<Page<ReceiverMessage>> ListMessagesAsync(MessageQuery query, CancellationToken cancellationToken) =>
        Copy(await inner().ListMessagesAsync(Copy(query), cancellationToken));

    public async Task<ReceiverMessage?> FindMessageAsync(string projectId, string receiverId, string id, CancellationToken cancellationToken) =>
        Copy(await inner().FindMessageAsync(Copy(projectId), Copy(receiverId), Copy(id), cancellationToken));

    public async Task<EffectAction> SendAgainAsync(CustomerKey key, Effect notify, string? by, CancellationToken cancellationToken) =>
        Copy(await inner().SendAgainAsync(Copy(key), Copy(notify), by, cancellationToken));

    public async Task<IReadOnlyList<ReceiverTraffic>> ReadTrafficAsync(string projectId, CancellationToken cancellationToken) =>
        Copy(await inner().ReadTrafficAsync(Copy(projectId), cancellationToken));

    public async Task<IReadOnlyList<LinksToCheck>> ListLinksToCheckAsync(
        string projectId, int limit, CancellationToken cancellationToken) =>
        Copy(await inner().ListLinksToCheckAsync(Copy(projectId), Copy(limit), cancellationToken));

    public async Task<EffectAction> ResendAsync(CustomerKey key, string effectId, string? by, CancellationToken cancellationToken) =>
        Copy(await inner().ResendAsync(Copy(key), Copy(effectId), by, cancellationToken));

    public async Task<EffectAction> SettleAsync(CustomerKey key, string effectId, string? by, CancellationToken cancellationToken) =>
        Copy(await inner().SettleAsync(Copy(key), Copy(effectId), by, cancellationToken));

    public async Task<EffectAction> GreetAsync(CustomerKey key, string phoneNumberId, string? by, CancellationToken cancellationToken) =>
        Copy(await inner().GreetAsync(Copy(key), Copy(phoneNumberId), by, cancellationToken));

    public Task NoteAsync(CustomerKey key, TimelineEntry note, CancellationToken cancellationToken) =>
        inner().NoteAsync(Copy(key), Copy(note), cancellationToken);

    public async Task<Connection?> FindAsync(CustomerKey key, CancellationToken cancellationToken) =>
        Copy(await inner().FindAsync(Copy(key), cancellationToken));

    public async IAsyncEnumerable<Connection> WatchAsync(
        CustomerKey key, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var connection in inner().WatchAsync(Copy(key), cancellationToken))
            yield return Copy(connection);
    }

    public async Task<CustomerKey?> FindByStateAsync(string state, CancellationToken cancellationToken) =>
        Copy(await inner().FindByStateAsync(Copy(state), cancellationToken));

    public async Task<CustomerKey?> FindByLinkAsync(string projectId, string setupLinkId, CancellationToken cancellationToken) =>
        Copy(await inner().FindByLinkAsync(Copy(projectId), Copy(setupLinkId), cancellationToken));

    public async Task<CustomerKey?> FindByNumberAsync(string projectId, string phoneNumberId, CancellationToken cancellationToken) =>
        Copy(await inner().FindByNumberAsync(Copy(projectId), Copy(phoneNumberId), cancellationToken));

    public async Task<Page<ConnectionRow>> ListConnectionsAsync(ConnectionQuery query, CancellationToken cancellationToken) =>
        Copy(await inner().ListConnectionsAsync(Copy(query), cancellationToken));

    public async Task<Page<EffectRow>> ListEffectsAsync(
        string projectId, EffectStatus status, string? cursor, int limit, CancellationToken cancellationToken) =>
        Copy(await inner().ListEffectsAsync(Copy(projectId), Copy(status), Copy(cursor), Copy(limit), cancellationToken));

    public Task ParkAsync(ParkedDelivery delivery, CancellationToken cancellationToken) =>
        inner().ParkAsync(Copy(delivery), cancellationToken);

    public async Task<Page<ParkedHead>> ListParkedAsync(
        string projectId, string? cursor, int limit, CancellationToken cancellationToken) =>
        Copy(await inner().ListParkedAsync(Copy(projectId), Copy(cursor), Copy(limit), cancellationToken));

    public async Task<ParkedDelivery?> FindParkedAsync(string projectId, string id, CancellationToken cancellationToken) =>
        Copy(await inner().FindParkedAsync(Copy(projectId), Copy(id), cancellationToken));

    public async Task<ParkedDelivery?> ResolveParkedAsync(
        string projectId, string id, ParkedStatus status, CancellationToken cancellationToken) =>
        Copy(await inner().ResolveParkedAsync(Copy(projectId), Copy(id), Copy(status), cancellationToken));

    public async Task<int> HoldHintAsync(string projectId, Observation hint, CancellationToken cancellationToken) =>
        Copy(await inner().HoldHintAsync(Copy(projectId), Copy(hint), cancellationToken));

    public Task AddTurnedAwayAsync(string? projectId, IReadOnlyList<TurnedAwayTally> tallies, CancellationToken cancellationToken) =>
        inner().AddTurnedAwayAsync(Copy(projectId), Copy(tallies), cancellationToken);

    public Task CountEventAsync(string projectId, SeenEvent seen, CancellationToken cancellationToken) =>
        inner().CountEventAsync(Copy(projectId), Copy(seen), cancellationToken);

    public Task KeepFailedSetupAsync(string projectId, FailedSetup failed, CancellationToken cancellationToken) =>
        inner().KeepFailedSetupAsync(Copy(projectId), Copy(failed), cancellationToken);

    public Task<bool> IntendCustomerAsync(string projectId, CustomerIntent intent, CancellationToken cancellationToken) =>
        inner().IntendCustomerAsync(Copy(projectId), Copy(intent), cancellationToken);

    public Task WithdrawCustomerAsync(string projectId, CustomerIntent intent, CancellationToken cancellationToken) =>
        inner().WithdrawCustomerAsync(Copy(projectId), Copy(intent), cancellationToken);

    public async Task<ProjectActivity> ReadActivityAsync(string projectId, CancellationToken cancellationToken) =>
        Copy(await inner().ReadActivityAsync(Copy(projectId), cancellationToken));

    public async Task<Reconciliation> ReadReconciliationAsync(string projectId, CancellationToken cancellationToken) =>
        Copy(await inner().ReadReconciliationAsync(Copy(projectId), cancellationToken));

    public Task<bool> SaveReconciliationAsync(
        string projectId, Reconciliation reconciliation, CancellationToken cancellationToken) =>
        inner().SaveReconciliationAsync(Copy(projectId), Copy(reconciliation), cancellationToken);

    public async Task<ProjectCounts> CountAsync(string projectId, CancellationToken cancellationToken) =>
        Copy(await inner().CountAsync(Copy(projectId), cancellationToken));

    public async Task<Page<MarkedNumber>> ListMarkedNumbersAsync(
        string projectId, NumberMark mark, string? cursor, int limit, CancellationToken cancellationToken) =>
        Copy(await inner().ListMarkedNumbersAsync(Copy(projectId), Copy(mark), Copy(cursor), Copy(limit), cancellationToken));

    public Task<DateTimeOffset?> FindReplacementAsync(string projectId, CancellationToken cancellationToken) =>
        inner().FindReplacementAsync(Copy(projectId), cancellationToken);

    public Task<bool> AcceptStoreAsync(string projectId, string by, CancellationToken cancellationToken) =>
        inner().AcceptStoreAsync(Copy(projectId), by, cancellationToken);

    public Task AppendAuditAsync(AuditLine line, CancellationToken cancellationToken) =>
        inner().AppendAuditAsync(Copy(line), cancellationToken);

    public Task<bool> CompleteAuditAsync(string? projectId, string id, AuditEnd end, CancellationToken cancellationToken) =>
        inner().CompleteAuditAsync(projectId, Copy(id), Copy(end), cancellationToken);

    public async Task<Page<AuditLine>> ListAuditAsync(AuditQuery query, CancellationToken cancellationToken) =>
        Copy(await inner().ListAuditAsync(Copy(query), cancellationToken));

    public Task RedactAuditAsync(CustomerKey key, string hash, CancellationToken cancellationToken) =>
        inner().RedactAuditAsync(Copy(key), Copy(hash), cancellationToken);

    public async Task<Erasure> EraseAsync(CustomerKey key, CancellationToken cancellationToken) =>
        Copy(await inner().EraseAsync(Copy(key), cancellationToken));

    public async Task<Erasure?> FindErasureAsync(CustomerKey key, CancellationToken cancellationToken) =>
        Copy(await inner().FindErasureAsync(Copy(key), cancellationToken));

    public async Task<IReadOnlyList<Erasure>> ContinueErasuresAsync(string projectId, CancellationToken cancellationToken) =>
        Copy(await inner().ContinueErasuresAsync(Copy(projectId), cancellationToken));

    public async Task<EngineHealth> CheckAsync(CancellationToken cancellationToken) =>
        Copy(await inner().CheckAsync(cancellationToken));

    private static T Copy<T>(T value) => JsonSerializer.Deserialize<T>(JsonSerializer.Serialize(value))!;
}
