using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kapso.Connections.Storage;

/// <summary>
/// The stored form of a connection: compact JSON with short names, times in milliseconds since 1970, enums as numbers
/// (new members are appended, never inserted). Both engines store exactly these bytes. What an earlier version would act on wrongly is written
/// with a version that it refuses: a notify of one of several receivers, which it would send to its only one, and one of a type that it does not know.
/// </summary>
public static class ConnectionJson
{
    /// <summary>The connection's stored form, UTF-8.</summary>
    public static byte[] Write(Connection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        var version = connection.Outbox.Any(static effect => effect.Receiver is not null || effect.NotifyType > NotifyType.Attention) ? Connection.CurrentVersion : Connection.FirstVersion;
        if (connection.Version != version)
            connection = connection with { Version = version };
        return JsonSerializer.SerializeToUtf8Bytes(connection, StoredConnectionContext.Default.Connection);
    }

    /// <summary>Reads a stored connection of this version or an older one.</summary>
    /// <exception cref="JsonException">The bytes are not a connection, or were written by a newer version.</exception>
    public static Connection Read(ReadOnlySpan<byte> utf8)
    {
        var connection = JsonSerializer.Deserialize(utf8, StoredConnectionContext.Default.Connection)
            ?? throw new JsonException("A stored connection was expected and null was found.");
        return connection.Version <= Connection.CurrentVersion
            ? connection
            : throw new JsonException(
                $"The stored connection has version {connection.Version}; this version of Kapso reads up to "
                + $"{Connection.CurrentVersion}. Start the newer version again.");
    }
}

/// <summary>Times as milliseconds since 1970, UTC.</summary>
internal sealed class UnixMillisecondsConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64());

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(value.ToUnixTimeMilliseconds());
}

[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    Converters = [typeof(UnixMillisecondsConverter)])]
[JsonSerializable(typeof(Connection))]
internal sealed partial class StoredConnectionContext : JsonSerializerContext;
