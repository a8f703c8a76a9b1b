using Kapso.Connections.Engine;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kapso.Web.Operators.Overview;

/// <summary>How a project is, at a glance.</summary>
internal static class OverviewEndpoint
{
    /// <summary>Maps it below the project.</summary>
    public static void MapOverview(this IEndpointRouteBuilder project) => project.MapGet("", ShowAsync);

    private static async Task<IResult> ShowAsync(
        HttpContext context, IConnectionEngine engine, TimeProvider time, CancellationToken cancellationToken)
    {
        var view = OperatorView.Of(context);
        var counts = await engine.CountAsync(view.Project!.Id, cancellationToken);
        var activity = await engine.ReadActivityAsync(view.Project.Id, cancellationToken);
        return OperatorPages.Show<OverviewPage>(
            context, new { View = view, Counts = counts, Activity = activity, Now = time.GetUtcNow() });
    }
}
