using Kapso.Web.Access;
using Kapso.Web.Http;
using Kapso.Web.Projects;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Kapso.Web.Management;

/// <summary>The routes of the company and its operators.</summary>
internal static class ManagementRoutes
{
    /// <summary>Maps them all below <c>/api/projects/{project_id}</c>, for projects that are served here.</summary>
    public static void MapManagement(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapAccess();
        var projects = endpoints.ServiceProvider.GetRequiredService<ProjectDirectory>();
        var project = endpoints.MapGroup("/api/projects/{project_id}")
            .RequireManagementKey()
            .WithTags("management")
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        project.AddEndpointFilter(async (context, next) =>
            projects.TryFind(context.HttpContext.Request.RouteValues["project_id"] as string, out _)
                ? await next(context)
                : Problems.NotFound("No such project is served here."));
        project.MapConnections();
        project.MapNumberHealth();
        project.MapCustomers();
        project.MapSetupLinks();
        project.MapReconnect();
        project.MapErasures();
        project.MapRedirectUrls();
        project.MapEffects();
        project.MapParked();
        project.MapReceivers();
        project.MapMessages();
        project.MapActivity();
        project.MapReconciliation();
        project.MapKeptWebhook();
        project.MapAudit();
    }
}
