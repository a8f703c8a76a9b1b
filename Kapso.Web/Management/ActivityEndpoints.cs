using Kapso.Web.TurnedAway;
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

/// <summary>How often something was turned away from one network.</summary>
/// <param name="Network">A /24 of IPv4 or a /48 of IPv6; <c>unknown</c> where the address is not known.</param>
/// <param name="Count">How often.</param>
/// <param name="LastAt">When last.</param>
public sealed record NetworkCountView(string Network, long Count, DateTime LastAt);

/// <summary>What was refused, limited or passed over in the last seven days.</summary>
/// <param name="Kind">What it was.</param>
/// <param name="Means">What that means, and what to do.</param>
/// <param name="Count">How often.</param>
/// <param name="LastAt">When last.</param>
/// <param name="InARow">Of deliveries refused for their signature: how many came since the last good one; else 0.</param>
/// <param name="Alarm">What so many in a row possibly mean; null where they are few. Strangers can cause it.</param>
/// <param name="Networks">Where from, the last first; at most 20.</param>
public sealed record TurnedAwayView(
    TurnedAwayKind Kind, string Means, long Count, DateTime LastAt, long InARow, string? Alarm, IReadOnlyList<NetworkCountView> Networks)
{
    /// <summary>Shows one kind.</summary>
    public static TurnedAwayView Of(TurnedAwayCount turned, DateTimeOffset? lastWebhook) => new(
        turned.Kind,
        TurnedAwayWords.Advice(turned),
        turned.Count,
        turned.LastAt.UtcDateTime,
        turned.InARow,
        turned.IsAlarming ? TurnedAwayWords.Alarm(turned, lastWebhook) : null,
        [.. turned.Networks.Select(network => new NetworkCountView(network.Network, network.Count, network.LastAt.UtcDateTime))]);
}

/// <summary>What was counted and kept for a project beside its connections.</summary>
/// <param name="Events">Events that change no connection, by name.</param>
/// <param name="LastTestDelivery">When the platform last sent a test delivery.</param>
/// <param name="FailedSetups">Failed setups whose link is not known, newest first.</param>
/// <param name="UnclaimedHints">Redirects that wait for a proof of their number.</param>
/// <param name="LastWebhook">When an authentic delivery last came.</param>
/// <param name="TurnedAway">What was refused, limited or passed over, of this project and of none; up to a minute old.</param>
public sealed record ActivityView(
    IReadOnlyList<EventCountView> Events,
    DateTime? LastTestDelivery,
    IReadOnlyList<FailedSetupView> FailedSetups,
    int UnclaimedHints,
    DateTime? LastWebhook,
    IReadOnlyList<TurnedAwayView> TurnedAway)
{
    /// <summary>Shows a project's activity.</summary>
    public static ActivityView Of(ProjectActivity activity, ProjectCounts counts) => new(
        [.. activity.Events.Select(counted => new EventCountView(counted.Name, counted.Count, counted.LastAt.UtcDateTime))],
        activity.LastTestDelivery?.UtcDateTime,
        [.. activity.FailedSetups.Select(failed => new FailedSetupView(failed.At.UtcDateTime, failed.ErrorCode, failed.SetupLinkId))],
        activity.UnclaimedHints,
        counts.LastWebhook?.UtcDateTime,
        [.. counts.TurnedAway.Select(turned => TurnedAwayView.Of(turned, counts.LastWebhook))]);
}

/// <summary>What a project hears beside the news of its connections.</summary>
internal static class ActivityEndpoints
{
    /// <summary>Maps it below the project.</summary>
    public static void MapActivity(this IEndpointRouteBuilder project) =>
        project.MapGet("/activity", ReadAsync)
            .WithName("getActivity")
            .WithSummary("Events counted, the last deliveries, failed setups of unknown links, what was refused, limited or passed over");

    private static async Task<Ok<ActivityView>> ReadAsync(
        [FromRoute(Name = "project_id")] string projectId, IConnectionEngine engine, CancellationToken cancellationToken) =>
        TypedResults.Ok(ActivityView.Of(
            await engine.ReadActivityAsync(projectId, cancellationToken), await engine.CountAsync(projectId, cancellationToken)));
}
