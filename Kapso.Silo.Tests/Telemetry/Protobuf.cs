namespace Kapso.Silo.Tests.Telemetry;

/// <summary>As much of the protobuf encoding as it takes to find fields by their numbers.</summary>
internal static class Protobuf
{
    private const int Varint = 0;
    private const int Fixed64 = 1;
    private const int Bytes = 2;
    private const int Fixed32 = 5;

    /// <summary>The fields of a message that hold bytes: texts, ids and further messages.</summary>
    public static IEnumerable<(int Field, ReadOnlyMemory<byte> Value)> Read(ReadOnlyMemory<byte> message)
    {
        while (!message.IsEmpty)
        {
            var tag = Number(ref message);
            switch (tag & 7)
            {
                case Varint:
                    Number(ref message);
                    break;
                case Fixed64:
                    message = message[sizeof(long)..];
                    break;
                case Bytes:
                    var length = (int)Number(ref message);
                    yield return ((int)(tag >> 3), message[..length]);
                    message = message[length..];
                    break;
                case Fixed32:
                    message = message[sizeof(int)..];
                    break;
                default:
                    throw new InvalidDataException($"A protobuf field was expected, not one of wire type {tag & 7}.");
            }
        }
    }

    /// <summary>The fields of one number.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> All(ReadOnlyMemory<byte> message, int field) =>
        Read(message).Where(read => read.Field == field).Select(read => read.Value);

    /// <summary>The first field of a number, as text; empty where there is none.</summary>
    public static string Text(ReadOnlyMemory<byte> message, int field) =>
        System.Text.Encoding.UTF8.GetString(All(message, field).FirstOrDefault().Span);

    private static ulong Number(ref ReadOnlyMemory<byte> message)
    {
        ulong number = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = message.Span[0];
            message = message[1..];
            number |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return number;
        }
    }
}
