namespace Kapso.Engines.Orleans;

public sealed partial class ClusterEngine
{
    /// <inheritdoc/>
    public Task<KeptWebhook> ReadWebhookAsync(string projectId, CancellationToken cancellationToken) =>
        StoreAsync(() => _reconciliations.ReadWebhookAsync(projectId), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> SaveWebhookAsync(string projectId, KeptWebhook webhook, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(webhook);
        return StoreAsync(() => _reconciliations.SaveWebhookAsync(projectId, webhook), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<ReceiverBook> ReadReceiversAsync(string projectId, CancellationToken cancellationToken) =>
        StoreAsync(() => _receivers.ReadAsync(projectId), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> SaveReceiversAsync(string projectId, ReceiverBook book, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(book);
        return StoreAsync(() => _receivers.SaveAsync(projectId, book), cancellationToken);
    }

    /// <inheritdoc/>
    public Task LookAtReceiversAsync(CustomerKey key, CancellationToken cancellationToken) => CallAsync(
        key,
        static async grain =>
        {
            await grain.LookAtReceiversAsync();
            return true;
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task RecordMessageAsync(string projectId, string receiverId, ReceiverMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        return StoreAsync(() => _messages.RecordAsync(projectId, receiverId, message, wentThrough: null), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<Page<ReceiverMessage>> ListMessagesAsync(MessageQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        return StoreAsync(() => _messages.ListAsync(query), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<ReceiverMessage?> FindMessageAsync(string projectId, string receiverId, string id, CancellationToken cancellationToken) =>
        StoreAsync(() => _messages.FindAsync(projectId, receiverId, id), cancellationToken);

    /// <inheritdoc/>
    public Task<EffectAction> SendAgainAsync(CustomerKey key, Effect notify, string? by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(notify);
        return CallAsync(key, grain => grain.SendAgainAsync(notify, by), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<ReceiverTraffic>> ReadTrafficAsync(string projectId, CancellationToken cancellationToken) => StoreAsync(
        async () =>
        {
            await _arrivals.FlushAsync();
            return await _receivers.ReadTrafficAsync(projectId, _clock.Now);
        },
        cancellationToken);
}
