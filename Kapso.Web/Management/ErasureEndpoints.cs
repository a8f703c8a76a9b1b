using Kapso.Platform.Customers;
using Kapso.Web.Audit;
using Kapso.Web.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Kapso.Web.Management;

/// <summary>Erases a customer, and says what was erased.</summary>
internal static class ErasureEndpoints
{
    /// <summary>Maps them below the project.</summary>
    public static void MapErasures(this IEndpointRouteBuilder project)
    {
        project.MapDelete("/customers/{customer_id}", EraseAsync)
            .WithName("eraseCustomer")
            .Audited(AuditActions.EraseCustomer, "customer_id")
            .WithSummary("Erases all that is kept of a customer, also at the platform with platform=true. Repeating it is the same. 202 where something is still to be done, which goes on by itself")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status502BadGateway);
        project.MapGet("/customers/{customer_id}/erasure", FindAsync)
            .WithName("getErasure")
            .WithSummary("What was erased of a customer");
    }

    private static async Task<Results<Ok<ErasureView>, Accepted<ErasureView>, ProblemHttpResult>> EraseAsync(
        [FromRoute(Name = "project_id")] string projectId,
        [FromRoute(Name = "customer_id")] string customerId,
        [FromQuery(Name = "platform")] string? platform,
        HttpContext context,
        CustomerErasures erasures,
        CancellationToken cancellationToken)
    {
        if (!CustomerKey.TryCreate(projectId, customerId, out var key))
            return Problems.BadCustomer();
        if (platform is not (null or "true" or "false"))
            return Problems.BadRequest("platform must be true or false.");

        var result = await erasures.EraseAsync(key, platform == "true", cancellationToken);
        if (result.Erasure is not { } erasure)
            return PlatformProblems.Of(result, context.Response);
        var view = ErasureView.Of(erasure, result.AtPlatform);
        return erasure.CompletedAt is null ? TypedResults.Accepted((string?)null, view) : TypedResults.Ok(view);
    }

    private static async Task<Results<Ok<ErasureView>, ProblemHttpResult>> FindAsync(
        [FromRoute(Name = "project_id")] string projectId,
        [FromRoute(Name = "customer_id")] string customerId,
        IConnectionEngine engine,
        CancellationToken cancellationToken) =>
        CustomerKey.TryCreate(projectId, customerId, out var key)
        && await engine.FindErasureAsync(key, cancellationToken) is { } erasure
            ? TypedResults.Ok(ErasureView.Of(erasure, null))
            : Problems.NotFound("Nothing was ever erased of this customer.");
}
