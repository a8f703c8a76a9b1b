using Kapso.Web.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Kapso.Web.Webhooks;

/// <summary>What became of a delivery.</summary>
/// <param name="Outcome">
/// <c>applied</c>, <c>adopted</c>, <c>duplicate</c>, <c>stale</c>, <c>noted</c>, <c>parked</c>, <c>counted</c> (not an event of ours) or
/// <c>test</c>.
/// </param>
public sealed record DeliveryView(string Outcome);

/// <summary>The routes of webhooks.</summary>
internal static class WebhookRoutes
{
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
            new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(DeliveryView), ["application/json"]),
            WebhookAnswer.Refusals,
            new ReadsItself([], ["X-Webhook-Event", "X-Webhook-Signature", "X-Idempotency-Key"], Delivery: true));
        foreach (var refusal in WebhookAnswer.Refusals)
            route.WithMetadata(new ProducesResponseTypeMetadata(refusal.Status, typeof(ProblemDetails), ["application/problem+json"]));
        return route;
    }
}
