using Kapso.Connections.Webhooks;

namespace Kapso.Engines.Contract;

/// <summary>
/// What lists show of a parked delivery that waits: all but its body. A thousand bodies can be a gigabyte; one is read where
/// one is opened or replayed, by <see cref="IParkedDeliveries.FindParkedAsync"/>.
/// </summary>
public sealed record ParkedHead
{
    /// <inheritdoc cref="ParkedDelivery.Id"/>
    public required string Id { get; init; }

    /// <inheritdoc cref="ParkedDelivery.ProjectId"/>
    public required string ProjectId { get; init; }

    /// <inheritdoc cref="ParkedDelivery.Reason"/>
    public required ParkedReason Reason { get; init; }

    /// <inheritdoc cref="ParkedDelivery.Detail"/>
    public string? Detail { get; init; }

    /// <inheritdoc cref="ParkedDelivery.ReceivedAt"/>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <inheritdoc cref="ParkedDelivery.Event"/>
    public string? Event { get; init; }

    /// <inheritdoc cref="ParkedDelivery.IdempotencyKey"/>
    public string? IdempotencyKey { get; init; }

    /// <inheritdoc cref="ParkedDelivery.PayloadVersion"/>
    public string? PayloadVersion { get; init; }

    /// <inheritdoc cref="ParkedDelivery.Batch"/>
    public bool Batch { get; init; }

    /// <inheritdoc cref="ParkedDelivery.ContentType"/>
    public string? ContentType { get; init; }

    /// <summary>Size of the raw body, in bytes.</summary>
    public required int BodyBytes { get; init; }

    /// <summary>What lists show of a delivery.</summary>
    /// <param name="delivery">The delivery; its body may be left out.</param>
    /// <param name="bodyBytes">Size of its raw body, in bytes.</param>
    public static ParkedHead Of(ParkedDelivery delivery, int bodyBytes)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        return new ParkedHead
        {
            Id = delivery.Id,
            ProjectId = delivery.ProjectId,
            Reason = delivery.Reason,
            Detail = delivery.Detail,
            ReceivedAt = delivery.ReceivedAt,
            Event = delivery.Event,
            IdempotencyKey = delivery.IdempotencyKey,
            PayloadVersion = delivery.PayloadVersion,
            Batch = delivery.Batch,
            ContentType = delivery.ContentType,
            BodyBytes = bodyBytes,
        };
    }
}
