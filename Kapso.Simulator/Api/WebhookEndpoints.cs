using System.Text.Json;
using System.Text.Json.Nodes;
using Kapso.Simulator.World;

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

    private static async Task<IResult> CreateAsync(HttpRequest request, SimulatedPlatform platform)
    {
        if (await Bodies.ReadAsync(request, Wrapper) is not { } body)
            return Answers.Error(StatusCodes.Status400BadRequest, $"param is missing or the value is empty: {Wrapper}");
        if (!Uri.TryCreate(body.Text("url"), UriKind.Absolute, out var url) || !url.Scheme.StartsWith("http", StringComparison.Ordinal))
            return Answers.Error(StatusCodes.Status422UnprocessableEntity, "Url is not a valid URL");
        return Answers.Data(
            Rows.Of(platform.CreateWebhook(url, body.Text("secret_key"), EventsOf(body) ?? Events.All), platform.ProjectId),
            StatusCodes.Status201Created);
    }

    private static async Task<IResult> ChangeAsync(string id, HttpRequest request, SimulatedPlatform platform)
    {
        if (await Bodies.ReadAsync(request, Wrapper) is not { } body)
            return Answers.Error(StatusCodes.Status400BadRequest, $"param is missing or the value is empty: {Wrapper}");
        var changed = platform.ChangeWebhook(id, webhook => webhook with
        {
            Active = body.Member("active") is { ValueKind: JsonValueKind.True or JsonValueKind.False } active ? active.GetBoolean() : webhook.Active,
            Events = EventsOf(body) ?? webhook.Events,
            Secret = body.Text("secret_key") ?? webhook.Secret,
        });
        return changed is null ? Answers.NotFound("Webhook") : Answers.Data(Rows.Of(changed, platform.ProjectId));
    }

    private static async Task<IResult> TestAsync(string id, HttpRequest request, SimulatedPlatform platform)
    {
        var body = await Bodies.ReadAsync(request);
        return platform.Test(id, body?.Text("event_type"))
            ? Answers.Data(new JsonObject { ["success"] = true })
            : Answers.NotFound("Webhook");
    }

    private static IResult Deliveries(HttpRequest request, SimulatedPlatform platform) =>
        Answers.Page(request, platform.Deliveries.NewestFirst(), Rows.Of);

    private static IReadOnlyList<string>? EventsOf(JsonElement body) =>
        body.Member("events") is { ValueKind: JsonValueKind.Array } events
            ? [.. events.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)]
            : null;
}
