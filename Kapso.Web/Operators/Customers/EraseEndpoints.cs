using Kapso.Platform.Customers;
using Kapso.Web.Access;
using Kapso.Web.Audit;
using Kapso.Web.Management;
using Kapso.Web.Operators.Parts;
using Kapso.Web.Operators.SignIn;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Kapso.Web.Operators.Customers;

/// <summary>Erasing a customer: asked on a page of its own, and once more by having the customer's id written.</summary>
internal static class EraseEndpoints
{
    /// <summary>The last part of the address.</summary>
    public const string Erase = "erase";

    /// <summary>Maps them below the project.</summary>
    public static void MapErasing(this IEndpointRouteBuilder project)
    {
        project.MapGet($"/customer/{Erase}", AskAsync).AsksFor(AuditActions.EraseCustomer);
        project.MapPost($"/customer/{Erase}", EraseAsync).Audited(AuditActions.EraseCustomer, "id");
    }

    private static async Task<IResult> AskAsync(HttpContext context, IConnectionEngine engine) =>
        CustomerRoutes.TryReadKey(context, out var key)
            ? await ShowAsync(context, engine, key, atPlatform: false, wrong: null)
            : OperatorPages.NotFound(context, CustomerRoutes.Unknown);

    private static async Task<IResult> ShowAsync(HttpContext context, IConnectionEngine engine, CustomerKey key, bool atPlatform, string? wrong)
    {
        var view = OperatorView.Of(context);
        var connection = await engine.FindAsync(key, context.RequestAborted);
        return OperatorPages.Show<ErasePage>(
            context,
            new
            {
                View = view,
                key.CustomerId,
                connection?.Names,
                Held = connection is null ? null : ErasedCounts.Of(connection),
                AtPlatform = atPlatform,
                Wrong = wrong,
            },
            wrong is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest);
    }

    private static async Task<IResult> EraseAsync(HttpContext context, IConnectionEngine engine, [FromServices] CustomerErasures erasures)
    {
        if (!CustomerRoutes.TryReadKey(context, out var key))
            return OperatorPages.NotFound(context, CustomerRoutes.Unknown);
        var form = await FormGuard.ReadAsync(context);
        var atPlatform = form["platform"] == "true";
        if (form["confirm"].ToString().Trim() != key.CustomerId)
            return await ShowAsync(context, engine, key, atPlatform, "This is not the customer's id. Nothing was erased.");

        var result = await erasures.EraseAsync(key, atPlatform, context.RequestAborted);
        return result.Erasure is null
            ? LinkEndpoints.NotDone(context, PlatformProblems.Of(result, context.Response), "The customer was not erased")
            : Onward.To(context, new OperatorUrls("", key.ProjectId).Customer(key.CustomerId));
    }
}
