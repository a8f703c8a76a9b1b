using Kapso.Platform.Reconciling;
using Kapso.Web.Access;
using Kapso.Web.Audit;
using Kapso.Web.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Kapso.Web.Management;

/// <summary>How everything is to be compared with the platform.</summary>
/// <param name="AcceptGone">
/// Whether the numbers of the alarm <c>many_gone</c> are really gone: the pass that is asked for marks them, as many as the alarm
/// spoke of.
/// </param>
public sealed record ReconcileRequest(bool AcceptGone = false);

/// <summary>What was missed is looked for: where that stands, and now.</summary>
internal static class ReconciliationEndpoints
{
    /// <summary>What the audit says of a pass that marks numbers gone.</summary>
    public const string AcceptGone = "accept_gone";

    /// <summary>What is said to whoever accepts an alarm that is not raised.</summary>
    public const string NothingToAccept =
        "No alarm of many numbers gone waits to be accepted: it is not raised (any more), or the pass that it was accepted for runs already.";

    /// <summary>What is said to whoever accepts a store that took no other one's place.</summary>
    public const string NoStoreToAccept = "No store waits to be accepted: none took another one's place, or it is accepted already.";

    /// <summary>Maps them below the project.</summary>
    public static void MapReconciliation(this IEndpointRouteBuilder project)
    {
        project.MapGet("/reconciliation", ReadAsync)
            .WithName("getReconciliation")
            .WithSummary("Where the project's reconciliation stands: the running pass, the last one, what needs a person");
        project.MapPost("/reconcile", WantAsync)
            .WithName("reconcile")
            .Audited(AuditActions.RunReconciliation)
            .WithSummary("Has everything compared with the platform; while a full pass runs, that is the one. With accept_gone, the next pass marks the numbers of the alarm many_gone")
            .Accepts<ReconcileRequest>(isOptional: true, "application/json")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status409Conflict);
        project.MapPost("/reconciliation/accept-store", AcceptStoreAsync)
            .WithName("acceptStore")
            .Audited(AuditActions.AcceptStore)
            .WithSummary("Accepts the store that took another one's place (alarm store_replaced): numbers learned from the platform's API are greeted as ever from now on")
            .ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static async Task<Ok<ReconciliationView>> ReadAsync(
        [FromRoute(Name = "project_id")] string projectId, IConnectionEngine engine, CancellationToken cancellationToken) =>
        TypedResults.Ok(ReconciliationView.Of(await engine.ReadReconciliationAsync(projectId, cancellationToken)));

    private static async Task<Results<Ok<ReconciliationView>, ProblemHttpResult>> AcceptStoreAsync(
        [FromRoute(Name = "project_id")] string projectId,
        HttpContext context,
        [FromServices] ReconciliationService reconciliation,
        CancellationToken cancellationToken)
    {
        if (!reconciliation.Serves(projectId))
            return Problems.Conflict(PlatformProblems.NoApiKey);
        return await reconciliation.AcceptStoreAsync(projectId, ManagementGuard.KeyOf(context).By.Name, cancellationToken) is { } accepted
            ? TypedResults.Ok(ReconciliationView.Of(accepted))
            : Problems.Conflict(NoStoreToAccept);
    }

    private static async Task<Results<Accepted<ReconciliationView>, ProblemHttpResult>> WantAsync(
        [FromRoute(Name = "project_id")] string projectId,
        HttpRequest request,
        [FromServices] ReconciliationService reconciliation,
        CancellationToken cancellationToken)
    {
        var (asked, wrong) = await JsonBody.ReadAsync(
            request, new ReconcileRequest(), "the optional boolean accept_gone", cancellationToken);
        if (asked is null)
            return Problems.BadRequest(wrong!);
        if (asked.AcceptGone)
            request.HttpContext.NoteAct(detail: AcceptGone);
        if (!reconciliation.Serves(projectId))
            return Problems.Conflict(PlatformProblems.NoApiKey);
        var by = ManagementGuard.KeyOf(request.HttpContext).By.Name;
        var wanted = asked.AcceptGone
            ? await reconciliation.AcceptGoneAsync(projectId, by, cancellationToken)
            : await reconciliation.WantFullAsync(projectId, by, cancellationToken);
        return wanted is not null
            ? TypedResults.Accepted((string?)null, ReconciliationView.Of(wanted))
            : Problems.Conflict(NothingToAccept);
    }
}
