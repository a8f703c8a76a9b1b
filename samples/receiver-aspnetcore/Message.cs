using System.Text.Json.Serialization;

namespace ReceiverSample;

/// <summary>A welcome or a change, as far as this receiver looks into it.</summary>
/// <param name="Type">Such as <c>customer.connected</c> or <c>connection.gone</c>; unknown ones may come, and are taken.</param>
/// <param name="Timestamp">When what it tells was decided.</param>
/// <param name="Data">Whom it is about.</param>
internal sealed record Message(string Type, DateTimeOffset Timestamp, MessageData Data);

/// <summary>Whom a message is about.</summary>
/// <param name="CustomerId">The platform's id of the customer; null in a test.</param>
/// <param name="ExternalId">Your own id for the customer; null where none is known.</param>
internal sealed record MessageData(
    [property: JsonPropertyName("customer_id")] string? CustomerId,
    [property: JsonPropertyName("external_id")] string? ExternalId);
