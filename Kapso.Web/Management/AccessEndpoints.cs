using Kapso.Platform.Settings;
using Kapso.Web.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Kapso.Web.Management;

/// <summary>Tells a caller what its key may do.</summary>
internal static class AccessEndpoints
{
    /// <summary>Maps it; it is of no project.</summary>
    public static void MapAccess(this IEndpointRouteBuilder endpoints) => endpoints.MapGet("/api/access", Show)
        .RequireManagementKey()
        .WithTags("management")
        .WithName("getAccess")
        .WithSummary("How the key is called that the request brings, what it may do, and when it ends")
        .ProducesProblem(StatusCodes.Status401Unauthorized)
        .ProducesProblem(StatusCodes.Status429TooManyRequests);

    private static Ok<AccessView> Show(HttpContext context) => TypedResults.Ok(AccessView.Of(ManagementGuard.KeyOf(context)));
}

/// <summary>A management key, as far as its bearer may know.</summary>
/// <param name="Name">What the audit calls it.</param>
/// <param name="Role">What it may do.</param>
/// <param name="ExpiresAt">When it ends; null for never.</param>
public sealed record AccessView(string Name, ManagementRole Role, DateTimeOffset? ExpiresAt)
{
    /// <summary>Shows a key.</summary>
    internal static AccessView Of(KnownKey key) => new(key.By.Name, key.Role, key.ExpiresAt);
}
