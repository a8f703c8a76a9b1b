using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kapso.Connections.Values;

/// <summary>A text that opens something for whoever has it: a setup URL, a token, a redirect URL with a state. It prints as stars.</summary>
/// <param name="Reveal">The text itself; for the wire, the record and the customer's eyes only.</param>
[JsonConverter(typeof(BearerSecretConverter))]
public readonly record struct BearerSecret(string Reveal)
{
    /// <inheritdoc/>
    public override string ToString() => "***";
}

/// <summary>A secret as the plain text that it is.</summary>
public sealed class BearerSecretConverter : JsonConverter<BearerSecret>
{
    /// <inheritdoc/>
    public override BearerSecret Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(reader.GetString() ?? "");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, BearerSecret value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Reveal);
}
