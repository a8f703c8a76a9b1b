using Kapso.Web.Audit;
using Kapso.Web.Http;
using Kapso.Web.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Kapso.Web.Management;

/// <summary>Parked deliveries: looked at, replayed, discarded.</summary>
internal static class ParkedEndpoints
{
    private const string NotKept = "No such delivery is parked (any more).";

    /// <summary>Maps them below the project.</summary>
    public static void MapParked(this IEndpointRouteBuilder project)
    {
        project.MapGet("/parked", ListAsync)
            .WithName("listParked")
            .WithSummary("Parked deliveries that wait, oldest first")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        project.MapGet("/parked/{id}", FindAsync)
            .WithName("getParked")
            .WithSummary("One parked delivery with its body");
        project.MapPost("/parked/{id}/replay", ReplayAsync)
            .WithName("replayParked")
            .Audited(AuditActions.ReplayParked, target: "id")
            .WithSummary("Folds a parked delivery in after all; asked again, answers the same")
            .ProducesProblem(StatusCodes.Status409Conflict);
        project.MapPost("/parked/{id}/discard", DiscardAsync)
            .WithName("discardParked")
            .Audited(AuditActions.DiscardParked, target: "id")
            .WithSummary("Discards a parked delivery; asked again, answers the same")
            .ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static async Task<Results<Ok<ListView<ParkedView>>, ProblemHttpResult>> ListAsync(
        [FromRoute(Name = "project_id")] string projectId,
        string? cursor,
        string? limit,
        IConnectionEngine engine,
        CancellationToken cancellationToken)
    {
        if ((ListParameters.ReadLimit(limit, out var rows) ?? ListParameters.CheckCursor(cursor)) is { } wrong)
            return Problems.BadRequest(wrong);

        var page = await engine.ListParkedAsync(projectId, cursor, rows, cancellationToken);
        return TypedResults.Ok(ListView.Of<ParkedHead, ParkedView>(page, ParkedView.Of));
    }

    private static async Task<Results<Ok<ParkedBodyView>, ProblemHttpResult>> FindAsync(
        [FromRoute(Name = "project_id")] string projectId,
        string id,
        IConnectionEngine engine,
        CancellationToken cancellationToken) =>
        await LookUpAsync(engine, projectId, id, cancellationToken) is { } parked
            ? TypedResults.Ok(ParkedBodyView.Of(parked))
            : Problems.NotFound(NotKept);

    private static async Task<Results<Ok<ParkedView>, ProblemHttpResult>> ReplayAsync(
        [FromRoute(Name = "project_id")] string projectId,
        string id,
        IConnectionEngine engine,
        ParkedReplayer replayer,
        CancellationToken cancellationToken)
    {
        if (await LookUpAsync(engine, projectId, id, cancellationToken) is not { } parked)
            return Problems.NotFound(NotKept);

        var (result, detail) = await replayer.ReplayAsync(parked, Source.Operator, by: null, cancellationToken);
        return result switch
        {
            ReplayResult.Replayed => await ShowAsync(engine, projectId, id, cancellationToken),
            ReplayResult.Unavailable => throw new EngineUnavailableException("The replay was not answered in time."),
            _ => Problems.Conflict($"The delivery was not replayed. {detail}"),
        };
    }

    private static async Task<Results<Ok<ParkedView>, ProblemHttpResult>> DiscardAsync(
        [FromRoute(Name = "project_id")] string projectId,
        string id,
        IConnectionEngine engine,
        ParkedReplayer replayer,
        CancellationToken cancellationToken)
    {
        if (await LookUpAsync(engine, projectId, id, cancellationToken) is not { } parked
            || await replayer.DiscardAsync(parked, by: null, cancellationToken) is not { } discarded)
        {
            return Problems.NotFound(NotKept);
        }

        return discarded.Status == ParkedStatus.Discarded
            ? TypedResults.Ok(ParkedView.Of(discarded))
            : Problems.Conflict("The delivery was not discarded. It was replayed.");
    }

    private static async Task<Results<Ok<ParkedView>, ProblemHttpResult>> ShowAsync(
        IConnectionEngine engine, string projectId, string id, CancellationToken cancellationToken) =>
        await engine.FindParkedAsync(projectId, id, cancellationToken) is { } parked
            ? TypedResults.Ok(ParkedView.Of(parked))
            : Problems.NotFound(NotKept);

    private static async Task<ParkedDelivery?> LookUpAsync(
        IConnectionEngine engine, string projectId, string id, CancellationToken cancellationToken) =>
        BoundedId.IsValid(id) ? await engine.FindParkedAsync(projectId, id, cancellationToken) : null;
}
