using Kapso.Engines.Budget;
namespace Kapso.Platform.Api;

public sealed partial class PlatformClient
{
    private const string SetupLinks = "setup_links";

    /// <summary>
    /// Creates a setup link, <b>which revokes the customer's previous one</b>. After <see cref="PlatformOutcome.Unknown"/>,
    /// look for the link that carries the state of the request's redirect URLs with <see cref="ListSetupLinksAsync"/>
    /// before anything is created again.
    /// </summary>
    public Task<PlatformAnswer<PlatformSetupLink>> CreateSetupLinkAsync(
        string customerId, SetupLinkRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return SendAsync(
            HttpMethod.Post,
            "/customers/{id}/setup_links",
            Path(Platform, Customers, customerId, SetupLinks),
            CallPurpose.Management,
            request.ToBody(),
            RequestBodyContext.Default.SetupLinkBody,
            Data(PlatformSetupLink.Read),
            cancellationToken);
    }

    /// <summary>Lists a customer's setup links, newest first.</summary>
    /// <param name="customerId">The platform's customer.</param>
    /// <param name="status">Asks for links of this status only; null for all.</param>
    /// <param name="page">Null for the first page, then <see cref="PlatformPage{T}.Next"/>.</param>
    /// <param name="purpose">What it is made for.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<PlatformAnswer<PlatformPage<PlatformSetupLink>>> ListSetupLinksAsync(
        string customerId, string? status, string? page, CallPurpose purpose, CancellationToken cancellationToken) =>
        GetAsync(
            "/customers/{id}/setup_links",
            WithQuery(Path(Platform, Customers, customerId, SetupLinks), ("status", status), ("page", page), ("per_page", Number(PageSize))),
            purpose,
            body => PlatformPage<PlatformSetupLink>.Read(body, PlatformSetupLink.Read),
            cancellationToken);

    /// <summary>Revokes a setup link. Revoking it again is the same.</summary>
    public Task<PlatformAnswer<PlatformSetupLink>> RevokeSetupLinkAsync(
        string customerId, string setupLinkId, CancellationToken cancellationToken) =>
        ChangeSetupLinkAsync(customerId, setupLinkId, new(new("revoked", ExpiresAt: null)), cancellationToken);

    /// <summary>Sets the end of a setup link.</summary>
    public Task<PlatformAnswer<PlatformSetupLink>> ExtendSetupLinkAsync(
        string customerId, string setupLinkId, DateTimeOffset expiresAt, CancellationToken cancellationToken) =>
        ChangeSetupLinkAsync(customerId, setupLinkId, new(new(Status: null, expiresAt.ToUniversalTime())), cancellationToken);

    private Task<PlatformAnswer<PlatformSetupLink>> ChangeSetupLinkAsync(
        string customerId, string setupLinkId, SetupLinkChangeBody body, CancellationToken cancellationToken) =>
        SendAsync(
            HttpMethod.Patch,
            "/customers/{id}/setup_links/{link}",
            Path(Platform, Customers, customerId, SetupLinks, setupLinkId),
            CallPurpose.Management,
            body,
            RequestBodyContext.Default.SetupLinkChangeBody,
            Data(PlatformSetupLink.Read),
            cancellationToken);
}
