using Kapso.Connections.Webhooks;

namespace Kapso.Engines.Contract;

/// <summary>Where a parked delivery stands.</summary>
public enum ParkedStatus
{
    /// <summary>It waits for a replay or a person.</summary>
    Waiting,

    /// <summary>It was folded in after all.</summary>
    Replayed,

    /// <summary>A person discarded it.</summary>
    Discarded,
}

/// <summary>
/// An authentic delivery that could not be folded into a connection: body and what is needed to read it again, never the
/// signature or other headers.
/// </summary>
public sealed record ParkedDelivery
{
    /// <summary>Our id of it; sorts by the time of receipt (version 7 UUID).</summary>
    public required string Id { get; init; }

    /// <summary>The project whose secret signed it.</summary>
    public required string ProjectId { get; init; }

    /// <summary>Why it was parked.</summary>
    public required ParkedReason Reason { get; init; }

    /// <summary>What exactly was wrong, in words.</summary>
    public string? Detail { get; init; }

    /// <summary>Where it stands.</summary>
    public ParkedStatus Status { get; init; }

    /// <summary>When it was received, in whole milliseconds; kept for the replay.</summary>
    public required DateTimeOffset ReceivedAt { get; init => field = value.ToWholeMilliseconds(); }

    /// <summary>When it was replayed or discarded.</summary>
    public DateTimeOffset? ResolvedAt { get; init; }

    /// <summary><c>X-Webhook-Event</c>.</summary>
    public string? Event { get; init; }

    /// <summary><c>X-Idempotency-Key</c>.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary><c>X-Webhook-Payload-Version</c>.</summary>
    public string? PayloadVersion { get; init; }

    /// <summary>Whether <c>X-Webhook-Batch</c> was true.</summary>
    public bool Batch { get; init; }

    /// <summary><c>Content-Type</c>.</summary>
    public string? ContentType { get; init; }

    /// <summary>The raw body, at most 1 MiB.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>W3C <c>traceparent</c> of the delivery.</summary>
    public string? TraceParent { get; init; }

    /// <summary>Whether nothing but discarding it makes sense.</summary>
    public bool DiscardOnly => Reason.IsDiscardOnly();

    /// <summary>Reads the body again. Its observations keep the time at which it was first received.</summary>
    public WebhookReading Read() => WebhookReader.Read(
        ProjectId,
        new WebhookHeaders(Event, IdempotencyKey, PayloadVersion, Batch, ContentType),
        Body.Span,
        ReceivedAt,
        replayed: true,
        TraceParent);
}
