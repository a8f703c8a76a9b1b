using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Kapso.Tests.TurnedAway;

namespace Kapso.Tests.Web;

/// <summary>Authentic deliveries that cannot be read: parked, and told why where they are parked.</summary>
public sealed class UnreadBodyTests
{
    [Theory]
    [InlineData("gzip", "application/json", "Its Content-Encoding is 'gzip', which is not served")]
    [InlineData(null, "application/json; charset=utf-16", "It begins as gzip does")]
    public async Task What_is_not_served_is_named_in_the_parked_row_on_its_page_and_in_the_log(string? encoding, string type, string said)
    {
        await using var stage = await TurnedAwayStage.OpenAsync();
        Assert.Equal((HttpStatusCode.OK, """{"outcome":"parked"}"""), await SendAsync(stage.Host, Gzip(WebHost.FlatBody()), encoding, type));

        var row = Assert.Single((await stage.Host.ReadAsync($"{WebHost.ApiOfProject}/parked")).GetProperty("items").EnumerateArray());
        Assert.Equal("malformed", row.GetProperty("reason").GetString());
        Assert.StartsWith(said, row.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Contains(stage.Lines.Warnings, line => line.StartsWith("Parked", StringComparison.Ordinal) && line.Contains(said, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_body_that_can_be_read_is_folded_in_whatever_encoding_it_claims()
    {
        await using var host = await WebHost.StartAsync();

        Assert.Equal(
            (HttpStatusCode.OK, """{"outcome":"applied"}"""),
            await SendAsync(host, Encoding.UTF8.GetBytes(WebHost.FlatBody()), "gzip", "text/plain; charset=iso-8859-1"));
    }

    [Fact]
    public async Task A_packed_body_without_a_good_signature_is_refused_unread()
    {
        await using var stage = await TurnedAwayStage.OpenAsync();
        var packed = Gzip(WebHost.FlatBody());

        // The signature is over the bytes that come, not over what they were packed from.
        var (status, _) = await SendAsync(stage.Host, packed, "gzip", "application/json", WebHost.Sign(Encoding.UTF8.GetBytes(WebHost.FlatBody())));

        Assert.Equal(HttpStatusCode.Unauthorized, status);
        Assert.Equal("signature_wrong", Assert.Single(await stage.TellAsync()).GetProperty("kind").GetString());
    }

    private static async Task<(HttpStatusCode Status, string Body)> SendAsync(
        WebHost host, byte[] body, string? encoding, string type, string? signature = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, WebHost.WebhookPath) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        if (encoding is not null)
            request.Content.Headers.ContentEncoding.Add(encoding);
        request.Headers.Add("X-Webhook-Event", WebHost.Created);
        request.Headers.Add("X-Webhook-Signature", signature ?? WebHost.Sign(body));
        using var response = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private static byte[] Gzip(string body)
    {
        using var packed = new MemoryStream();
        using (var stream = new GZipStream(packed, CompressionLevel.Optimal))
            stream.Write(Encoding.UTF8.GetBytes(body));
        return packed.ToArray();
    }
}
