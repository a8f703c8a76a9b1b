using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
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

    [Theory]
    [InlineData(" GZIP ", "with Content-Encoding gzip")]
    [InlineData("br", "with Content-Encoding br")]
    [InlineData("gzip, identity, br", "with Content-Encoding gzip, identity, br")]
    [InlineData("x-new.1", "with Content-Encoding x-new.1")]
    [InlineData("gzip;q=\"1\"", "with Content-Encoding that cannot be named")]
    [InlineData("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "with Content-Encoding that cannot be named")]
    [InlineData("identity", "as gzip without a Content-Encoding")]
    [InlineData(null, "as gzip without a Content-Encoding")]
    public async Task Of_a_packed_body_whose_signature_does_not_fit_its_packing_is_told(string? encoding, string packing)
    {
        await using var stage = await TurnedAwayStage.OpenAsync();
        for (var i = 0; i < 3; i++)
        {
            var (status, answer) = await SendAsync(
                stage.Host, Gzip(WebHost.FlatBody()), encoding, "application/json", WebHost.Sign(Encoding.UTF8.GetBytes(WebHost.FlatBody())));
            Assert.Equal(HttpStatusCode.Unauthorized, status);
            Assert.Equal(
                $"X-Webhook-Signature is wrong for the bytes that came. The body came {packing}: a proxy that packs it breaks its signature.",
                JsonDocument.Parse(answer).RootElement.GetProperty("detail").GetString());
        }

        var turned = Assert.Single(await stage.TellAsync());
        Assert.Contains($"Some came packed, the last {packing}: a proxy that packs bodies breaks", turned.GetProperty("means").GetString(), StringComparison.Ordinal);
        Assert.Contains($"the last packed one came {packing}", turned.GetProperty("alarm").GetString(), StringComparison.Ordinal);
        Assert.Contains(stage.Lines.Warnings, line => line.Contains($"wrong signature: 3 (from unknown). Of these 3 came packed, the last {packing}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_a_packed_body_without_a_signature_both_are_told_and_of_a_plain_one_only_that()
    {
        await using var stage = await TurnedAwayStage.OpenAsync();
        var (_, answer) = await SendAsync(stage.Host, Gzip(WebHost.FlatBody()), "deflate", "application/json", signature: "");
        Assert.Contains("X-Webhook-Signature is missing, and the body came with Content-Encoding deflate.", answer, StringComparison.Ordinal);
        (_, answer) = await SendAsync(stage.Host, Encoding.UTF8.GetBytes(WebHost.FlatBody()), null, "application/json", signature: "");
        Assert.Contains("\"X-Webhook-Signature is missing.\"", answer, StringComparison.Ordinal);
        (_, answer) = await SendAsync(stage.Host, Encoding.UTF8.GetBytes(WebHost.FlatBody()), "identity", "application/json", new string('0', 64));
        Assert.Contains("\"X-Webhook-Signature is wrong.\"", answer, StringComparison.Ordinal);

        var turned = await stage.TellAsync(kinds: 2);
        Assert.Contains("Some came packed, the last with Content-Encoding deflate", turned[0].GetProperty("means").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("packed", turned[1].GetProperty("means").GetString(), StringComparison.Ordinal);
    }

    private static async Task<(HttpStatusCode Status, string Body)> SendAsync(
        WebHost host, byte[] body, string? encoding, string type, string? signature = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, WebHost.WebhookPath) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        if (encoding is not null)
            request.Content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        request.Headers.Add("X-Webhook-Event", WebHost.Created);
        request.Headers.TryAddWithoutValidation("X-Webhook-Signature", signature ?? WebHost.Sign(body));
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
