namespace Kapso.Connections.Webhooks;

/// <summary>What the headers of a webhook said. None of it is signed: it steers how the body is read, and proves nothing.</summary>
/// <param name="Event"><c>X-Webhook-Event</c>; null or blank where it is missing.</param>
/// <param name="IdempotencyKey"><c>X-Idempotency-Key</c>; kept for the timeline where it is a <see cref="BoundedId"/>.</param>
/// <param name="PayloadVersion"><c>X-Webhook-Payload-Version</c>; kept with parked deliveries, nothing is decided by it.</param>
/// <param name="Batch">Whether <c>X-Webhook-Batch</c> was true.</param>
/// <param name="ContentType"><c>Content-Type</c>; says what is wrong with a body that cannot be read, nothing else.</param>
/// <param name="ContentEncoding"><c>Content-Encoding</c>; the same.</param>
public readonly record struct WebhookHeaders(
    string? Event, string? IdempotencyKey, string? PayloadVersion, bool Batch, string? ContentType = null, string? ContentEncoding = null);
