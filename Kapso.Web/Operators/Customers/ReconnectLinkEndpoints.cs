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
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Kapso.Web.Operators.Customers;

/// <summary>Having a number connected again that has gone.</summary>
internal static class ReconnectLinkEndpoints
{
    /// <summary>The last part of the address, and the name of what was done.</summary>
    public const string Reconnect = "reconnect";

    private const int KeyBytes = 16;
    private const string Unknown = "The customer has no such number that could be connected again (any more).";

    /// <summary>Maps them below the project.</summary>
    public static void MapReconnecting(this IEndpointRouteBuilder project)
    {
        project.MapGet($"/customer/{Reconnect}", AskAsync).AsksFor(AuditActions.ReconnectLink);
        project.MapPost($"/customer/{Reconnect}", ReconnectAsync).Audited(AuditActions.ReconnectLink, "id", "number");
    }

    /// <summary>What to say afterwards; null for a name of something else.</summary>
    public static string? SayDone(string? name) =>
        name == Reconnect ? "The link that connects the number again is ready. Copy it below and send it to the customer." : null;

    private static async Task<IResult> AskAsync(HttpContext context, IConnectionEngine engine, TimeProvider time) =>
        CustomerRoutes.TryReadKey(context, out var key)
        && await engine.FindAsync(key, context.RequestAborted) is { } connection
        && connection.FindNumber(context.Request.Query["number"].ToString()) is { } number && connection.IsReconnectable(number)
            ? OperatorPages.Show<ReconnectPage>(context, new
            {
                View = OperatorView.Of(context),
                key.CustomerId,
                connection.Names,
                Number = number,
                Usable = connection.FindUsableLink(time.GetUtcNow()),
                IdempotencyKey = RandomNumberGenerator.GetHexString(2 * KeyBytes, lowercase: true),
            })
            : OperatorPages.NotFound(context, Unknown);

    private static async Task<IResult> ReconnectAsync(
        HttpContext context, IConnectionEngine engine, [FromServices] SetupLinks links, IOptions<KapsoOptions> options, TimeProvider time)
    {
        var form = await FormGuard.ReadAsync(context);
        var (number, idempotencyKey) = (context.Request.Query["number"].ToString(), form["idempotency_key"].ToString());
        if (!CustomerRoutes.TryReadKey(context, out var key) || !BoundedId.IsValid(number) || !BoundedId.IsValid(idempotencyKey))
            return OperatorPages.NotFound(context, Unknown);

        var result = await links.ReconnectAsync(
            new LinkOrder(
                key, new SetupLinkRequest { Language = PageLanguages.Find(form["language"]) }, ReturnUrl: null,
                Replace: form["replace"] == "yes", idempotencyKey, options.Value.OriginOf(context.Request))
            {
                Reconnects = number,
            },
            context.RequestAborted);
        if (result.End == LinkOrderEnd.NotGone)
        {
            return OperatorPages.Problem(
                context, "There is no new link", await ReconnectEndpoints.WhyNotAsync(engine, key, number, context.RequestAborted),
                StatusCodes.Status409Conflict);
        }

        if (result is not { End: LinkOrderEnd.Issued or LinkOrderEnd.Found, Link: { } link })
            return LinkEndpoints.NotDone(context, PlatformProblems.Of(result, context.Response), "There is no new link");
        await LinkEndpoints.NoteAsync(context, engine, time, key, link, "reconnect.asked_for");
        return Onward.To(context, new OperatorUrls("", key.ProjectId).Customer(key.CustomerId, Reconnect));
    }
}
