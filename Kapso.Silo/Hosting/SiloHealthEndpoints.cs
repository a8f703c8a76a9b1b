using Kapso.Grains.Store;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Kapso.Silo.Hosting;

/// <summary>The health of a silo, for machines.</summary>
internal static class SiloHealthEndpoints
{
    /// <summary>
    /// Maps <c>/alive</c> (the process lives) and <c>/health</c> (it takes calls and Redis takes writes). On shutdown
    /// <c>/health</c> says no first.
    /// </summary>
    public static void MapSiloHealth(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/alive", () => TypedResults.Ok(new SiloHealth("alive", null)));
        endpoints.MapGet("/health", CheckAsync);
    }

    private static async Task<Results<Ok<SiloHealth>, JsonHttpResult<SiloHealth>>> CheckAsync(
        SiloPreparation silo, StoreHealth store, IHostApplicationLifetime lifetime, CancellationToken cancellationToken)
    {
        if (!silo.IsActive || lifetime.ApplicationStopping.IsCancellationRequested)
            return NotReady("The silo is starting or stopping.");
        var health = await store.CheckAsync(cancellationToken);
        return health.Ready ? TypedResults.Ok(new SiloHealth("ready", health.Detail)) : NotReady(health.Detail);
    }

    private static JsonHttpResult<SiloHealth> NotReady(string? detail) =>
        TypedResults.Json(new SiloHealth("not_ready", detail), statusCode: StatusCodes.Status503ServiceUnavailable);
}

/// <summary>How a silo is.</summary>
/// <param name="Status"><c>alive</c>, <c>ready</c> or <c>not_ready</c>.</param>
/// <param name="Detail">Why not, or what an operator should mend.</param>
public sealed record SiloHealth(string Status, string? Detail);
