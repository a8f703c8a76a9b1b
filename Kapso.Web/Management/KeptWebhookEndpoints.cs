using Kapso.Platform.Reconciling;
using Kapso.Platform.Settings;
using Kapso.Web.Audit;
using Kapso.Web.Http;
using Kapso.Web.Projects;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Kapso.Web.Management;

/// <summary>A new secret of the webhook that the service keeps at the platform.</summary>
/// <param name="PreviousAcceptedUntil">Until when deliveries are accepted that were signed with the secret before.</param>
public sealed record RotatedWebhookView(DateTime PreviousAcceptedUntil);

/// <summary>What a test of the set-up found of one step.</summary>
/// <param name="Step">The step.</param>
/// <param name="State">Whether it holds.</param>
/// <param name="Detail">What was found, and what to do where it does not hold.</param>
public sealed record SetupFindingView(SetupStep Step, SetupState State, string Detail);

/// <summary>What a test of the set-up found.</summary>
/// <param name="Passed">Whether every step holds.</param>
/// <param name="Steps">The steps, in order; one that cannot be looked at before another one holds is not known.</param>
public sealed record SetupTestView(bool Passed, IReadOnlyList<SetupFindingView> Steps)
{
    internal static SetupTestView Of(IReadOnlyList<SetupFinding> found) => new(
        found.All(static finding => finding.State == SetupState.Holds),
        [.. found.Select(static finding => new SetupFindingView(finding.Step, finding.State, finding.Detail))]);
}

/// <summary>The project's webhook at the platform: tested, and, where the service keeps it, its secret.</summary>
internal static class KeptWebhookEndpoints
{
    /// <summary>What is said where there is none.</summary>
    public const string NotKept = "The service keeps no webhook for this project: set Kapso:Projects:N:Webhook to managed, and look at the alarms where it is.";

    /// <summary>Maps it below the project.</summary>
    public static void MapKeptWebhook(this IEndpointRouteBuilder project)
    {
        project.MapPost("/webhook/test", TestAsync)
            .WithName("testSetup")
            .Audited(AuditActions.TestSetup)
            .WithSummary("Has the platform send its test delivery, waits for it for 15 seconds at most, and says which steps of the set-up hold");
        project.MapPost("/webhook/rotate", RotateAsync)
            .WithName("rotateWebhookSecret")
            .Audited(AuditActions.RotateWebhook)
            .WithSummary("Gives the webhook that the service keeps a new secret, here and at the platform; the one before is accepted for 10 more minutes")
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status502BadGateway)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<Ok<SetupTestView>> TestAsync(
        [FromRoute(Name = "project_id")] string projectId,
        HttpRequest request,
        [FromServices] SetupTest test,
        [FromServices] IOptions<KapsoOptions> options,
        CancellationToken cancellationToken) =>
        TypedResults.Ok(SetupTestView.Of(await test.RunAsync(projectId, new Uri(options.Value.OriginOf(request)), cancellationToken)));

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
