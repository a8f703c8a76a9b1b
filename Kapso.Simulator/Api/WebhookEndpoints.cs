namespace Kapso.Simulator.Api;

/// <summary><c>/platform/v1/whatsapp/webhooks</c> and <c>/platform/v1/webhook_deliveries</c></summary>
internal static class WebhookEndpoints
{
    private const string Wrapper = "whatsapp_webhook";

    public static void MapWebhooks(this IEndpointRouteBuilder platform)
    {
        platform.MapGet("/whatsapp/webhooks", List);
        platform.MapPost("/whatsapp/webhooks", CreateAsync);
        platform.MapPatch("/whatsapp/webhooks/{id}", ChangeAsync);
        platform.MapPost("/whatsapp/webhooks/{id}/test", TestAsync);
        platform.MapGet("/webhook_deliveries", Deliveries);
    }

    private static IResult List(HttpRequest request, SimulatedPlatform platform) =>
        Answers.Page(request, platform.Webhooks(), webhook => Rows.Of(webhook, platform.ProjectId));

    private static Task<IResult> CreateAsync(HttpRequest request, SimulatedPlatform platform) => Bodies.AnswerAsync(request, Wrapper, body =>
    {
        if (Bodies.WebUrl(body.Text("url")) is not { } url)
            return Answers.Error(StatusCodes.Status422UnprocessableEntity, "Url is not a valid URL");
        var made = platform.CreateWebhook(url, body.Text("secret_key"), body.Texts("events") ?? Events.All);
        return Answers.Data(Rows.Of(made, platform.ProjectId), StatusCodes.Status201Created);
    });

    private static Task<IResult> ChangeAsync(string id, HttpRequest request, SimulatedPlatform platform) =>
        Bodies.AnswerAsync(request, Wrapper, body => Answers.Found(
            platform.ChangeWebhook(id, webhook => webhook with
            {
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
        Answers.Page(request, platform.Deliveries.NewestFirst(), Rows.Of);
}
