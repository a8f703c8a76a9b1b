using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Kapso.Web.Management;

/// <summary>How often an event came that changes no connection.</summary>
/// <param name="Name">The event's name.</param>
/// <param name="Count">How often it came.</param>
/// <param name="LastAt">When it last came.</param>
public sealed record EventCountView(string Name, long Count, DateTime LastAt);

/// <summary>A failed setup whose link is not known.</summary>
/// <param name="At">When the browser came.</param>
/// <param name="ErrorCode">Why it failed.</param>
/// <param name="SetupLinkId">The link as the browser named it.</param>
public sealed record FailedSetupView(DateTime At, string ErrorCode, string? SetupLinkId);

/// <summary>What was counted and kept for a project beside its connections.</summary>
/// <param name="Events">Events that change no connection, by name.</param>
/// <param name="LastTestDelivery">When the platform last sent a test delivery.</param>
/// <param name="FailedSetups">Failed setups whose link is not known, newest first.</param>
/// <param name="UnclaimedHints">Redirects that wait for a proof of their number.</param>
public sealed record ActivityView(
    IReadOnlyList<EventCountView> Events,
    DateTime? LastTestDelivery,
    IReadOnlyList<FailedSetupView> FailedSetups,
    int UnclaimedHints)
{
    /// <summary>Shows a project's activity.</summary>
    public static ActivityView Of(ProjectActivity activity) => new(
        [.. activity.Events.Select(counted => new EventCountView(counted.Name, counted.Count, counted.LastAt.UtcDateTime))],
        activity.LastTestDelivery?.UtcDateTime,
        [.. activity.FailedSetups.Select(failed => new FailedSetupView(failed.At.UtcDateTime, failed.ErrorCode, failed.SetupLinkId))],
        activity.UnclaimedHints);
}

/// <summary>What a project hears beside the news of its connections.</summary>
internal static class ActivityEndpoints
{
    /// <summary>Maps it below the project.</summary>
    public static void MapActivity(this IEndpointRouteBuilder project) =>
        project.MapGet("/activity", ReadAsync)
            .WithName("getActivity")
            .WithSummary("Events counted, the last test delivery, failed setups of unknown links");

    private static async Task<Ok<ActivityView>> ReadAsync(
        [FromRoute(Name = "project_id")] string projectId, IConnectionEngine engine, CancellationToken cancellationToken) =>
        TypedResults.Ok(ActivityView.Of(await engine.ReadActivityAsync(projectId, cancellationToken)));
}
