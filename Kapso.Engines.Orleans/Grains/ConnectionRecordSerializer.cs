using Kapso.Connections.Storage;
using Orleans.Storage;

namespace Kapso.Engines.Orleans.Grains;

/// <summary>Stores a connection in exactly the form that the embedded engine stores it in, with its version.</summary>
internal sealed class ConnectionRecordSerializer : IGrainStorageSerializer
{
    private static readonly BinaryData NoConnection = new("null"u8.ToArray());

    public BinaryData Serialize<T>(T? input) => input switch
    {
        ConnectionRecord { Connection: { } connection } => new BinaryData(ConnectionJson.Write(connection)),
        ConnectionRecord => NoConnection,
        _ => throw new NotSupportedException($"This storage keeps connections only, not {typeof(T)}."),
    };

    public T Deserialize<T>(BinaryData input)
    {
        var bytes = input.ToMemory().Span;
        var record = new ConnectionRecord { Connection = bytes.SequenceEqual("null"u8) ? null : ConnectionJson.Read(bytes) };
        return record is T value
            ? value
            : throw new NotSupportedException($"This storage keeps connections only, not {typeof(T)}.");
    }
}
