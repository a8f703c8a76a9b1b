using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kapso.Engines.Orleans.Calls;

// An observation and its receipt cross the wire with every delivery. They have forms of their own, because the general one
// names the type in each message and looks it up again when it is read.

/// <summary>An observation as it is sent.</summary>
[GenerateSerializer, Immutable, Alias("kapso.observation")]
internal struct SentObservation
{
    [Id(0)]
    public byte[] Json;
}

/// <summary>A receipt as it is sent.</summary>
[GenerateSerializer, Immutable, Alias("kapso.receipt")]
internal struct SentReceipt
{
    [Id(0)]
    public int Outcome;

    [Id(1)]
    public int Status;

    [Id(2)]
    public long Sequence;
}

[RegisterConverter]
internal sealed class ObservationConverter : IConverter<Observation, SentObservation>
{
    public Observation ConvertFromSurrogate(in SentObservation surrogate) =>
        JsonSerializer.Deserialize(surrogate.Json, CallJson.Default.Observation)!;

    public SentObservation ConvertToSurrogate(in Observation value) =>
        new() { Json = JsonSerializer.SerializeToUtf8Bytes(value, CallJson.Default.Observation) };
}

[RegisterConverter]
internal sealed class ReceiptConverter : IConverter<Receipt, SentReceipt>
{
    public Receipt ConvertFromSurrogate(in SentReceipt surrogate) =>
        new((Outcome)surrogate.Outcome, (ConnectionStatus)surrogate.Status, surrogate.Sequence);

    public SentReceipt ConvertToSurrogate(in Receipt value) =>
        new() { Outcome = (int)value.Outcome, Status = (int)value.Status, Sequence = value.Sequence };
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Observation))]
internal sealed partial class CallJson : JsonSerializerContext;
