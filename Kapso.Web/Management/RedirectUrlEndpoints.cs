using Kapso.Connections.Redirects;
using Kapso.Platform.Settings;
using Kapso.Web.Audit;
using Kapso.Web.Customers.Redirects;
using Kapso.Web.Http;
using Kapso.Web.Projects;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Kapso.Web.Management;

/// <summary>What a pair of redirect URLs is for; all of it can be left out.</summary>
/// <param name="SetupLinkId">The platform's id of the setup link, where it is known already.</param>
/// <param name="ReturnUrl">Where the browser goes instead of our pages: https, with a host that is allowed.</param>
public sealed record RedirectUrlsRequest(string? SetupLinkId = null, string? ReturnUrl = null);

/// <summary>A pair of redirect URLs. Whoever has them sees the customer's page: keep them out of logs.</summary>
/// <param name="Id">Our name for the setup link.</param>
/// <param name="SetupLinkId">The platform's id of the setup link.</param>
/// <param name="SuccessRedirectUrl">For the setup link's <c>success_redirect_url</c>.</param>
/// <param name="FailureRedirectUrl">For the setup link's <c>failure_redirect_url</c>.</param>
public sealed record RedirectUrlsView(string Id, string? SetupLinkId, string SuccessRedirectUrl, string FailureRedirectUrl);

/// <summary>Redirect URLs for setup links that are made elsewhere.</summary>
internal static class RedirectUrlEndpoints
{
    /// <summary>Maps them below the project.</summary>
    public static void MapRedirectUrls(this IEndpointRouteBuilder project) =>
        project.MapPost("/customers/{customer_id}/redirect_urls", CreateAsync)
            .WithName("createRedirectUrls")
            .Audited(AuditActions.MakeRedirectUrls, "customer_id")
            .WithSummary("A pair of redirect URLs with a state, for a setup link made elsewhere")
            .Accepts<RedirectUrlsRequest>(isOptional: true, "application/json")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<Results<Created<RedirectUrlsView>, ProblemHttpResult>> CreateAsync(
        [FromRoute(Name = "project_id")] string projectId,
        [FromRoute(Name = "customer_id")] string customerId,
        HttpRequest request,
        IConnectionEngine engine,
        ReturnUrls returnUrls,
        IOptions<KapsoOptions> options,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (!CustomerKey.TryCreate(projectId, customerId, out var key))
            return Problems.BadCustomer();
        var (wanted, wrong) = await JsonBody.ReadAsync(
            request, new RedirectUrlsRequest(), "the optional strings setup_link_id and return_url", cancellationToken);
        if (wanted is null)
            return Problems.BadRequest(wrong!);
        if (wanted.SetupLinkId is not null && !BoundedId.IsValid(wanted.SetupLinkId))
            return Problems.BadRequest("setup_link_id must have 1 to 128 characters, none of them a control character, and no blank at its ends.");
        if (wanted.ReturnUrl is not null && !returnUrls.TryAccept(wanted.ReturnUrl, out _))
            return Problems.BadRequest(ReturnUrls.Expected);

        if (wanted.SetupLinkId is { } known
            && await engine.FindByLinkAsync(projectId, known, cancellationToken) is { } owner && owner != key)
        {
            return Problems.Conflict("This setup link belongs to another customer.");
        }

        var link = new SetupLink
        {
            Id = SetupLink.NewId(time.GetUtcNow()),
            PlatformId = wanted.SetupLinkId,
            State = States.Create(),
            CreatedAt = time.GetUtcNow(),
            ReturnUrl = wanted.ReturnUrl,
        };
        request.HttpContext.NoteAct(target: link.Id);
        await engine.AddLinkAsync(key, link, cancellationToken);

        var origin = options.Value.OriginOf(request);
        return TypedResults.Created(
            (string?)null,
            new RedirectUrlsView(
                link.Id,
                link.PlatformId,
                $"{origin}{RedirectPaths.Success}/{link.State}",
                $"{origin}{RedirectPaths.Failure}/{link.State}"));
    }
}
