using Kapso.Web.Audit;
using Kapso.Web.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Kapso.Web.Management;

/// <summary>What people and keys did.</summary>
internal static class AuditEndpoints
{
    /// <summary>Maps it below the project.</summary>
    public static void MapAudit(this IEndpointRouteBuilder project)
    {
        project.MapGet("/audit", ListAsync)
            .WithName("listAudit")
            .WithSummary("What people and keys did in the project, and what is of no project, newest first. A page can have fewer lines than its limit, or none, and go on")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        project.MapGet("/audit/export", ExportAsync)
            .WithName("exportAudit")
            .WithSummary("All of that, as JSON lines or as CSV")
            .Audited(AuditActions.ExportAudit, "customer")
            .Produces<string>(StatusCodes.Status200OK, "application/jsonl", "text/csv")
            .ProducesProblem(StatusCodes.Status400BadRequest);
    }

    private static async Task<Results<Ok<ListView<AuditLineView>>, ProblemHttpResult>> ListAsync(
        [FromRoute(Name = "project_id")] string projectId,
        [AsParameters] AuditParameters parameters,
        string? cursor,
        string? limit,
        IConnectionEngine engine,
        CancellationToken cancellationToken)
    {
        var wrong = ListParameters.ReadLimit(limit, out var rows) ?? ListParameters.CheckCursor(cursor);
        wrong = parameters.Read(projectId, cursor, rows, out var query) ?? wrong;
        if (wrong is not null)
            return Problems.BadRequest(wrong);

        var page = await engine.ListAuditAsync(query, cancellationToken);
        return TypedResults.Ok(ListView.Of(page, AuditLineView.Of));
    }

    private static async Task<IResult> ExportAsync(
        [FromRoute(Name = "project_id")] string projectId,
        [AsParameters] AuditParameters parameters,
        string? format,
        HttpContext context,
        IConnectionEngine engine,
        CancellationToken cancellationToken)
    {
        var wrong = ListParameters.ReadName("format", format, out var wanted, Enum.GetValues<AuditFormat>());
        wrong = parameters.Read(projectId, null, ListParameters.MaxLimit, out var query) ?? wrong;
        if (wrong is not null)
            return Problems.BadRequest(wrong);

        await AuditExport.WriteAsync(context, engine, query, wanted ?? AuditFormat.Jsonl, cancellationToken);
        return Results.Empty;
    }
}
