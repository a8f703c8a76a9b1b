using System.Text.Json.Serialization;
using Kapso.Connections;
using Kapso.Connections.Engine;
using Kapso.Connections.Reconciling;

namespace Kapso.Platform.Engines;

/// <summary>The stored form of what is kept beside connections.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Observation))]
[JsonSerializable(typeof(ParkedDelivery))]
[JsonSerializable(typeof(Reconciliation))]
internal sealed partial class EngineJson : JsonSerializerContext;
