using Kapso.Web.Access;
using Kapso.Web.Audit;
using Kapso.Web.Management;
using Kapso.Web.Operators.Customers;
using Kapso.Web.Operators.Parts;
using Kapso.Web.Operators.SignIn;
using Kapso.Web.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kapso.Web.Operators.Parking;

/// <summary>Parked deliveries: looked at, replayed, discarded.</summary>
internal static class ParkingEndpoints
{
    private const string NotKept = "No such delivery is parked (any more).";

    /// <summary>Maps them below the project.</summary>
    public static void MapParking(this IEndpointRouteBuilder project)
    {
        project.MapGet("/parked", ListAsync);
        project.MapGet("/parked/delivery", ShowAsync);
        foreach (var action in ParkedAct.All)
        {
            project.MapGet($"/parked/{action.Name}", (HttpContext context, IConnectionEngine engine) => AskAsync(context, engine, action))
                .AsksFor(AuditActions.ReplayParked);
        }

        project.MapPost($"/parked/{ParkedAct.Replay.Name}", ReplayAsync).Audited(AuditActions.ReplayParked, target: "id");
        project.MapPost($"/parked/{ParkedAct.Discard.Name}", DiscardAsync).Audited(AuditActions.DiscardParked, target: "id");
    }

    private static async Task<IResult> ListAsync(
        HttpContext context, string? cursor, IConnectionEngine engine, CancellationToken cancellationToken)
    {
        if (ListParameters.CheckCursor(cursor) is { } wrong)
            return OperatorPages.Problem(context, "This address is wrong", wrong, StatusCodes.Status400BadRequest);
        var view = OperatorView.Of(context);
        var page = await engine.ListParkedAsync(view.Project!.Id, cursor, CustomerRoutes.PageSize, cancellationToken);
        return OperatorPages.Show<ParkedPage>(context, new { View = view, Rows = page, Cursor = cursor });
    }

    private static async Task<IResult> ShowAsync(HttpContext context, string? notice, IConnectionEngine engine) =>
        await FindAsync(context, engine) is { } parked
            ? OperatorPages.Show<ParkedDeliveryPage>(
                context, new { View = OperatorView.Of(context), Delivery = parked, Notice = ParkedAct.SayDone(notice) })
            : OperatorPages.NotFound(context, NotKept);

    private static async Task<IResult> AskAsync(HttpContext context, IConnectionEngine engine, ParkedAct action) =>
        await FindAsync(context, engine) is { Status: ParkedStatus.Waiting } parked
            ? OperatorPages.Show<ParkedActPage>(
                context, new { View = OperatorView.Of(context), Delivery = parked, Act = action })
            : OperatorPages.NotFound(context, NotKept);

    private static async Task<IResult> ReplayAsync(HttpContext context, IConnectionEngine engine, ParkedReplayer replayer)
    {
        if (await FindAsync(context, engine) is not { } parked)
            return OperatorPages.NotFound(context, NotKept);

        var (result, detail) = await replayer.ReplayAsync(
            parked, Source.Operator, SignedIn.Of(context).Name, context.RequestAborted);
        return result switch
        {
            ReplayResult.Replayed => Done(context, parked, ParkedAct.Replay),
            ReplayResult.Unavailable => throw new EngineUnavailableException("The replay was not answered in time."),
            _ => NotDone(context, detail ?? NotKept),
        };
    }

    private static async Task<IResult> DiscardAsync(HttpContext context, IConnectionEngine engine, ParkedReplayer replayer)
    {
        if (await FindAsync(context, engine) is not { } parked
            || await replayer.DiscardAsync(parked, SignedIn.Of(context).Name, context.RequestAborted) is not { } discarded)
        {
            return OperatorPages.NotFound(context, NotKept);
        }

        return discarded.Status == ParkedStatus.Discarded
            ? Done(context, parked, ParkedAct.Discard)
            : NotDone(context, "It was replayed before.");
    }

    private static IResult Done(HttpContext context, ParkedDelivery parked, ParkedAct action) =>
        Onward.To(context, new OperatorUrls("", parked.ProjectId).ParkedDelivery(parked.Id, action.Name));

    private static IResult NotDone(HttpContext context, string why) =>
        OperatorPages.Problem(context, "Nothing was done", why, StatusCodes.Status409Conflict);

    private static async Task<ParkedDelivery?> FindAsync(HttpContext context, IConnectionEngine engine)
    {
        var id = context.Request.Query["id"].ToString();
        return BoundedId.IsValid(id)
            ? await engine.FindParkedAsync((string)context.Request.RouteValues["project_id"]!, id, context.RequestAborted)
            : null;
    }
}
