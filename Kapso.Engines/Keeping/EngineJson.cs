using System.Text.Json.Serialization;
using Kapso.Connections.Reconciling;

namespace Kapso.Engines.Keeping;

/// <summary>The stored form of what is kept beside connections.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Observation))]
[JsonSerializable(typeof(ParkedDelivery))]
[JsonSerializable(typeof(Reconciliation))]
[JsonSerializable(typeof(ReceiverBook))]
[JsonSerializable(typeof(ReceiverMessage))]
[JsonSerializable(typeof(TurnedAwayRecord))]
[JsonSerializable(typeof(AuditLine))]
public sealed partial class EngineJson : JsonSerializerContext;
