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
}
