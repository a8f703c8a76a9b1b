using Kapso.Engines.Budget;
namespace Kapso.Platform.Api;

public sealed partial class PlatformClient
{
    /// <summary>Lists the project's webhooks, those of single numbers among them.</summary>
    /// <param name="page">Null for the first page, then <see cref="PlatformPage{T}.Next"/>.</param>
    /// <param name="purpose">What it is made for.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<PlatformAnswer<PlatformPage<PlatformWebhook>>> ListWebhooksAsync(
        string? page, CallPurpose purpose, CancellationToken cancellationToken) =>
        GetAsync(
            "/whatsapp/webhooks",
            WithQuery(Path(Platform + "/whatsapp/webhooks"), ("page", page), ("per_page", Number(PageSize))),
            purpose,
            body => PlatformPage<PlatformWebhook>.Read(body, PlatformWebhook.Read),
            cancellationToken);

    /// <summary>The newest deliveries of the last day in the platform's log; the caller checks whose, since the filter may be ignored.</summary>
    public Task<PlatformAnswer<PlatformPage<PlatformDelivery>>> ListDeliveriesAsync(
        string webhookId, CallPurpose purpose, CancellationToken cancellationToken) =>
        GetAsync(
            "/webhook_deliveries",
            WithQuery(Path(Platform + "/webhook_deliveries"), ("webhook_id", webhookId), ("period", "24h"), ("limit", Number(PageSize))),
            purpose,
            body => PlatformPage<PlatformDelivery>.ReadByCursor(body, PlatformDelivery.Read),
            cancellationToken);

    /// <summary>Makes a webhook of the project. After <see cref="PlatformOutcome.Unknown"/>: <see cref="ListWebhooksAsync"/>.</summary>
    internal Task<PlatformAnswer<PlatformWebhook>> CreateWebhookAsync(WebhookMembers webhook, CancellationToken cancellationToken) =>
        SendAsync(
            HttpMethod.Post,
            "/whatsapp/webhooks",
            Path(Platform + "/whatsapp/webhooks"),
            CallPurpose.Reconciliation,
            new WebhookBody(webhook),
            RequestBodyContext.Default.WebhookBody,
            Data(PlatformWebhook.Read),
            cancellationToken);

    /// <summary>Changes a webhook; null leaves as it is. The answer's value is its id, since the platform may answer without a body.</summary>
    internal Task<PlatformAnswer<string>> ChangeWebhookAsync(
        string id, WebhookMembers change, CallPurpose purpose, CancellationToken cancellationToken) =>
        SendAsync(
            HttpMethod.Patch,
            "/whatsapp/webhooks/{id}",
            Path(Platform + "/whatsapp/webhooks", id),
            purpose,
            new WebhookBody(change),
            RequestBodyContext.Default.WebhookBody,
            _ => id,
            cancellationToken);

    /// <summary>Has a webhook's test delivery be sent. The answer's value is its id.</summary>
    internal Task<PlatformAnswer<string>> TestWebhookAsync(string id, CallPurpose purpose, CancellationToken cancellationToken) =>
        SendAsync(
            HttpMethod.Post,
            "/whatsapp/webhooks/{id}/test",
            Path(Platform + "/whatsapp/webhooks", id, "test"),
            purpose,
            new WebhookTestBody(Connections.Webhooks.WebhookEvents.Created),
            RequestBodyContext.Default.WebhookTestBody,
            _ => id,
            cancellationToken);
}
