using System.Globalization;
using System.Text;
using Kapso.Connections.Webhooks;
using Microsoft.AspNetCore.Http;

namespace Kapso.Web.Webhooks;

/// <summary>What a webhook request gets: a status and a small body, which is made once but for packed deliveries.</summary>
public sealed class WebhookAnswer
{
    private readonly byte[] _body;

    private WebhookAnswer(int status, string outcome, string json, TurnedAwayKind? turnedAway = null, string? packing = null)
    {
        (Status, OutcomeText, TurnedAway, Packing) = (status, outcome, turnedAway, packing);
        StatusText = status.ToString(CultureInfo.InvariantCulture);
        _body = Encoding.UTF8.GetBytes(json);
    }

    /// <summary>Parked for a person or a replay.</summary>
    public static WebhookAnswer Parked { get; } = Ok("parked");

    /// <summary>Authentic, and not an event of ours: counted.</summary>
    public static WebhookAnswer Counted { get; } = Ok("counted");

    /// <summary>A test delivery: kept as the last one.</summary>
    public static WebhookAnswer Test { get; } = Ok("test");

    /// <summary>The body did not arrive.</summary>
    public static WebhookAnswer Incomplete { get; } = Refused(
        400, "Bad Request", "The body did not arrive in full.", TurnedAwayKind.BodyIncomplete);

    /// <summary>No signature.</summary>
    public static WebhookAnswer Unsigned { get; } = Refused(
        401, "Unauthorized", "X-Webhook-Signature is missing.", TurnedAwayKind.SignatureMissing);

    /// <summary>No secret signed it.</summary>
    public static WebhookAnswer WronglySigned { get; } = Refused(
        401, "Unauthorized", "X-Webhook-Signature is wrong.", TurnedAwayKind.SignatureWrong);

    /// <summary>No signature, and a packed body.</summary>
    /// <param name="packing">What it was packed by, from <see cref="BodyForm.PackingOf"/>.</param>
    public static WebhookAnswer UnsignedPacked(string packing) => Refused(
        401, "Unauthorized", $"X-Webhook-Signature is missing, and the body came {packing}.", TurnedAwayKind.SignatureMissing, packing);

    /// <summary>No secret signed it as it came, which was packed: possibly it was signed before that.</summary>
    /// <param name="packing">What it was packed by, from <see cref="BodyForm.PackingOf"/>.</param>
    public static WebhookAnswer WronglySignedPacked(string packing) => Refused(
        401,
        "Unauthorized",
        $"X-Webhook-Signature is wrong for the bytes that came. The body came {packing}: a proxy that packs it breaks its signature.",
        TurnedAwayKind.SignatureWrong,
        packing);

    /// <summary>There is no secret to check a signature with; its sender is not told so.</summary>
    public static WebhookAnswer NoSecret { get; } = Refused(
        401, "Unauthorized", "X-Webhook-Signature is wrong.", TurnedAwayKind.SecretMissing);

    /// <summary>No such project.</summary>
    public static WebhookAnswer UnknownProject { get; } = Refused(404, "Not Found", "No such project is served here.");

    /// <summary>The body took too long.</summary>
    public static WebhookAnswer TooSlow { get; } = Refused(
        408, "Request Timeout", "The body took too long to arrive.", TurnedAwayKind.BodyIncomplete);

    /// <summary>The body is over the limit.</summary>
    public static WebhookAnswer TooLarge { get; } = Refused(
        413, "Content Too Large", "The body is larger than 1,048,576 bytes.", TurnedAwayKind.BodyTooLarge);

    /// <summary>Nothing durable answered: the sender must try again.</summary>
    public static WebhookAnswer Unavailable { get; } = Refused(
        503, "Service Unavailable", "The delivery could not be made durable. Send it again.", TurnedAwayKind.DeliveryNotKept);

    /// <summary>The secret that the service made for its webhook could not be read from the store so far.</summary>
    public static WebhookAnswer SecretNotKnown { get; } = Refused(
        503, "Service Unavailable", "What signs the webhook is not known yet. Send it again.", TurnedAwayKind.DeliveryNotKept);

    /// <summary>One for each status with which a delivery is refused.</summary>
    internal static IReadOnlyList<WebhookAnswer> Refusals { get; } = [Incomplete, WronglySigned, UnknownProject, TooSlow, TooLarge, Unavailable];

    /// <summary>The body.</summary>
    internal ReadOnlySpan<byte> Body => _body;

    /// <summary>The HTTP status.</summary>
    public int Status { get; }

    /// <summary>The HTTP status as a metric's tag.</summary>
    public string StatusText { get; }

    /// <summary>What became of the delivery, as a metric's tag; <c>refused</c> where it was not taken.</summary>
    public string OutcomeText { get; }

    /// <summary>As what it is counted, where it was not taken; null for those of no project.</summary>
    public TurnedAwayKind? TurnedAway { get; }

    /// <summary>What the body was packed by, where it was refused for its signature; null where it was not packed.</summary>
    public string? Packing { get; }

    private static WebhookAnswer Applied { get; } = Ok("applied");

    private static WebhookAnswer Adopted { get; } = Ok("adopted");

    private static WebhookAnswer Duplicate { get; } = Ok("duplicate");

    private static WebhookAnswer Stale { get; } = Ok("stale");

    private static WebhookAnswer Noted { get; } = Ok("noted");

    /// <summary>The answer for what became of an observation.</summary>
    public static WebhookAnswer For(Outcome outcome) => outcome switch
    {
        Outcome.Applied => Applied,
        Outcome.Adopted => Adopted,
        Outcome.Duplicate => Duplicate,
        Outcome.Stale => Stale,
        Outcome.Noted => Noted,
        _ => Parked,
    };

    /// <summary>Writes the answer.</summary>
    /// <param name="response">The response, not started.</param>
    /// <param name="retryAfter">Seconds that a 503 asks the sender to wait.</param>
    public Task WriteAsync(HttpResponse response, int retryAfter)
    {
        response.StatusCode = Status;
        var headers = response.Headers;
        headers.ContentType = Status == StatusCodes.Status200OK ? "application/json" : "application/problem+json";
        headers.ContentLength = _body.Length;
        if (Status == StatusCodes.Status503ServiceUnavailable)
            headers.RetryAfter = retryAfter.ToString(CultureInfo.InvariantCulture);
        return response.Body.WriteAsync(_body, 0, _body.Length);
    }

    private static WebhookAnswer Ok(string outcome) => new(200, outcome, $$"""{"outcome":"{{outcome}}"}""");

    private static WebhookAnswer Refused(
        int status, string title, string detail, TurnedAwayKind? turnedAway = null, string? packing = null) =>
        new(status, "refused", $$"""{"title":"{{title}}","status":{{status}},"detail":"{{detail}}"}""", turnedAway, packing);
}
