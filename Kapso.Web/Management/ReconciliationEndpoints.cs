using Kapso.Connections.Engine;
using Kapso.Platform.Reconciling;
using Kapso.Web.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Kapso.Web.Management;

/// <summary>What was missed is looked for: where that stands, and now.</summary>
internal static class ReconciliationEndpoints
{
    /// <summary>Who asks here, as far as anybody knows.</summary>
    private const string By = "management key";

    /// <summary>Maps them below the project.</summary>
    public static void MapReconciliation(this IEndpointRouteBuilder project)
    {
        project.MapGet("/reconciliation", ReadAsync)
            .WithName("getReconciliation")
            .WithSummary("Where the project's reconciliation stands: the running pass, the last one, what needs a person");
        project.MapPost("/reconcile", WantAsync)
            .WithName("reconcile")
            .WithSummary("Has everything compared with the platform; while a full pass runs, that is the one")
            .ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static async Task<Ok<ReconciliationView>> ReadAsync(
        [FromRoute(Name = "project_id")] string projectId, IConnectionEngine engine, CancellationToken cancellationToken) =>
        TypedResults.Ok(ReconciliationView.Of(await engine.ReadReconciliationAsync(projectId, cancellationToken)));

    private static async Task<Results<Accepted<ReconciliationView>, ProblemHttpResult>> WantAsync(
        [FromRoute(Name = "project_id")] string projectId,
        [FromServices] ReconciliationService reconciliation,
        CancellationToken cancellationToken) =>
        await reconciliation.WantFullAsync(projectId, By, cancellationToken) is { } wanted
            ? TypedResults.Accepted((string?)null, ReconciliationView.Of(wanted))
            : Problems.Conflict(PlatformProblems.NoApiKey);
}
