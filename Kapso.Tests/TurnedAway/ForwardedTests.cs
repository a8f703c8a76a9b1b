using System.Text.Json;

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

    private static void AssertIs(string kind, string network, JsonElement turned)
    {
        Assert.Equal(kind, turned.GetProperty("kind").GetString());
        Assert.Equal(network, Assert.Single(turned.GetProperty("networks").EnumerateArray()).GetProperty("network").GetString());
    }
}
