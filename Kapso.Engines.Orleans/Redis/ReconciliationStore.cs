using Kapso.Connections.Reconciling;
using StackExchange.Redis;

namespace Kapso.Engines.Orleans.Redis;

/// <summary>Where each project's reconciliation stands, and the webhook that it keeps at the platform.</summary>
internal sealed class ReconciliationStore(IConnectionMultiplexer redis, StoreKeys keys)
{
    public async Task<Reconciliation> ReadAsync(string project) =>
        await VersionedValue.ReadAsync(redis.GetDatabase(), keys.Reconciliation(project), EngineJson.Default.Reconciliation) ?? new Reconciliation();

    public Task<bool> SaveAsync(string project, Reconciliation reconciliation) => VersionedValue.SaveAsync(
        redis.GetDatabase(), keys.Reconciliation(project), reconciliation.Version, reconciliation, EngineJson.Default.Reconciliation);

    public async Task<KeptWebhook> ReadWebhookAsync(string project) =>
        await VersionedValue.ReadAsync(redis.GetDatabase(), keys.Webhook(project), EngineJson.Default.KeptWebhook) ?? new KeptWebhook();

    public Task<bool> SaveWebhookAsync(string project, KeptWebhook webhook) =>
        VersionedValue.SaveAsync(redis.GetDatabase(), keys.Webhook(project), webhook.Version, webhook, EngineJson.Default.KeptWebhook);
}
