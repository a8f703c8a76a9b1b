using System.Globalization;

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
        if (await Bodies.ReadAsync(request) is not { } body
            || body.Text("messaging_product") != "whatsapp" || body.Text("to") is not { Length: > 0 } to || body.Text("type") is not { } type)
            return Refused(new(400, 100, "(#100) Invalid parameter"));

        var template = body.Member("template");
        var (message, refusal) = platform.Send(sender, new MessageDraft(
            to, type, template?.Text("name"), template?.Member("language")?.Text("code"), body.Text("biz_opaque_callback_data")));
        if (message is null)
            return Refused(refusal!);
        return Answers.Json(new
        {
            MessagingProduct = "whatsapp",
            Contacts = new[] { new { Input = to, WaId = message.To } },
            Messages = new[] { new { message.Id, MessageStatus = "accepted" } },
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
        var cursors = new { Before = shown.FirstOrDefault()?.Id, After = shown.LastOrDefault()?.Id };
        return Answers.Json(new
        {
            Data = shown.Select(Rows.Of),
            Paging = new { cursors, Next = page.Length > limit ? cursors.After : null },
        });
    }

    private static IEnumerable<Message> SkipUntilAfter(this IEnumerable<Message> messages, string? id) =>
        string.IsNullOrEmpty(id) ? messages : messages.SkipWhile(message => message.Id != id).Skip(1);

    /// <summary>Meta's refusals are objects with a code, the platform's own are texts.</summary>
    private static IResult Refused(MessageRefusal refusal)
    {
        if (refusal.Code is not { } code)
            return Answers.Error(refusal.Status, refusal.Text);
        var error = new { Message = refusal.Text, Type = "OAuthException", code, FbtraceId = "AsimulatedTraceId0000000" };
        return Answers.Json(new { error }, refusal.Status);
    }
}
