using Kapso.Web.Audit;
using Kapso.Web.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

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
internal sealed class ManagementGuard(RequestDelegate next, ManagementKey key, WrongKeys wrongKeys)
{
    /// <summary>Lets the request through, or answers it.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<ManagementKeyRequired>() is null
            || key.IsBroughtBy(context.Request.Headers.Authorization))
        {
            return next(context);
        }

        if (!wrongKeys.MayAnswer(context, context.Request.Headers.Authorization.Count > 0, AuditActions.KeyRefused))
            return Problems.TooManyRequests("Too many requests with a wrong key. Wait a minute.").ExecuteAsync(context);

        context.Response.Headers.WWWAuthenticate = "Bearer realm=\"kapso\"";
        return Problems.Unauthorized("Send the management key as 'Authorization: Bearer …'.").ExecuteAsync(context);
    }
}

/// <summary>Marks endpoints for the guard.</summary>
internal static class ManagementGuardExtensions
{
    /// <summary>Opens these endpoints to the management key only.</summary>
    public static TBuilder RequireManagementKey<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(ManagementKeyRequired.Instance);
}
