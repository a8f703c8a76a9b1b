using System.IO.Compression;
using System.Text;
using Kapso.Connections.Webhooks;

namespace Kapso.Tests.Webhooks;

/// <summary>A body that cannot be read is parked with what is known of why.</summary>
public sealed class BodyFormTests
{
    private const string Json = "application/json";

    private static readonly byte[] Flat = Encoding.UTF8.GetBytes(Bodies.Flat);

    public static TheoryData<string?, string?, byte[], string> Unread => new()
    {
        { Json, "gzip", Gzip(Flat), "Its Content-Encoding is 'gzip', which is not served" },
        { Json, " GZIP , br", Gzip(Flat), "Its Content-Encoding is 'GZIP , br', which is not served" },
        { Json, "br", Brotli(Flat), "Its Content-Encoding is 'br', which is not served" },
        { Json, "a\u0001b", Gzip(Flat), "Its Content-Encoding is one that cannot be named" },
        { Json, new string('x', 500), Gzip(Flat), "Its Content-Encoding is one that cannot be named" },
        { Json, null, Gzip(Flat), "It begins as gzip does" },
        { Json, "identity", Gzip(Flat), "It begins as gzip does" },
        { Json, null, Deflate(Flat), "It begins as deflate does" },
        { "application/json; charset=iso-8859-1", null, Encoding.Latin1.GetBytes("{\"phone_number_id\":\"1\",\"x\":\"é\"}"), "Its charset is 'iso-8859-1', and only UTF-8 is served" },
        { "application/json; charset=\"UTF-16\"", null, Encoding.Unicode.GetBytes(Bodies.Flat), "Its charset is 'UTF-16', and only UTF-8 is served" },
        { Json, null, [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Bodies.Flat)], "It begins as UTF-16 does" },
        { Json, null, [0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes(Bodies.Flat)], "It begins as UTF-16 does" },
        { Json, null, Encoding.Unicode.GetBytes(Bodies.Flat), "It begins as UTF-16 does" },
        { Json, null, Encoding.BigEndianUnicode.GetBytes(Bodies.Flat), "It begins as UTF-16 does" },
        { Json, null, [0xFF, 0xFE, 0, 0, .. Encoding.UTF32.GetBytes(Bodies.Flat)], "It begins as UTF-32 does" },
        { Json, null, Encoding.UTF32.GetBytes(Bodies.Flat), "It begins as UTF-32 does" },
        { "application/x-www-form-urlencoded", null, Encoding.UTF8.GetBytes("payload=%7B%7D"), "Its Content-Type is 'application/x-www-form-urlencoded', and JSON was expected" },
        { "text/xml; charset=utf-8", null, Encoding.UTF8.GetBytes("<a/>"), "Its Content-Type is 'text/xml', and JSON was expected" },
        { "multipart/form-data; boundary=x", null, Encoding.UTF8.GetBytes("--x\r\n"), "Its Content-Type is 'multipart/form-data', and JSON was expected" },
    };

    [Theory]
    [MemberData(nameof(Unread))]
    public void What_a_body_that_cannot_be_read_is_written_in_is_named(string? type, string? encoding, byte[] body, string said)
    {
        var parked = Assert.IsType<WebhookReading.Park>(Read(type, encoding, body));

        Assert.Equal(ParkedReason.Malformed, parked.Reason);
        Assert.StartsWith(said, parked.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Json, null)]
    [InlineData("application/problem+json; charset=UTF-8", "")]
    [InlineData(null, null)]
    public void Of_JSON_that_is_broken_only_that_is_said(string? type, string? encoding) =>
        Assert.StartsWith("The body is not JSON", Assert.IsType<WebhookReading.Park>(Read(type, encoding, "{"u8.ToArray())).Detail, StringComparison.Ordinal);

    [Theory]
    [InlineData(Json, "gzip")]
    [InlineData("text/plain; charset=iso-8859-1", "identity")]
    public void What_can_be_read_is_read_whatever_the_headers_say_that_nobody_signed(string type, string encoding) =>
        Assert.IsType<WebhookReading.Observations>(Read(type, encoding, Flat));

    [Fact]
    public void A_byte_order_mark_of_UTF_8_is_read_over() =>
        Assert.IsType<WebhookReading.Observations>(Read(Json, null, [0xEF, 0xBB, 0xBF, .. Flat]));

    private static WebhookReading Read(string? type, string? encoding, byte[] body) => WebhookReader.Read(
        Bodies.Project, new WebhookHeaders(WebhookEvents.Created, "key-1", "v2", false, type, encoding), body, DateTimeOffset.UnixEpoch);

    private static byte[] Gzip(byte[] body) => Pack(body, static to => new GZipStream(to, CompressionLevel.Optimal));

    private static byte[] Brotli(byte[] body) => Pack(body, static to => new BrotliStream(to, CompressionLevel.Optimal));

    private static byte[] Deflate(byte[] body) => Pack(body, static to => new ZLibStream(to, CompressionLevel.Optimal));

    private static byte[] Pack(byte[] body, Func<Stream, Stream> packer)
    {
        using var packed = new MemoryStream();
        using (var stream = packer(packed))
            stream.Write(body);
        return packed.ToArray();
    }
}
