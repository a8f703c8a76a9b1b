namespace Kapso.Simulator.Api;

/// <summary><c>/platform/v1/whatsapp/webhooks</c> and <c>/platform/v1/webhook_deliveries</c></summary>
internal static class WebhookEndpoints
{
    private const string Wrapper = "whatsapp_webhook";

    public static void MapWebhooks(this IEndpointRouteBuilder platform)
    {
        platform.MapGet("/whatsapp/webhooks", List);
        platform.MapPost("/whatsapp/webhooks", CreateAsync);
        platform.MapGet("/whatsapp/webhooks/{id}", Find);
        platform.MapPatch("/whatsapp/webhooks/{id}", ChangeAsync);
        platform.MapDelete("/whatsapp/webhooks/{id}", Remove);
        platform.MapPost("/whatsapp/webhooks/{id}/test", TestAsync);
        platform.MapGet("/webhook_deliveries", Deliveries);
    }

    private static IResult List(HttpRequest request, SimulatedPlatform platform) =>
        Answers.Page(request, platform.Webhooks(), webhook => Rows.Of(webhook, platform.ProjectId));

    private static Task<IResult> CreateAsync(HttpRequest request, SimulatedPlatform platform) => Bodies.AnswerAsync(request, Wrapper, body =>
    {
        if (Bodies.WebUrl(body.Text("url")) is not { } url)
            return WrongUrl();
        var made = platform.CreateWebhook(url, body.Text("secret_key"), body.Texts("events") ?? Events.All);
        return Answers.Data(Rows.Of(made, platform.ProjectId), StatusCodes.Status201Created);
    });

    private static IResult Find(string id, SimulatedPlatform platform) =>
        Answers.Found(platform.FindWebhook(id), webhook => Rows.Of(webhook, platform.ProjectId), "Webhook");

    private static IResult Remove(string id, SimulatedPlatform platform) =>
        platform.RemoveWebhook(id) ? Results.NoContent() : Answers.NotFound("Webhook");

    private static IResult WrongUrl() => Answers.Error(StatusCodes.Status422UnprocessableEntity, "Url is not a valid URL");

    private static Task<IResult> ChangeAsync(string id, HttpRequest request, SimulatedPlatform platform) => Bodies.AnswerAsync(request, Wrapper, body =>
        body.Text("url") is { } url && Bodies.WebUrl(url) is null ? WrongUrl() : Answers.Found(
            platform.ChangeWebhook(id, webhook => webhook with
            {
                Url = Bodies.WebUrl(body.Text("url")) ?? webhook.Url,
                Shape = body.Text("payload_version") switch
                {
                    "v1" => DeliveryShape.V1,
                    "v2" when webhook.Shape == DeliveryShape.V1 => DeliveryShape.Flat,
                    _ => webhook.Shape,
                },
                Active = body.Truth("active") ?? webhook.Active,
                Events = body.Texts("events") ?? webhook.Events,
                Secret = body.Text("secret_key") ?? webhook.Secret,
            }),
            webhook => Rows.Of(webhook, platform.ProjectId),
            "Webhook"));

    private static async Task<IResult> TestAsync(string id, HttpRequest request, SimulatedPlatform platform) =>
        platform.Test(id, (await Bodies.ReadAsync(request))?.Text("event_type"))
            ? Answers.Data(new { Success = true })
            : Answers.NotFound("Webhook");

    private static IResult Deliveries(HttpRequest request, SimulatedPlatform platform) =>
        Answers.Page(
            request,
            [.. platform.Deliveries.NewestFirst().Where(delivery => request.Query["webhook_id"] is not [{ Length: > 0 } webhook] || delivery.WebhookId == webhook)],
            Rows.Of);
}
