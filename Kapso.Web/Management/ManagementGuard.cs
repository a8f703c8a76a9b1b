using System.Net;
using System.Threading.RateLimiting;
using Kapso.Web.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Kapso.Web.Management;

/// <summary>Marks an endpoint that only the management key opens.</summary>
internal sealed class ManagementKeyRequired
{
    public static ManagementKeyRequired Instance { get; } = new();
}

/// <summary>
/// Lets requests with the management key through to the endpoints that need it, before anything of the request is bound.
/// Wrong keys are slowed down by address; the right one always works, so that nobody can lock an operator out.
/// </summary>
internal sealed partial class ManagementGuard(ManagementKey key, WebLimits limits, ILogger<ManagementGuard> logger)
    : IMiddleware, IDisposable
{
    private readonly PartitionedRateLimiter<HttpContext> _wrongKeys =
        PartitionedRateLimiter.Create<HttpContext, string>(context => RateLimitPartition.GetTokenBucketLimiter(
            ClientAddress.Of(context), _ => Buckets.PerMinute(limits.WrongKeysPerMinute)));

    /// <inheritdoc/>
    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<ManagementKeyRequired>() is null
            || key.IsBroughtBy(context.Request.Headers.Authorization))
        {
            return next(context);
        }

        using var lease = _wrongKeys.AttemptAcquire(context);
        if (!lease.IsAcquired)
        {
            context.Response.Headers.RetryAfter = "60";
            return Problems.TooManyRequests("Too many requests with a wrong key. Wait a minute.").ExecuteAsync(context);
        }

        if (context.Request.Headers.Authorization.Count > 0)
            WrongKey(context.Connection.RemoteIpAddress);
        context.Response.Headers.WWWAuthenticate = "Bearer realm=\"kapso\"";
        return Problems.Unauthorized("Send the management key as 'Authorization: Bearer …'.").ExecuteAsync(context);
    }

    /// <inheritdoc/>
    public void Dispose() => _wrongKeys.Dispose();

    [LoggerMessage(1, LogLevel.Warning, "A request with a wrong management key came from {Address}.")]
    private partial void WrongKey(IPAddress? address);
}

/// <summary>Marks endpoints for the guard.</summary>
internal static class ManagementGuardExtensions
{
    /// <summary>Opens these endpoints to the management key only.</summary>
    public static TBuilder RequireManagementKey<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(ManagementKeyRequired.Instance);
}
