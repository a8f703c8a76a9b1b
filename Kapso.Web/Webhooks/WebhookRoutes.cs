using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Kapso.Web.Webhooks;

/// <summary>The routes of webhooks.</summary>
internal static class WebhookRoutes
{
    private static readonly int[] Refusals = [400, 401, 404, 408, 413, 503];

    /// <summary>Maps the webhooks of all projects, and of the only one.</summary>
    public static void MapWebhooks(this IEndpointRouteBuilder endpoints)
    {
        var webhook = endpoints.ServiceProvider.GetRequiredService<WebhookEndpoint>();
        Map(endpoints, $"/webhooks/project/{{{WebhookEndpoint.ProjectParameter}}}", webhook.ServeAsync)
            .WithName("receiveWebhook").WithSummary("Takes a project's webhook");
        Map(endpoints, "/webhooks/project", webhook.ServeOnlyAsync)
            .WithName("receiveOnlyWebhook").WithSummary("Takes the webhook of the only project");
    }

    // A plain request delegate says nothing of itself: the document learns here that it is there.
    private static IEndpointConventionBuilder Map(
        IEndpointRouteBuilder endpoints, string pattern, RequestDelegate handler)
    {
        var route = endpoints.MapPost(pattern, handler);
        route.ShortCircuit();
        route.WithTags("webhooks").WithMetadata(
            handler.Method,
            new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(void)));
        foreach (var status in Refusals)
            route.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(ProblemDetails), ["application/problem+json"]));
        return route;
    }
}
