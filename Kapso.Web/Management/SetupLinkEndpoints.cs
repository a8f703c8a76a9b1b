using Kapso.Engines.Budget;
using Kapso.Platform.Api;
using Kapso.Platform.Links;
using Kapso.Web.Access;
using Kapso.Web.Audit;
using Kapso.Web.Customers.Redirects;
using Kapso.Web.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Kapso.Web.Management;

/// <summary>Setup links: issued, listed, registered, revoked.</summary>
internal static class SetupLinkEndpoints
{
    private const string Route = "/customers/{customer_id}/setup_links";

    private const string BadLink = "The setup link's id must have 1 to 128 characters, none of them a control character, and no blank at its ends.";

    /// <summary>Maps them below the project.</summary>
    public static void MapSetupLinks(this IEndpointRouteBuilder project)
    {
        var links = project.MapGroup(Route).ProducesProblem(StatusCodes.Status400BadRequest);
        links.MapPost("", CreateAsync)
            .WithName("createSetupLink")
            .Audited(AuditActions.IssueLink, "customer_id")
            .WithSummary("Issues a setup link. 200 and the link that is there: asked for with the same Idempotency-Key, or still usable and not to be replaced")
            .Accepts<CreateSetupLinkRequest>(isOptional: true, "application/json")
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status502BadGateway);
        links.MapGet("", ListAsync)
            .WithName("listSetupLinks")
            .WithSummary("The customer's setup links, newest first, as the platform tells of them now");
        links.MapPost("/{id}/revoke", RevokeAsync)
            .WithName("revokeSetupLink")
            .Audited(AuditActions.RevokeLink, "customer_id", "id")
            .WithSummary("Revokes a setup link, by our name for it or the platform's")
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status502BadGateway);
        links.MapPut("/{id}", RegisterAsync)
            .WithName("registerSetupLink")
            .Audited(AuditActions.RegisterLink, "customer_id", "id")
            .WithSummary("Makes a setup link known that was made elsewhere, by the platform's id")
            .Accepts<RegisterSetupLinkRequest>(isOptional: true, "application/json")
            .ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static async Task<Results<Created<UsableLinkView>, Ok<UsableLinkView>, ProblemHttpResult>> CreateAsync(
        [FromRoute(Name = "project_id")] string projectId,
        [FromRoute(Name = "customer_id")] string customerId,
        [AsParameters] LinkAsk ask,
        IConnectionEngine engine,
        SetupLinks links,
        CancellationToken cancellationToken)
    {
        if (!CustomerKey.TryCreate(projectId, customerId, out var key))
            return Problems.BadCustomer();
        var (wanted, wrong) = await ask.ReadAsync(new CreateSetupLinkRequest(), CreateSetupLinkRequest.Members, cancellationToken);
        if (wanted is null)
            return Problems.BadRequest(wrong!);
        string? phone = null;
        if (wanted.ContactPhone is not null && !ContactPhones.TryNormalize(wanted.ContactPhone, out phone))
            return Problems.BadRequest(PlatformCustomerEndpoints.BadPhone);
        if (wanted.ReadCustomer(out var change) is { } objection)
            return Problems.BadRequest(objection);

        if (!change.IsEmpty && (await engine.ChangeCustomerAsync(key, change, by: null, cancellationToken)).Outcome == Outcome.Full)
            return Problems.Conflict(CustomerMembers.TooMany);
        if (phone is not null)
        {
            await engine.SetContactPhoneAsync(key, phone, cancellationToken);
            ask.Request.HttpContext.NoteAct(detail: PlatformCustomerEndpoints.PhoneSet);
        }

        var result = await links.IssueAsync(ask.OrderOf(key, wanted), cancellationToken);
        ask.Request.HttpContext.NoteAct(target: result.Link?.Id);
        return ask.Answer(result);
    }

    private static async Task<Results<Ok<UsableLinkListView>, ProblemHttpResult>> ListAsync(
        [FromRoute(Name = "project_id")] string projectId,
        [FromRoute(Name = "customer_id")] string customerId,
        HttpContext context,
        IConnectionEngine engine,
        LinkCheck check,
        CancellationToken cancellationToken)
    {
        if (!CustomerKey.TryCreate(projectId, customerId, out var key))
            return Problems.BadCustomer();
        if (await engine.FindAsync(key, cancellationToken) is null)
            return Problems.NotFound("Nothing was ever heard of this customer.");
        var result = await check.CheckAsync(key, CallPurpose.Management, cancellationToken);
        var connection = await engine.FindAsync(key, cancellationToken);
        var bearer = ManagementGuard.KeyOf(context);
        return TypedResults.Ok(new UsableLinkListView(
            [.. connection!.SetupLinks.Reverse().Select(link => UsableLinkView.For(bearer, link))],
            result.Outcome == PlatformOutcome.Done ? null : result.Error));
    }

    private static async Task<Results<Ok<SetupLinkView>, ProblemHttpResult>> RevokeAsync(
        [FromRoute(Name = "project_id")] string projectId,
        [FromRoute(Name = "customer_id")] string customerId,
        string id,
        HttpResponse response,
        SetupLinks links,
        CancellationToken cancellationToken)
    {
        if (!CustomerKey.TryCreate(projectId, customerId, out var key))
            return Problems.BadCustomer();
        return await links.RevokeAsync(key, id, cancellationToken) switch
        {
            null => Problems.NotFound("This customer has no such setup link."),
            { End: LinkOrderEnd.Found, Link: { } link } => TypedResults.Ok(SetupLinkView.Of(link)),
            var result => PlatformProblems.OfRevocation(result, response),
        };
    }

    private static async Task<Results<Ok<SetupLinkView>, ProblemHttpResult>> RegisterAsync(
        [FromRoute(Name = "project_id")] string projectId,
        [FromRoute(Name = "customer_id")] string customerId,
        string id,
        HttpRequest request,
        SetupLinks links,
        ReturnUrls returnUrls,
        CancellationToken cancellationToken)
    {
        if (!CustomerKey.TryCreate(projectId, customerId, out var key))
            return Problems.BadCustomer();
        if (!BoundedId.IsValid(id))
            return Problems.BadRequest(BadLink);
        var (wanted, wrong) = await JsonBody.ReadAsync(
            request, new RegisterSetupLinkRequest(), "the optional string return_url", cancellationToken);
        if (wanted is null)
            return Problems.BadRequest(wrong!);
        if (wanted.ReturnUrl is not null && !returnUrls.TryAccept(wanted.ReturnUrl, out _))
            return Problems.BadRequest(ReturnUrls.Expected);
        return await links.RegisterAsync(key, id, wanted.ReturnUrl, cancellationToken) is { } link
            ? TypedResults.Ok(SetupLinkView.Of(link))
            : Problems.Conflict("This setup link belongs to another customer.");
    }
}
