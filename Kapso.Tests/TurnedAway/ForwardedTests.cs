using System.Text.Json;
using Kapso.Tests.Web;

namespace Kapso.Tests.TurnedAway;

/// <summary>Forwarded headers that are not taken are told: behind such a proxy all clients are one.</summary>
public sealed class ForwardedTests
{
    private const string Trusted = "10.1.2.3";
    private const string Page = "/whatsapp/success";

    [Theory]
    [InlineData("X-Forwarded-For", "192.0.2.1")]
    [InlineData("X-Forwarded-Proto", "https")]
    [InlineData("Forwarded", "for=192.0.2.1;proto=https")]
    public async Task A_proxy_that_is_not_trusted_is_told_by_its_network(string header, string value)
    {
        await using var stage = await TurnedAwayStage.OpenAsync(options => options.TrustedProxies.Add("10.0.0.0/8"));
        await stage.OpenAsync(Page, "203.0.113.9", (header, value));

        var turned = Assert.Single(await stage.TellAsync());
        AssertIs("proxy_not_trusted", "203.0.113.0/24", turned);
        Assert.Contains("Possibly a proxy that is missing in Kapso:TrustedProxies", turned.GetProperty("means").GetString(), StringComparison.Ordinal);
        Assert.Contains(stage.Lines.Warnings, line => line.StartsWith("Turned away, of no project, requests with forwarded headers", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Where_no_proxy_is_trusted_every_one_is_told_once_a_minute()
    {
        await using var stage = await TurnedAwayStage.OpenAsync();
        for (var i = 0; i < 5; i++)
            await stage.OpenAsync(Page, "2001:db8:7:1::1", ("X-Forwarded-For", "192.0.2.1"), ("X-Forwarded-Proto", "https"));

        var turned = Assert.Single(await stage.TellAsync());
        AssertIs("proxy_not_trusted", "2001:db8:7::/48", turned);
        Assert.Equal(5, turned.GetProperty("count").GetInt32());
        Assert.Single(stage.Lines.Warnings, line => line.StartsWith("Turned away", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_several_proxies_the_first_that_is_not_trusted_is_told()
    {
        await using var stage = await TurnedAwayStage.OpenAsync(options => options.TrustedProxies.Add(Trusted));
        await stage.OpenAsync(Page, Trusted, ("X-Forwarded-For", "192.0.2.1, 198.51.100.20"), ("X-Forwarded-Proto", "https, https"));

        AssertIs("proxy_not_trusted", "198.51.100.0/24", Assert.Single(await stage.TellAsync()));
    }

    [Fact]
    public async Task A_trusted_proxy_is_not_told_but_where_it_says_it_in_a_header_that_is_not_read()
    {
        await using var stage = await TurnedAwayStage.OpenAsync(options => options.TrustedProxies.Add(Trusted));
        await stage.OpenAsync(Page, "::ffff:" + Trusted, ("X-Forwarded-For", "192.0.2.1"), ("X-Forwarded-Proto", "https"));
        await stage.OpenAsync(Page, Trusted, ("X-Forwarded-For", "192.0.2.1"), ("Forwarded", "for=192.0.2.1"));
        await stage.OpenAsync(Page, "203.0.113.9");
        await stage.DeliverAsync(null);
        Assert.Equal("signature_missing", Assert.Single(await stage.TellAsync()).GetProperty("kind").GetString());

        await stage.OpenAsync(Page, Trusted, ("Forwarded", "for=192.0.2.1"));
        AssertIs("forwarded_not_read", "10.1.2.0/24", (await stage.TellAsync(kinds: 2))[1]);
    }

    [Theory]
    [InlineData("unknown")]
    [InlineData("_hidden")]
    [InlineData("198.51.100.20:99999")]
    [InlineData("[2001:db8::1")]
    [InlineData("192.0.2.1, unknown")]
    [InlineData("not an address")]
    public async Task What_a_trusted_proxy_says_and_cannot_be_read_is_told_as_that(string value)
    {
        await using var stage = await TurnedAwayStage.OpenAsync(options => options.TrustedProxies.Add(Trusted));
        await stage.OpenAsync(Page, Trusted, ("X-Forwarded-For", value), ("X-Forwarded-Proto", "https"));

        AssertIs("forwarded_unreadable", "10.1.2.0/24", Assert.Single(await stage.TellAsync()));
        Assert.Contains(stage.Lines.Warnings, line => line.Contains("forwarded headers that cannot be read: 1 (from 10.1.2.0/24)", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("198.51.100.20", "https", "198.51.100.0/24")]
    [InlineData("198.51.100.20:4711", "https", "198.51.100.0/24")]
    [InlineData(" 198.51.100.20 , ", "https", "198.51.100.0/24")]
    [InlineData("2001:db8:7::1", "https", "2001:db8:7::/48")]
    [InlineData("[2001:db8:7::1]:443", "https", "2001:db8:7::/48")]
    [InlineData("[2001:db8:7::1]", "https", "2001:db8:7::/48")]
    [InlineData("\"[2001:db8:7::1]:443\"", "https", "2001:db8:7::/48")]
    [InlineData("::ffff:198.51.100.20", "https", "198.51.100.0/24")]
    [InlineData("198.51.100.20", "https, https", "198.51.100.0/24")]
    [InlineData("198.51.100.20", "a b", "198.51.100.0/24")]
    [InlineData("198.51.100.20, 10.1.2.3", "https", "198.51.100.0/24")]
    [InlineData("", "https", "10.1.2.0/24")]
    public async Task What_can_be_read_is_taken_and_not_told(string forwardedFor, string proto, string network)
    {
        await using var stage = await TurnedAwayStage.OpenAsync(options => options.TrustedProxies.Add(Trusted));
        await stage.OpenAsync("/whatsapp/success/no-such-state", Trusted, ("X-Forwarded-For", forwardedFor), ("X-Forwarded-Proto", proto), ("X-Forwarded-Host", "[:::"));
        using var request = new HttpRequestMessage(HttpMethod.Post, WebHost.WebhookPath);
        request.Headers.Add(AddressFromHeader.Name, Trusted);
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", forwardedFor);
        request.Headers.TryAddWithoutValidation("X-Forwarded-Proto", proto);
        using var response = await stage.Host.Client.SendAsync(request, TestContext.Current.CancellationToken);

        AssertIs("signature_missing", network, Assert.Single(await stage.TellAsync()));
    }

    [Fact]
    public async Task What_it_means_is_said_once_in_the_log_with_the_setting()
    {
        await using var stage = await TurnedAwayStage.OpenAsync();
        for (var minute = 0; minute < 3; minute++)
        {
            await stage.OpenAsync(Page, "203.0.113.9", ("X-Forwarded-For", "192.0.2.1"));
            await stage.TellAsync(until: turned => turned[0].GetProperty("count").GetInt32() == minute + 1);
        }

        Assert.Single(stage.Lines.Warnings, line => line.Contains("missing in Kapso:TrustedProxies", StringComparison.Ordinal));
        Assert.Equal(3, stage.Lines.Warnings.Count(line => line.StartsWith("Turned away", StringComparison.Ordinal)));
    }

    private static void AssertIs(string kind, string network, JsonElement turned)
    {
        Assert.Equal(kind, turned.GetProperty("kind").GetString());
        Assert.Equal(network, Assert.Single(turned.GetProperty("networks").EnumerateArray()).GetProperty("network").GetString());
    }
}
