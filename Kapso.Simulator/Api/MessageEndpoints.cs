using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kapso.Simulator.World;

namespace Kapso.Simulator.Api;

/// <summary><c>/meta/whatsapp/v24.0/{phone_number_id}/messages</c></summary>
internal static class MessageEndpoints
{
    private const int DefaultLimit = 20;
    private const int MostAtATime = 100;

    public static void MapMessages(this IEndpointRouteBuilder meta)
    {
        meta.MapPost("/{sender}/messages", SendAsync);
        meta.MapGet("/{sender}/messages", List);
    }

    private static async Task<IResult> SendAsync(string sender, HttpRequest request, SimulatedPlatform platform)
    {
        if (await Bodies.ReadAsync(request) is not { ValueKind: JsonValueKind.Object } body
            || body.Text("messaging_product") != "whatsapp" || body.Text("to") is not { Length: > 0 } to || body.Text("type") is not { } type)
            return Refused(new(400, 100, "(#100) Invalid parameter"));

        var template = body.Member("template");
        var (message, refusal) = platform.Send(sender, new MessageDraft(
            to, type, template?.Text("name"), template?.Member("language")?.Text("code"), body.Text("biz_opaque_callback_data")));
        if (message is null)
            return Refused(refusal!);
        return Answers.Json(new JsonObject
        {
            ["messaging_product"] = "whatsapp",
            ["contacts"] = new JsonArray(new JsonObject { ["input"] = to, ["wa_id"] = message.To }),
            ["messages"] = new JsonArray(new JsonObject { ["id"] = message.Id, ["message_status"] = "accepted" }),
        });
    }

    private static IResult List(string sender, HttpRequest request, SimulatedPlatform platform)
    {
        // Only outbound messages exist here, so that the direction filter has nothing to leave out but all.
        DateTimeOffset? since = DateTimeOffset.TryParse(
            request.Query["since"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
        if (platform.VisibleMessages(sender, since) is not { } all)
            return Refused(new(404, null, "Phone number not found"));
        if (request.Query["direction"] == "inbound")
            all = [];

        var limit = Math.Clamp(Answers.Number(request, "limit", DefaultLimit), 1, MostAtATime);
        var page = all.SkipUntilAfter(request.Query["after"]).Take(limit + 1).ToArray();
        var shown = page.Take(limit).ToArray();
        return Answers.Json(new JsonObject
        {
            ["data"] = new JsonArray([.. shown.Select(Rows.Of)]),
            ["paging"] = new JsonObject
            {
                ["cursors"] = new JsonObject { ["before"] = shown.FirstOrDefault()?.Id, ["after"] = shown.LastOrDefault()?.Id },
                ["next"] = page.Length > limit ? shown[^1].Id : null,
            },
        });
    }

    private static IEnumerable<Message> SkipUntilAfter(this IEnumerable<Message> messages, string? id) =>
        string.IsNullOrEmpty(id) ? messages : messages.SkipWhile(message => message.Id != id).Skip(1);

    /// <summary>Meta's refusals are objects with a code, the platform's own are texts.</summary>
    private static IResult Refused(MessageRefusal refusal) => refusal.Code is { } code
        ? Answers.Json(
            new JsonObject
            {
                ["error"] = new JsonObject
                {
                    ["message"] = refusal.Text,
                    ["type"] = "OAuthException",
                    ["code"] = code,
                    ["fbtrace_id"] = "AsimulatedTraceId0000000",
                },
            },
            refusal.Status)
        : Answers.Error(refusal.Status, refusal.Text);
}
