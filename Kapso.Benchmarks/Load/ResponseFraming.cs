using System.Buffers.Text;
using System.Text;

namespace Kapso.Benchmarks.Load;

/// <summary>Finds where one HTTP/1.1 response ends. Pure; knows no socket.</summary>
internal static class ResponseFraming
{
    /// <summary>
    /// Reads one response from the start of what was received; <see langword="null"/> while it is incomplete.
    /// </summary>
    /// <exception cref="InvalidDataException">The bytes are no HTTP/1.1 response with a known length.</exception>
    public static Response? Read(ReadOnlySpan<byte> received)
    {
        var headerLength = received.IndexOf("\r\n\r\n"u8);
        if (headerLength < 0)
        {
            return null;
        }

        var head = received[..headerLength];
        if (!head.StartsWith("HTTP/1.1 "u8) || !Utf8Parser.TryParse(head[9..], out int status, out var digits) || digits != 3)
        {
            throw new InvalidDataException($"Expected an HTTP/1.1 status line, got '{Encoding.ASCII.GetString(head)}'.");
        }

        int? length = status is 204 or 304 ? 0 : null;
        var chunked = false;
        var keepAlive = true;
        for (var rest = NextLine(head); !rest.IsEmpty; rest = NextLine(rest))
        {
            switch (rest[0] | 0x20)
            {
                case 'c' when Value(rest, "content-length:"u8) is { IsEmpty: false } value:
                    length = Utf8Parser.TryParse(value, out int parsed, out _)
                        ? parsed
                        : throw new InvalidDataException("Content-Length is not a number.");
                    break;
                case 'c' when Value(rest, "connection:"u8) is { IsEmpty: false } value:
                    keepAlive = !Ascii.EqualsIgnoreCase(value, "close"u8);
                    break;
                case 't' when Value(rest, "transfer-encoding:"u8) is { IsEmpty: false } value:
                    chunked = Ascii.EqualsIgnoreCase(value, "chunked"u8);
                    break;
                default:
                    break;
            }
        }

        var body = received[(headerLength + 4)..];
        var bodyLength = chunked
            ? ChunkedLength(body)
            : length ?? throw new InvalidDataException("The response has neither Content-Length nor chunks.");
        return bodyLength is { } needed && body.Length >= needed
            ? new Response(status, headerLength + 4 + needed, keepAlive)
            : null;
    }

    private static int? ChunkedLength(ReadOnlySpan<byte> body)
    {
        var position = 0;
        while (true)
        {
            var lineLength = body[position..].IndexOf("\r\n"u8);
            if (lineLength < 0)
            {
                return null;
            }

            if (!Utf8Parser.TryParse(body.Slice(position, lineLength), out int size, out _, 'x') || size < 0)
            {
                throw new InvalidDataException("A chunk does not begin with its size.");
            }

            // No trailers are expected: the last chunk is followed by one empty line.
            position += lineLength + 2 + size + 2;
            if (position > body.Length)
            {
                return null;
            }

            if (size == 0)
            {
                return position;
            }
        }
    }

    private static ReadOnlySpan<byte> NextLine(ReadOnlySpan<byte> lines)
    {
        var end = lines.IndexOf((byte)'\n');
        return end < 0 ? default : lines[(end + 1)..];
    }

    private static ReadOnlySpan<byte> Value(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name)
    {
        if (line.Length < name.Length || !Ascii.EqualsIgnoreCase(line[..name.Length], name))
        {
            return default;
        }

        var end = line.IndexOf((byte)'\r');
        return line[name.Length..(end < 0 ? line.Length : end)].Trim(" \t"u8);
    }
}
