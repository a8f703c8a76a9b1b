using Kapso.Connections.Webhooks;

namespace Kapso.Web.Webhooks;

/// <summary>An authentic delivery as it arrived: what is needed to read it, and to keep it.</summary>
/// <param name="ProjectId">The project whose secret signed it.</param>
/// <param name="Headers">What its headers said.</param>
/// <param name="ReceivedAt">When it arrived.</param>
/// <param name="TraceParent">W3C <c>traceparent</c> of the request.</param>
/// <param name="Body">The raw body; the buffer belongs to the request.</param>
internal readonly record struct Arrival(
    string ProjectId,
    WebhookHeaders Headers,
    DateTimeOffset ReceivedAt,
    string? TraceParent,
    ReadOnlyMemory<byte> Body)
{
    // Headers are not bounded by the platform's documentation; what is kept of them is.
    private const int MaxHeader = 256;

    /// <summary>What the delivery says.</summary>
    public WebhookReading Read() =>
        WebhookReader.Read(ProjectId, Headers, Body.Span, ReceivedAt, replayed: false, TraceParent);

    /// <summary>The delivery with a copy of its body, to be kept.</summary>
    public ParkedDelivery ToParked(ParkedReason reason, string? detail) => new()
    {
        Id = Guid.CreateVersion7(ReceivedAt).ToString(),
        ProjectId = ProjectId,
        Reason = reason,
        Detail = detail,
        ReceivedAt = ReceivedAt,
        Event = Bounded(Headers.Event),
        IdempotencyKey = Bounded(Headers.IdempotencyKey),
        PayloadVersion = Bounded(Headers.PayloadVersion),
        Batch = Headers.Batch,
        ContentType = Bounded(Headers.ContentType),
        Body = Body.ToArray(),
        TraceParent = TraceParent,
    };

    private static string? Bounded(string? header) => header is { Length: > MaxHeader } ? header[..MaxHeader] : header;
}
