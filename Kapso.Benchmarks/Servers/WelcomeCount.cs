using System.Text.Json.Serialization;

namespace Kapso.Benchmarks.Servers;

/// <summary>What a receiver of welcomes has seen.</summary>
/// <param name="Distinct">Distinct ids.</param>
/// <param name="Repeats">Requests whose id was known already.</param>
/// <param name="Malformed">Requests without an id or without a customer.</param>
internal sealed record WelcomeCount(long Distinct, long Repeats, long Malformed);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(WelcomeCount))]
internal sealed partial class ReceiverJson : JsonSerializerContext;
