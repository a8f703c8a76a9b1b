using Kapso.Platform.Api;
using Kapso.Platform.Numbers;
using Kapso.Web.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Kapso.Web.Management;

/// <summary>A number's health and quality, as the platform tells them. Every member is always present.</summary>
/// <param name="PhoneNumberId">Meta's id.</param>
/// <param name="Health">The platform's word, <c>healthy</c> or another; null where it did not tell.</param>
/// <param name="FailedChecks">The checks that did not pass.</param>
/// <param name="QualityRating"><c>GREEN</c>, <c>YELLOW</c>, <c>RED</c>, or another word; null where the platform did not tell.</param>
/// <param name="PlatformStatus">The platform's own word for its status; null where it did not tell.</param>
/// <param name="AsOf">From when the answer is: it is kept for up to 3 minutes, by the platform and here.</param>
/// <param name="Problem">What the platform did not tell, and why; null where it told all.</param>
public sealed record NumberHealthView(
    string PhoneNumberId,
    string? Health,
    IReadOnlyList<string> FailedChecks,
    string? QualityRating,
    string? PlatformStatus,
    DateTime AsOf,
    string? Problem);

/// <summary>How well a number does at WhatsApp.</summary>
internal static class NumberHealthEndpoints
{
    /// <summary>Maps it below the project.</summary>
    public static void MapNumberHealth(this IEndpointRouteBuilder project) =>
        project.MapGet("/customers/{customer_id}/numbers/{phone_number_id}/health", AskAsync)
            .WithName("getNumberHealth")
            .WithSummary("Health and quality of one of a customer's numbers, asked of the platform; answers are kept for 3 minutes")
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<Results<Ok<NumberHealthView>, ProblemHttpResult>> AskAsync(
        [FromRoute(Name = "project_id")] string projectId,
        [FromRoute(Name = "customer_id")] string customerId,
        [FromRoute(Name = "phone_number_id")] string phoneNumberId,
        IConnectionEngine engine,
        [FromServices] NumberHealths healths,
        HttpResponse response,
        CancellationToken cancellationToken)
    {
        if (!CustomerKey.TryCreate(projectId, customerId, out var key)
            || (await engine.FindAsync(key, cancellationToken))?.FindNumber(phoneNumberId) is null)
            return Problems.NotFound("The customer has no such number.");
        if (await healths.AskAsync(key, phoneNumberId, cancellationToken) is not { } told)
            return Problems.Conflict(PlatformProblems.NoApiKey);
        return told.Outcome == PlatformOutcome.Done
            ? TypedResults.Ok(new NumberHealthView(
                phoneNumberId, told.Health, told.FailedChecks, told.Quality, told.PlatformStatus, told.AsOf.UtcDateTime, told.Problem))
            : PlatformProblems.Of(told, response);
    }
}
