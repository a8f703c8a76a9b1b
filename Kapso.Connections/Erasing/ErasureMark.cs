using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Kapso.Connections.Erasing;

/// <summary>
/// All that is remembered of an erased customer, so that nobody is greeted again and nothing old brings the customer back: hashes by the
/// store's <see cref="ErasureKey"/>, and when it was.
/// </summary>
public sealed record ErasureMark
{
    /// <summary>Most numbers that are remembered, over all erasures of the customer; the oldest make room.</summary>
    public const int MaxNumbers = 500;

    /// <summary>Most deliveries that are remembered; the oldest make room.</summary>
    public const int MaxDeliveries = 500;

    /// <summary>When the customer was last erased, in whole milliseconds.</summary>
    [JsonPropertyName("a")]
    public required DateTimeOffset At { get; init => field = value.ToWholeMilliseconds(); }

    /// <summary>The customer's numbers, as <see cref="ErasureKey.OfNumber"/>: none of them is greeted.</summary>
    [JsonPropertyName("n")]
    public ImmutableArray<string> Numbers { get; init; } = [];

    /// <summary>Webhooks that were heard of the customer, as <see cref="ErasureKey.OfDelivery"/>: a copy of one is no news.</summary>
    [JsonPropertyName("d")]
    public ImmutableArray<string> Deliveries { get; init; } = [];

    /// <summary>Whether the number was one of the customer's.</summary>
    public bool HasNumber(CustomerKey key, string phoneNumberId, ErasureKey by)
    {
        ArgumentNullException.ThrowIfNull(by);
        return Numbers.Contains(by.OfNumber(key, phoneNumberId));
    }

    /// <summary>Whether an observation is a copy of what was known, or tells of what was before the erasure.</summary>
    public bool IsOld(CustomerKey key, Observation observation, ErasureKey by)
    {
        ArgumentNullException.ThrowIfNull(observation);
        ArgumentNullException.ThrowIfNull(by);
        return observation.OccurredAt <= At
            || (observation.Replayed && observation.ReceivedAt <= At)
            || (observation.Kind == ObservationKind.ApiConnected && !(observation.RowCreatedAt > At))
            || (observation.DeliveryId is { } delivery && Deliveries.Contains(by.OfDelivery(key, delivery)));
    }
}
