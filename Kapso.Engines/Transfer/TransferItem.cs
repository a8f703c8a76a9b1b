using System.Text.Json;
using System.Text.Json.Serialization;
using Kapso.Connections.Storage;

namespace Kapso.Engines.Transfer;

/// <summary>
/// One line of a transfer: what moves from one engine to another. A file has one <see cref="TransferStart"/>, then the
/// customers, then what is kept beside them, and one <see cref="TransferEnd"/>, by which a file that was cut off is told.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(TransferStart), "start")]
[JsonDerivedType(typeof(TransferredCustomer), "customer")]
[JsonDerivedType(typeof(TransferredParked), "parked")]
[JsonDerivedType(typeof(TransferredHint), "hint")]
[JsonDerivedType(typeof(TransferredAudit), "audit")]
[JsonDerivedType(typeof(TransferredReceivers), "receivers")]
[JsonDerivedType(typeof(TransferredErasureKey), "erasure_key")]
[JsonDerivedType(typeof(TransferredErasure), "erasure")]
[JsonDerivedType(typeof(TransferEnd), "end")]
public abstract record TransferItem;

/// <summary>The first line.</summary>
/// <param name="Version">Version of the form: <see cref="TransferFile.Version"/>, or <see cref="TransferFile.FirstVersion"/>.</param>
/// <param name="FirstStart">When the service first started on the store: what <c>Welcome:Since</c> defaults to.</param>
public sealed record TransferStart(int Version, DateTimeOffset FirstStart) : TransferItem;

/// <summary>One customer.</summary>
/// <param name="Connection">All that is known of the customer, in its stored form.</param>
/// <param name="Owns">Those of its numbers that it was the last to prove: the index of numbers.</param>
public sealed record TransferredCustomer(
    [property: JsonConverter(typeof(StoredConnectionConverter))] Connection Connection, IReadOnlyList<string> Owns) : TransferItem;

/// <summary>A parked delivery that waits.</summary>
/// <param name="Delivery">The delivery.</param>
public sealed record TransferredParked(ParkedDelivery Delivery) : TransferItem;

/// <summary>A redirect that found no customer and waits for a proof of its number.</summary>
/// <param name="ProjectId">The project.</param>
/// <param name="Hint">What the browser said.</param>
public sealed record TransferredHint(string ProjectId, Observation Hint) : TransferItem;

/// <summary>A line of the audit. Only files of version 2 and later have such.</summary>
/// <param name="Line">The line.</param>
public sealed record TransferredAudit(AuditLine Line) : TransferItem;

/// <summary>The company's receivers of a project. Only files of version 2 and later have such.</summary>
/// <param name="ProjectId">The project.</param>
/// <param name="Book">The receivers, with their secrets.</param>
public sealed record TransferredReceivers(string ProjectId, ReceiverBook Book) : TransferItem;

/// <summary>The key under which what is remembered of erased customers is hashed. Only files of version 2 and later have it, where anybody was erased.</summary>
/// <param name="Key">The key.</param>
public sealed record TransferredErasureKey(byte[] Key) : TransferItem;

/// <summary>What is remembered of an erased customer. Only files of version 2 and later have such.</summary>
/// <param name="Erasure">What was erased, and is remembered.</param>
public sealed record TransferredErasure(Erasure Erasure) : TransferItem;

/// <summary>The last line: how many there are of each.</summary>
/// <param name="Customers">Customers.</param>
/// <param name="Parked">Parked deliveries.</param>
/// <param name="Hints">Unclaimed hints.</param>
public sealed record TransferEnd(long Customers, long Parked, long Hints) : TransferItem
{
    /// <summary>Lines of the audit; null for none.</summary>
    public long? Audit { get; init; }
}

/// <summary>A connection exactly as both engines store it.</summary>
internal sealed class StoredConnectionConverter : JsonConverter<Connection>
{
    public override Connection Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var stored = JsonDocument.ParseValue(ref reader);
        return ConnectionJson.Read(JsonSerializer.SerializeToUtf8Bytes(stored.RootElement, TransferJson.Default.JsonElement));
    }

    public override void Write(Utf8JsonWriter writer, Connection value, JsonSerializerOptions options) =>
        writer.WriteRawValue(ConnectionJson.Write(value), skipInputValidation: true);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TransferItem))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class TransferJson : JsonSerializerContext;
