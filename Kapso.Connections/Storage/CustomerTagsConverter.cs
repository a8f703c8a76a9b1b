using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kapso.Connections.Storage;

/// <summary>Tags as a list of <c>key:value</c>.</summary>
public sealed class CustomerTagsConverter : JsonConverter<CustomerTags>
{
    /// <inheritdoc/>
    public override CustomerTags? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new JsonException("A list of tags was expected.");
        var tags = new List<KeyValuePair<string, string?>>();
        while (reader.Read() && reader.TokenType == JsonTokenType.String)
        {
            if (!CustomerTags.TryParse(reader.GetString(), out var key, out var value))
                throw new JsonException("A tag was expected: a key, a colon and a value.");
            tags.Add(new(key, value));
        }

        return reader.TokenType == JsonTokenType.EndArray && tags.Count <= CustomerTags.MaxCount
            ? CustomerTags.With(null, tags)
            : throw new JsonException($"At most {CustomerTags.MaxCount} tags were expected.");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, CustomerTags value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        writer.WriteStartArray();
        foreach (var tag in value.All)
            writer.WriteStringValue(tag);
        writer.WriteEndArray();
    }
}
