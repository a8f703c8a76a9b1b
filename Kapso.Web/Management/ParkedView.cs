using System.Text;
using Kapso.Connections.Webhooks;

namespace Kapso.Web.Management;

/// <summary>One parked delivery, without its body.</summary>
/// <param name="Id">Our id of it.</param>
/// <param name="Reason">Why it was parked.</param>
/// <param name="Detail">What exactly was wrong.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="DiscardOnly">Whether nothing but discarding it makes sense.</param>
/// <param name="ReceivedAt">When it was received.</param>
/// <param name="ResolvedAt">When it was replayed or discarded.</param>
/// <param name="Event"><c>X-Webhook-Event</c>.</param>
/// <param name="IdempotencyKey"><c>X-Idempotency-Key</c>.</param>
/// <param name="PayloadVersion"><c>X-Webhook-Payload-Version</c>.</param>
/// <param name="Batch">Whether <c>X-Webhook-Batch</c> was true.</param>
/// <param name="ContentType"><c>Content-Type</c>.</param>
/// <param name="BodyBytes">Size of the raw body, in bytes.</param>
public sealed record ParkedView(
    string Id,
    ParkedReason Reason,
    string? Detail,
    ParkedStatus Status,
    bool DiscardOnly,
    DateTime ReceivedAt,
    DateTime? ResolvedAt,
    string? Event,
    string? IdempotencyKey,
    string? PayloadVersion,
    bool Batch,
    string? ContentType,
    int BodyBytes)
{
    /// <summary>Shows a delivery.</summary>
    public static ParkedView Of(ParkedDelivery parked) => new(
        parked.Id,
        parked.Reason,
        parked.Detail,
        parked.Status,
        parked.DiscardOnly,
        parked.ReceivedAt.UtcDateTime,
        parked.ResolvedAt?.UtcDateTime,
        parked.Event,
        parked.IdempotencyKey,
        parked.PayloadVersion,
        parked.Batch,
        parked.ContentType,
        parked.Body.Length);

    /// <summary>Shows a delivery that waits.</summary>
    public static ParkedView Of(ParkedHead parked) => new(
        parked.Id,
        parked.Reason,
        parked.Detail,
        ParkedStatus.Waiting,
        parked.Reason.IsDiscardOnly(),
        parked.ReceivedAt.UtcDateTime,
        null,
        parked.Event,
        parked.IdempotencyKey,
        parked.PayloadVersion,
        parked.Batch,
        parked.ContentType,
        parked.BodyBytes);
}

/// <summary>One parked delivery with its body.</summary>
/// <param name="Delivery">The delivery.</param>
/// <param name="BodyEncoding"><c>text</c> where the body is UTF-8, else <c>base64</c>.</param>
/// <param name="Body">The raw body, so encoded.</param>
public sealed record ParkedBodyView(ParkedView Delivery, string BodyEncoding, string Body)
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>Shows a delivery with its body.</summary>
    public static ParkedBodyView Of(ParkedDelivery parked)
    {
        var view = ParkedView.Of(parked);
        try
        {
            return new ParkedBodyView(view, "text", Strict.GetString(parked.Body.Span));
        }
        catch (DecoderFallbackException)
        {
            return new ParkedBodyView(view, "base64", Convert.ToBase64String(parked.Body.Span));
        }
    }
}
