using System.Buffers;

namespace Kapso.Connections.Webhooks;

/// <summary>
/// Why a body cannot be read, as far as its headers or its first bytes tell: it was packed, or is written in another charset or format
/// than the platform's.
/// </summary>
public static class BodyForm
{
    private const int MaxNamed = 64;

    private static readonly SearchValues<char> Token =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private static ReadOnlySpan<byte> Gzip => [0x1F, 0x8B];

    private static ReadOnlySpan<byte> Zstandard => [0x28, 0xB5, 0x2F, 0xFD];

    private static ReadOnlySpan<byte> Utf16LittleEndian => [0xFF, 0xFE];

    private static ReadOnlySpan<byte> Utf16BigEndian => [0xFE, 0xFF];

    private static ReadOnlySpan<byte> Utf32BigEndian => [0, 0, 0xFE, 0xFF];

    /// <summary>A sentence with a blank after it; empty where nothing is known.</summary>
    /// <param name="headers">What the headers said.</param>
    /// <param name="body">A body that cannot be read.</param>
    public static string Explain(in WebhookHeaders headers, ReadOnlySpan<byte> body)
    {
        if (headers.ContentEncoding is { } encoding && IsPacked(encoding))
            return $"Its Content-Encoding is {Named(encoding)}, which is not served: have it sent without one. ";
        if (PackedBy(body) is { } packer)
            return $"It begins as {packer} does, which is not served, and no Content-Encoding says so: have it sent unpacked. ";
        var (mediaType, charset) = Read(headers.ContentType);
        if (charset.Length > 0 && !Is(charset, "utf-8") && !Is(charset, "utf8") && !Is(charset, "us-ascii"))
            return $"Its charset is {Named(charset)}, and only UTF-8 is served. ";
        if (WideCharset(body) is { } wide)
            return $"It begins as {wide} does, and only UTF-8 is served. ";
        return mediaType.Length == 0 || IsJson(mediaType) ? "" : $"Its Content-Type is {Named(mediaType)}, and JSON was expected. ";
    }

    /// <summary>
    /// What a body was packed by, as far as its headers or its first bytes tell: the end of a sentence that begins with <c>came</c>. Null
    /// where nothing says that it was packed.
    /// </summary>
    /// <param name="contentEncoding"><c>Content-Encoding</c>, which nobody has signed: named as far as it is plain tokens.</param>
    /// <param name="body">The body as it arrived; empty where it was not read.</param>
    public static string? PackingOf(string? contentEncoding, ReadOnlySpan<byte> body)
    {
        if (contentEncoding is not null && IsPacked(contentEncoding))
            return $"with Content-Encoding {NamedTokens(contentEncoding)}";
        return PackedBy(body) is { } packer ? $"as {packer} without a Content-Encoding" : null;
    }

    private static string NamedTokens(string encoding)
    {
        var tokens = encoding.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var named = string.Join(", ", tokens).ToLowerInvariant();
        return named.Length <= MaxNamed && Array.TrueForAll(tokens, token => !token.AsSpan().ContainsAnyExcept(Token)) ? named : "that cannot be named";
    }

    private static bool IsPacked(ReadOnlySpan<char> encoding)
    {
        foreach (var part in encoding.Split(','))
        {
            if (encoding[part].Trim() is { IsEmpty: false } one && !Is(one, "identity"))
                return true;
        }

        return false;
    }

    private static string? PackedBy(ReadOnlySpan<byte> body) => body switch
    {
        _ when body.StartsWith(Gzip) => "gzip",
        _ when body.StartsWith(Zstandard) => "zstd",
        [0x78, 0x01 or 0x9C or 0xDA, ..] => "deflate",
        _ => null,
    };

    /// <summary>A charset of two or four bytes a character, by its byte order mark or by the zeros beside a first ASCII character.</summary>
    private static string? WideCharset(ReadOnlySpan<byte> body) => body switch
    {
        _ when body.StartsWith(Utf32BigEndian) => "UTF-32",
        _ when body.StartsWith(Utf16LittleEndian) => body is [_, _, 0, 0, ..] ? "UTF-32" : "UTF-16",
        _ when body.StartsWith(Utf16BigEndian) => "UTF-16",
        [not 0, 0, 0, 0, ..] or [0, 0, 0, not 0, ..] => "UTF-32",
        [not 0, 0, not 0, ..] or [0, not 0, ..] => "UTF-16",
        _ => null,
    };

    private static (string MediaType, string Charset) Read(string? contentType)
    {
        if (contentType is null)
            return ("", "");
        var parts = contentType.Split(';', StringSplitOptions.TrimEntries);
        var charset = Array.Find(parts, part => part.StartsWith("charset=", StringComparison.OrdinalIgnoreCase));
        return (parts[0], charset?["charset=".Length..].Trim('"', ' ') ?? "");
    }

    private static bool IsJson(ReadOnlySpan<char> mediaType) =>
        Is(mediaType, "application/json") || Is(mediaType, "text/json") || mediaType.EndsWith("+json", StringComparison.OrdinalIgnoreCase);

    private static bool Is(ReadOnlySpan<char> text, string expected) => text.Equals(expected, StringComparison.OrdinalIgnoreCase);

    /// <summary>A header's value where it can be shown: it is not signed.</summary>
    private static string Named(ReadOnlySpan<char> value)
    {
        var text = value.Trim().ToString();
        return text.Length <= MaxNamed && BoundedId.IsValid(text) ? $"'{text}'" : "one that cannot be named";
    }
}
