using Kapso.Web.Audit;
using Kapso.Web.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Kapso.Web.Access;

/// <summary>Marks an endpoint that only a management key opens.</summary>
internal sealed class ManagementKeyRequired
{
    public static ManagementKeyRequired Instance { get; } = new();
}

/// <summary>
/// Lets requests with a management key through to the endpoints that need one, before anything of the request is bound. Wrong keys are
/// slowed down by address; the right ones always work, so that nobody can lock an operator out.
/// </summary>
internal sealed class ManagementGuard(RequestDelegate next, ManagementKeys keys, WrongKeys wrongKeys, AuditTrail audit, TimeProvider time)
{
    /// <summary>Lets the request through, or answers it.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<ManagementKeyRequired>() is null)
            return next(context);

        var key = keys.FindBrought(context.Request.Headers.Authorization);
        if (key is null || key.HasEnded(time.GetUtcNow()))
            return RefuseAsync(context, key);

        context.Features.Set(key);
        context.Features.Set(key.By);
        return key.Role >= RequiredRole.Of(context) ? next(context) : ForbidAsync(context, key);
    }

    /// <summary>The key that a request was let through with.</summary>
    public static KnownKey KeyOf(HttpContext context) =>
        context.Features.Get<KnownKey>() ?? throw new InvalidOperationException("The endpoint does not require a management key.");

    private Task RefuseAsync(HttpContext context, KnownKey? ended)
    {
        if (!wrongKeys.MayAnswer(context, context.Request.Headers.Authorization.Count > 0, AuditActions.KeyRefused, ended))
            return Problems.TooManyRequests("Too many requests with a wrong key. Wait a minute.").ExecuteAsync(context);

        context.Response.Headers.WWWAuthenticate = "Bearer realm=\"kapso\"";
        return Problems.Unauthorized(ended is null
            ? "Send a management key as 'Authorization: Bearer …'."
            : $"The key '{ended.By.Name}' ended at {ended.ExpiresAt:u}. Ask who runs this service for another one.").ExecuteAsync(context);
    }

    private async Task ForbidAsync(HttpContext context, KnownKey key)
    {
        await audit.RefuseAsync(context, key.By);
        await Problems.Forbidden(
            $"The key '{key.By.Name}' has the role {Snake.Of(key.Role)}. This needs the role {Snake.Of(RequiredRole.Of(context))}.").ExecuteAsync(context);
    }
}

/// <summary>Marks endpoints for the guard.</summary>
internal static class ManagementGuardExtensions
{
    /// <summary>Opens these endpoints to management keys only.</summary>
    public static TBuilder RequireManagementKey<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(ManagementKeyRequired.Instance);
}
