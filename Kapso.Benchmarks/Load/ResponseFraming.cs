using System.Buffers.Text;
using System.Text;

namespace Kapso.Benchmarks.Load;

/// <summary>One answer: its status, its length in bytes with its head, and whether the connection stays open.</summary>
internal readonly record struct Response(int Status, int Length, bool KeepAlive);

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
        foreach (var line in head.Split("\r\n"u8))
        {
            if (Value(head[line], "content-length:"u8) is { IsEmpty: false } digitsOfLength)
            {
                length = Utf8Parser.TryParse(digitsOfLength, out int parsed, out _)
                    ? parsed
                    : throw new InvalidDataException("Content-Length is not a number.");
            }
            else if (Value(head[line], "connection:"u8) is { IsEmpty: false } connection)
            {
                keepAlive = !Ascii.EqualsIgnoreCase(connection, "close"u8);
            }
            else if (Value(head[line], "transfer-encoding:"u8) is { IsEmpty: false } encoding)
            {
                chunked = Ascii.EqualsIgnoreCase(encoding, "chunked"u8);
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

    /// <summary>The value of a header line, if it has this name.</summary>
    private static ReadOnlySpan<byte> Value(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name) =>
        line.Length > name.Length && Ascii.EqualsIgnoreCase(line[..name.Length], name) ? line[name.Length..].Trim(" \t"u8) : default;
}
