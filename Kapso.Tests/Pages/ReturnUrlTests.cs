using System.Net;
using Kapso.Tests.Web;

namespace Kapso.Tests.Pages;

public sealed class ReturnUrlTests
{
    [Theory]
    [InlineData("https://evil.example.com/")]
    [InlineData("https://app.example.com.evil.example/")]
    [InlineData("https://sub.app.example.com/")]
    [InlineData("http://app.example.com/")]
    [InlineData("https://user@app.example.com/")]
    [InlineData("https://app.example.com@evil.example/")]
    [InlineData("https://@app.example.com/")]
    [InlineData("//app.example.com/")]
    [InlineData("https:app.example.com/")]
    [InlineData("https:///app.example.com/")]
    [InlineData("https://app.example.com\\@evil.example/")]
    [InlineData("https://evil.example\\.app.example.com/")]
    [InlineData(" https://app.example.com/")]
    [InlineData("https://app.example.com/\r\nSet-Cookie: a=b")]
    [InlineData("javascript:alert(1)//https://app.example.com/")]
    [InlineData("/relative")]
    [InlineData("")]
    public async Task A_return_url_that_is_not_allowed_is_refused_when_it_is_given(string url)
    {
        await using var host = await WebHost.StartAsync(server: true);
        using var response = await host.AskForUrlsAsync(url);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task The_browser_is_sent_to_an_allowed_return_url_with_a_reason()
    {
        await using var host = await WebHost.StartAsync(server: true);
        var state = await host.CreateStateAsync("https://app.example.com/done?step=2#end");

        Assert.Equal(
            "https://app.example.com/done?step=2&reason=link_expired#end",
            await SentToAsync(host, $"/whatsapp/failed/{state}?error_code=link_expired"));
        Assert.Equal(
            "https://app.example.com/done?step=2&reason=unknown#end",
            await SentToAsync(host, $"/whatsapp/failed/{state}?error_code=%26reason%3Dconnected"));

        Assert.Equal(
            "https://app.example.com/done?step=2&reason=received#end", await SentToAsync(host, $"/whatsapp/success/{state}"));
        Assert.Equal(
            "https://app.example.com/done?step=2&reason=received#end",
            await SentToAsync(host, $"/whatsapp/failed/{state}?error_code=already_used"));

        await host.ConnectAsync();
        Assert.Equal(
            "https://app.example.com/done?step=2&reason=connected#end", await SentToAsync(host, $"/whatsapp/success/{state}"));
        (await host.SendWebhookAsync(WebHost.FlatBody(), "whatsapp.phone_number.disconnected", "key-2")).Dispose();
        Assert.Equal(
            "https://app.example.com/done?step=2&reason=disconnected#end", await SentToAsync(host, $"/whatsapp/success/{state}"));
    }

    [Fact]
    public async Task The_reason_is_what_our_own_page_would_say()
    {
        await using var host = await WebHost.StartAsync(server: true);
        var state = await host.CreateStateAsync("https://app.example.com/done");
        var link = (await host.Engine.FindAsync(WebHost.Key, CancellationToken.None))!.SetupLinks[0];
        var revoked = new ListedLink { PlatformId = "platform-1", LinkId = link.Id, Status = "revoked" };
        await host.Engine.ChangeLinkAsync(WebHost.Key, new FoldLinks([revoked], true, DateTimeOffset.UtcNow), CancellationToken.None);

        Assert.Equal("https://app.example.com/done?reason=link_expired", await SentToAsync(host, $"/whatsapp/success/{state}"));
    }

    [Fact]
    public async Task The_configured_pages_take_browsers_that_have_no_state()
    {
        await using var host = await WebHost.StartAsync(
            options =>
            {
                options.Pages.SuccessUrl = new Uri("https://app.example.com/connected");
                options.Pages.FailureUrl = new Uri("https://elsewhere.example.com/failed");
            },
            server: true);

        Assert.Equal("https://app.example.com/connected?reason=received", await SentToAsync(host, "/whatsapp/success"));
        Assert.Contains("The setup was not completed", await host.ReadPageAsync("/whatsapp/failed"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://app.example.com/verbunden/schön?von=Zoë#größe", "https://app.example.com/verbunden/sch%C3%B6n?von=Zo%C3%AB&reason=received#gr%C3%B6%C3%9Fe")]
    [InlineData("https://bücher.example/verbunden", "https://xn--bcher-kva.example/verbunden?reason=received")]
    [InlineData("https://bücher.example:8443/a%2Fb", "https://xn--bcher-kva.example:8443/a%2Fb?reason=received")]
    public async Task A_configured_page_may_have_any_name(string page, string expected)
    {
        await using var host = await WebHost.StartAsync(
            options =>
            {
                options.Pages.SuccessUrl = new Uri(page);
                options.Pages.AllowedHosts.Add("bücher.example");
            },
            server: true);

        Assert.Equal(expected, await SentToAsync(host, "/whatsapp/success"));
    }

    [Fact]
    public async Task An_allowed_host_is_the_same_by_both_of_its_names()
    {
        await using var host = await WebHost.StartAsync(options => options.Pages.AllowedHosts.Add("bücher.example"), server: true);
        var state = await host.CreateStateAsync("https://xn--bcher-kva.example/done");
        Assert.Equal("https://xn--bcher-kva.example/done?reason=received", await SentToAsync(host, $"/whatsapp/success/{state}"));
    }

    [Theory]
    [InlineData("return_url")]
    [InlineData("redirect")]
    [InlineData("url")]
    public async Task A_query_sends_no_browser_anywhere(string name)
    {
        await using var host = await WebHost.StartAsync(server: true);
        var state = await host.CreateStateAsync();
        await host.ReadPageAsync($"/whatsapp/success/{state}?{name}=https://app.example.com/");
        await host.ReadPageAsync($"/whatsapp/failed?{name}=https://app.example.com/");
    }

    private static async Task<string?> SentToAsync(WebHost host, string path)
    {
        using var response = await host.Client.GetAsync(new Uri(path, UriKind.Relative));
        Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
        return response.Headers.TryGetValues("Location", out var values) ? string.Join(", ", values) : null;
    }
}
