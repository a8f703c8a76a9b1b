using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Kapso.ServiceDefaults.Health;

/// <summary>The health of the process, for machines: what the framework's health checks found.</summary>
internal static class HealthEndpoints
{
    /// <summary>The tag of the checks that say whether the process lives.</summary>
    public const string Live = "live";

    /// <summary>Whether the process can do its work.</summary>
    public const string HealthPath = "/health";

    /// <summary>Whether it lives.</summary>
    public const string AlivenessPath = "/alive";

    /// <summary>Whether a request to this path only asks for health.</summary>
    public static bool Serve(PathString path) => path.StartsWithSegments(HealthPath) || path.StartsWithSegments(AlivenessPath);

    /// <summary>Maps them. Anyone may ask: the answer says what the checks describe, and nothing of what they threw.</summary>
    public static void MapHealth(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(AlivenessPath, (HealthCheckService checks, CancellationToken cancellationToken) =>
                CheckAsync(checks, check => check.Tags.Contains(Live), "alive", "not_alive", cancellationToken))
            .WithName("alive").WithTags("health").WithSummary("Whether the process lives")
            .Produces<HealthView>(StatusCodes.Status503ServiceUnavailable);
        endpoints.MapGet(HealthPath, (HealthCheckService checks, CancellationToken cancellationToken) =>
                CheckAsync(checks, null, "ready", "not_ready", cancellationToken))
            .WithName("health").WithTags("health").WithSummary("Whether deliveries can be made durable")
            .Produces<HealthView>(StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<Results<Ok<HealthView>, JsonHttpResult<HealthView>>> CheckAsync(
        HealthCheckService checks, Func<HealthCheckRegistration, bool>? which, string well, string unwell, CancellationToken cancellationToken)
    {
        var report = await checks.CheckHealthAsync(which, cancellationToken);
        var details = report.Entries.Values
            .Where(entry => entry is { Status: not HealthStatus.Healthy, Exception: null, Description.Length: > 0 })
            .Select(entry => entry.Description);
        var detail = string.Join(' ', details) is { Length: > 0 } text ? text : null;
        return report.Status == HealthStatus.Unhealthy
            ? TypedResults.Json(new HealthView(unwell, detail), statusCode: StatusCodes.Status503ServiceUnavailable)
            : TypedResults.Ok(new HealthView(well, detail));
    }
}
