using System.Text.Json;
using Kapso.Platform.Api.Reading;

namespace Kapso.Platform.Api;

/// <summary>A delivery in the platform's log, which keeps no bodies.</summary>
/// <param name="Id">The platform's id.</param>
/// <param name="WebhookId">The webhook that it is of.</param>
/// <param name="Event">The event's name.</param>
/// <param name="Status">How it stands, in the platform's word, such as <c>delivered</c> or <c>failed</c>.</param>
/// <param name="Answer">What its last attempt was answered, as plain text: a status code, or what went wrong; null where it tells nothing.</param>
/// <param name="CreatedAt">When the platform made it.</param>
public sealed record PlatformDelivery(string Id, string? WebhookId, string? Event, string? Status, string? Answer, DateTimeOffset? CreatedAt)
{
    // What the member is called is not documented.
    private static readonly string[] Answers = ["last_response", "response_status", "response_code", "status_code"];

    internal static PlatformDelivery? Read(JsonElement row) => row.Text("id") is { } id
        ? new(
            id, row.Text("webhook_id"), row.Text("event"), row.Text("status"),
            Answers.Select(name => row.Text(name)).OfType<string>().Select(PlainText.Of).FirstOrDefault(), row.Time("created_at"))
        : null;
}
