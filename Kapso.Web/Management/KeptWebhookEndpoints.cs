using Kapso.Platform.Reconciling;
using Kapso.Web.Audit;
using Kapso.Web.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Kapso.Web.Management;

/// <summary>A new secret of the webhook that the service keeps at the platform.</summary>
/// <param name="PreviousAcceptedUntil">Until when deliveries are accepted that were signed with the secret before.</param>
public sealed record RotatedWebhookView(DateTime PreviousAcceptedUntil);

/// <summary>The webhook that the service keeps at the platform.</summary>
internal static class KeptWebhookEndpoints
{
    /// <summary>What is said where there is none.</summary>
    public const string NotKept = "The service keeps no webhook for this project: set Kapso:Projects:N:Webhook to managed, and look at the alarms where it is.";

    /// <summary>Maps it below the project.</summary>
    public static void MapKeptWebhook(this IEndpointRouteBuilder project) => project.MapPost("/webhook/rotate", RotateAsync)
        .WithName("rotateWebhookSecret")
        .Audited(AuditActions.RotateWebhook)
        .WithSummary("Gives the webhook that the service keeps a new secret, here and at the platform; the one before is accepted for 10 more minutes")
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status502BadGateway)
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<Results<Ok<RotatedWebhookView>, ProblemHttpResult>> RotateAsync(
        [FromRoute(Name = "project_id")] string projectId,
        HttpResponse response,
        [FromServices] ReconciliationService reconciliation,
        CancellationToken cancellationToken)
    {
        var (until, answer) = await reconciliation.RotateWebhookAsync(projectId, cancellationToken);
        return answer switch
        {
            null => Problems.Conflict(NotKept),
            { IsDone: true } => TypedResults.Ok(new RotatedWebhookView(until.UtcDateTime)),
            _ => PlatformProblems.OfRotation(answer, response),
        };
    }
}
