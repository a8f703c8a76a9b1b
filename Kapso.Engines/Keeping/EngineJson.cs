using System.Text.Json.Serialization;
using Kapso.Connections.Reconciling;
using Kapso.Engines.Erasing;

namespace Kapso.Engines.Keeping;

/// <summary>The stored form of what is kept beside connections.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Observation))]
[JsonSerializable(typeof(ParkedDelivery))]
[JsonSerializable(typeof(Reconciliation))]
[JsonSerializable(typeof(KeptWebhook))]
[JsonSerializable(typeof(ReceiverBook))]
[JsonSerializable(typeof(ReceiverMessage))]
[JsonSerializable(typeof(TurnedAwayRecord))]
[JsonSerializable(typeof(AuditLine))]
[JsonSerializable(typeof(Erasure))]
[JsonSerializable(typeof(ErasedNames))]
public sealed partial class EngineJson : JsonSerializerContext;
