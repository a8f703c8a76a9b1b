using System.Text.Json;
using Kapso.Connections.Storage;
using Orleans.Storage;

namespace Kapso.Engines.Orleans.Grains;

/// <summary>Stores a connection in exactly the form that the embedded engine stores it in, with its version.</summary>
internal sealed class ConnectionRecordSerializer : IGrainStorageSerializer
{
    private static readonly BinaryData NoConnection = new("null"u8.ToArray());

    public BinaryData Serialize<T>(T? input) => input switch
    {
        ConnectionRecord { Unreadable: { } why } => throw new InvalidOperationException(why),
        ConnectionRecord { Connection: { } connection } => new BinaryData(ConnectionJson.Write(connection)),
        ConnectionRecord => NoConnection,
        _ => throw new NotSupportedException($"This storage keeps connections only, not {typeof(T)}."),
    };

    public T Deserialize<T>(BinaryData input)
    {
        return Read(input.ToMemory().Span) is T value
            ? value
            : throw new NotSupportedException($"This storage keeps connections only, not {typeof(T)}.");
    }

    /// <summary>What cannot be read is the grain's to tell, in words: thrown here, it would be told by each layer above, with its stack.</summary>
    private static ConnectionRecord Read(ReadOnlySpan<byte> stored)
    {
        try
        {
            return new ConnectionRecord { Connection = stored.SequenceEqual("null"u8) ? null : ConnectionJson.Read(stored) };
        }
        catch (JsonException exception)
        {
            return new ConnectionRecord { Unreadable = exception.Message };
        }
    }
}
