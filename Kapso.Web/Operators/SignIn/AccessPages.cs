using Kapso.Platform.Settings;
using Kapso.Web.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Kapso.Web.Operators.SignIn;

/// <summary>Who is signed in and may do what, and who else may come in.</summary>
internal static class AccessPages
{
    /// <summary>Where that is shown.</summary>
    public const string Path = OperatorRoutes.Root + "/access";

    /// <summary>Maps it among the pages that are of no project.</summary>
    public static void MapAccess(this IEndpointRouteBuilder pages) =>
        pages.MapGet("/access", (HttpContext context, ManagementKeys keys, IOptions<KapsoOptions> settings, TimeProvider time) =>
            OperatorPages.Show<AccessPage>(context, new
            {
                View = OperatorView.Of(context),
                Keys = keys.All,
                Provider = settings.Value.Management.OpenIdConnect,
                Now = time.GetUtcNow(),
            }));
}
