using System.Security.Cryptography;
using Kapso.Platform.Api;
using Kapso.Platform.Links;
using Kapso.Platform.Settings;
using Kapso.Web.Access;
using Kapso.Web.Audit;
using Kapso.Web.Customers;
using Kapso.Web.Management;
using Kapso.Web.Operators.Parts;
using Kapso.Web.Operators.SignIn;
using Kapso.Web.Projects;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Kapso.Web.Operators.Customers;

/// <summary>Setup links made and revoked by a person.</summary>
internal static class LinkEndpoints
{
    /// <summary>The name of making one in addresses.</summary>
    public const string Make = "link";

    /// <summary>The name of revoking one in addresses.</summary>
    public const string Revoke = "revoke";

    private const int KeyBytes = 16;
    /// <summary>What is said of an id that is none.</summary>
    public const string BadCustomer = "A customer's id has 1 to 128 characters, none of them a control character, and no blank at its ends.";

    /// <summary>Maps them below the project.</summary>
    public static void MapLinks(this IEndpointRouteBuilder project)
    {
        project.MapGet($"/customer/{Make}", AskToMakeAsync).AsksFor(AuditActions.IssueLink);
        project.MapPost($"/customer/{Make}", MakeAsync).Audited(AuditActions.IssueLink, "id");
        project.MapGet($"/customer/{Revoke}", AskToRevokeAsync).AsksFor(AuditActions.RevokeLink);
        project.MapPost($"/customer/{Revoke}", RevokeAsync).Audited(AuditActions.RevokeLink, "id", "link");
    }

    /// <summary>What is said after one of them was done; null for a name that is none.</summary>
    public static string? SayDone(string? name) => name switch
    {
        Make => "The setup link is ready. Copy it below and send it to the customer.",
        Revoke => "The setup link was revoked.",
        _ => null,
    };

    private static async Task<IResult> AskToMakeAsync(HttpContext context, IConnectionEngine engine, TimeProvider time)
    {
        if (!CustomerRoutes.TryReadKey(context, out var key))
            return OperatorPages.Problem(context, "No such customer", BadCustomer, StatusCodes.Status400BadRequest);
        var connection = await engine.FindAsync(key, context.RequestAborted);
        var usable = connection?.SetupLinks.Any(link => link.IsUsable(time.GetUtcNow())) == true;
        return OperatorPages.Show<NewLinkPage>(context, new
        {
            View = OperatorView.Of(context),
            key.CustomerId,
            connection?.Names,
            Replaces = usable,
            IdempotencyKey = RandomNumberGenerator.GetHexString(2 * KeyBytes, lowercase: true),
        });
    }

    private static async Task<IResult> MakeAsync(
        HttpContext context, IConnectionEngine engine, [FromServices] SetupLinks links, IOptions<KapsoOptions> options, TimeProvider time)
    {
        var form = await FormGuard.ReadAsync(context);
        var idempotencyKey = form["idempotency_key"].ToString();
        if (!CustomerRoutes.TryReadKey(context, out var key) || !BoundedId.IsValid(idempotencyKey))
            return OperatorPages.Problem(context, "No such customer", BadCustomer, StatusCodes.Status400BadRequest);

        var result = await links.IssueAsync(
            new LinkOrder(
                key, new SetupLinkRequest { Language = PageLanguages.Find(form["language"]) }, ReturnUrl: null,
                Replace: form["replace"] == "yes", idempotencyKey, options.Value.OriginOf(context.Request)),
            context.RequestAborted);
        context.NoteAct(target: result.Link?.Id);
        if (result is not { End: LinkOrderEnd.Issued or LinkOrderEnd.Found, Link: { } link })
            return NotDone(context, PlatformProblems.Of(result, context.Response), "There is no new link");
        await NoteAsync(context, engine, time, key, link, "link.asked_for");
        return Onward.To(context, new OperatorUrls("", key.ProjectId).Customer(key.CustomerId, Make));
    }

    private static async Task<IResult> AskToRevokeAsync(HttpContext context, IConnectionEngine engine)
    {
        return CustomerRoutes.TryReadKey(context, out var key)
            && await engine.FindAsync(key, context.RequestAborted) is { } connection
            && connection.SetupLinks.FirstOrDefault(link => link.Id == context.Request.Query["link"]) is { IsOpen: true } link
                ? OperatorPages.Show<RevokeLinkPage>(
                    context, new { View = OperatorView.Of(context), key.CustomerId, connection.Names, Link = link })
                : OperatorPages.NotFound(context, "The customer has no such setup link that could be revoked (any more).");
    }

    private static async Task<IResult> RevokeAsync(
        HttpContext context, IConnectionEngine engine, [FromServices] SetupLinks links, TimeProvider time)
    {
        if (!CustomerRoutes.TryReadKey(context, out var key)
            || await links.RevokeAsync(key, context.Request.Query["link"].ToString(), context.RequestAborted) is not { } result)
            return OperatorPages.NotFound(context, "The customer has no such setup link.");
        if (result is not { End: LinkOrderEnd.Found, Link: { } link })
            return NotDone(context, PlatformProblems.OfRevocation(result, context.Response), "The link was not revoked");
        await NoteAsync(context, engine, time, key, link, "link.revoke_asked_for");
        return Onward.To(context, new OperatorUrls("", key.ProjectId).Customer(key.CustomerId, Revoke));
    }

    /// <summary>Says in the timeline who asked for what.</summary>
    public static Task NoteAsync(
        HttpContext context, IConnectionEngine engine, TimeProvider time, CustomerKey key, SetupLink link, string what) =>
        engine.NoteAsync(
            key,
            new TimelineEntry
            {
                At = time.GetUtcNow(),
                Source = Source.Operator,
                Event = what,
                Outcome = Outcome.Applied,
                DeliveryId = link.Id,
                By = SignedIn.Of(context).Name,
            },
            context.RequestAborted);

    /// <summary>What is said of an order that brought nothing, or nobody knows what.</summary>
    public static IResult NotDone(HttpContext context, ProblemHttpResult problem, string title) => OperatorPages.Problem(
        context,
        problem.StatusCode == StatusCodes.Status502BadGateway ? title + ", as far as is known" : title,
        problem.ProblemDetails.Detail!,
        problem.StatusCode);
}
