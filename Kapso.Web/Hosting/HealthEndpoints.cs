using Kapso.Connections.Engine;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace Kapso.Web.Hosting;

/// <summary>Whether this process lives, or can do its work. Says no more: anyone may ask.</summary>
/// <param name="Status"><c>alive</c>, <c>ready</c> or <c>not_ready</c>.</param>
public sealed record HealthView(string Status);

/// <summary>The health of the process, for machines.</summary>
internal static class HealthEndpoints
{
    private static readonly TimeSpan CheckTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Maps <c>/alive</c> and <c>/health</c>.</summary>
    public static void MapHealth(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/alive", () => TypedResults.Ok(new HealthView("alive")))
            .WithName("alive").WithTags("health").WithSummary("Whether the process lives");
        endpoints.MapGet("/health", CheckAsync)
            .WithName("health").WithTags("health").WithSummary("Whether deliveries can be made durable");
    }

    private static async Task<Results<Ok<HealthView>, JsonHttpResult<HealthView>>> CheckAsync(
        IConnectionEngine engine, IHostApplicationLifetime host, TimeProvider time, CancellationToken cancellationToken)
    {
        // Said first when the process stops, while it still serves.
        if (host.ApplicationStopping.IsCancellationRequested)
            return NotReady();

        bool ready;
        try
        {
            ready = (await engine.CheckAsync(cancellationToken).WaitAsync(CheckTimeout, time, cancellationToken)).Ready;
        }
        catch (TimeoutException)
        {
            ready = false;
        }

        return ready ? TypedResults.Ok(new HealthView("ready")) : NotReady();
    }

    private static JsonHttpResult<HealthView> NotReady() =>
        TypedResults.Json(new HealthView("not_ready"), statusCode: StatusCodes.Status503ServiceUnavailable);
}
