using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Kapso.Web.Webhooks;

/// <summary>The routes of webhooks.</summary>
internal static class WebhookRoutes
{
    /// <summary>Maps the webhooks of all projects, and of the only one.</summary>
    public static void MapWebhooks(this IEndpointRouteBuilder endpoints)
    {
        var webhook = endpoints.ServiceProvider.GetRequiredService<WebhookEndpoint>();
        endpoints.MapPost($"/webhooks/project/{{{WebhookEndpoint.ProjectParameter}}}", (RequestDelegate)webhook.ServeAsync);
        endpoints.MapPost("/webhooks/project", (RequestDelegate)webhook.ServeOnlyAsync);
    }
}
