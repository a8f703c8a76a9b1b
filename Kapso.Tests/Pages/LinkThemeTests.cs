using System.Net;
using Kapso.Connections.Redirects;
using Kapso.Platform.Settings;
using Kapso.Tests.Web;

namespace Kapso.Tests.Pages;

/// <summary>The colours of a setup link on the pages that follow it.</summary>
public sealed class LinkThemeTests
{
    private const string Css = "/assets/link.css";

    private static readonly LinkTheme Theme = new() { Page = "#101820", Card = "#1c2833", Text = "#f4f6f7", Accent = "#f5b041" };

    [Theory]
    [InlineData("success")]
    [InlineData("failed")]
    public async Task A_links_colours_are_on_its_pages_instead_of_the_companys(string page)
    {
        await using var host = await StartAsync();
        var css = await ReadCssAsync(host, $"/whatsapp/{page}/{await AddLinkAsync(host, Theme)}");
        Assert.Contains("--page: #101820;", css, StringComparison.Ordinal);
        Assert.Contains("--card: #1c2833;", css, StringComparison.Ordinal);
        Assert.Contains("--text: #f4f6f7;", css, StringComparison.Ordinal);
        Assert.Contains(".company { color: #f5b041; }", css, StringComparison.Ordinal);
        Assert.Contains("--failed: var(--failed-on-dark);", css, StringComparison.Ordinal);
        Assert.DoesNotContain("#2b1a10", css, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_that_could_hardly_be_read_leaves_the_companys_colours()
    {
        await using var host = await StartAsync();
        var css = await ReadCssAsync(host, $"/whatsapp/failed/{await AddLinkAsync(host, Theme with { Text = "#5d6d7e" })}");
        Assert.Contains("--text: #2b1a10;", css, StringComparison.Ordinal);
        Assert.Contains("--card: #fffdfa;", css, StringComparison.Ordinal);
        Assert.DoesNotContain("#5d6d7e", css, StringComparison.Ordinal);
        Assert.DoesNotContain("#1c2833", css, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_colour_that_cannot_be_read_as_text_is_on_the_cards_edge_alone()
    {
        await using var host = await StartAsync();
        var css = await ReadCssAsync(host, $"/whatsapp/failed/{await AddLinkAsync(host, new LinkTheme { Accent = "#3b82f6" })}");
        var light = css[..css.IndexOf("@media (prefers", StringComparison.Ordinal)];
        Assert.Contains("border-top: 0.25rem solid #3b82f6", light, StringComparison.Ordinal);
        Assert.DoesNotContain(".company", light, StringComparison.Ordinal);
        Assert.Contains("--card: #fffdfa;", light, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_card_without_a_text_colour_gets_one_that_can_be_read()
    {
        await using var host = await StartAsync();
        var css = await ReadCssAsync(host, $"/whatsapp/failed/{await AddLinkAsync(host, new LinkTheme { Page = "#0b132b" })}");
        Assert.Contains("--card: #0b132b;", css, StringComparison.Ordinal);
        Assert.Contains("--text: #e9efeb;", css, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_without_the_links_state_sees_its_colours()
    {
        await using var host = await StartAsync();
        await AddLinkAsync(host, Theme);
        foreach (var page in (string[])["/whatsapp/success", $"/whatsapp/success/{States.Create()}", $"/whatsapp/failed/{await host.CreateStateAsync()}"])
        {
            var html = await host.ReadPageAsync(page);
            Assert.Contains("company.css", html, StringComparison.Ordinal);
            Assert.DoesNotContain("link.css", html, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("?card=red")]
    [InlineData("?card=12345")]
    [InlineData("?card=1234567")]
    [InlineData("?text=fff%7D%2a%7B&accent=%23ffffff")]
    public async Task What_is_no_colour_is_never_in_a_stylesheet(string query)
    {
        await using var host = await StartAsync();
        using var response = await host.Client.GetAsync(new Uri(Css + query, UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Where_the_company_has_set_no_colours_a_link_leaves_those_of_the_stylesheet()
    {
        await using var host = await WebHost.StartAsync();
        var ours = await host.ReadPageAsync("/assets/kapso.css");
        var css = await ReadCssAsync(host, $"/whatsapp/failed/{await AddLinkAsync(host, new LinkTheme { Accent = "#0b132b" })}");
        foreach (var color in (string[])["page", "card", "text"])
        {
            var expected = ours.Split($" --{color}: ")[1..3].Select(part => part.Split(';')[0]);
            Assert.Equal(expected, css.Split($" --{color}: ")[1..3].Select(part => part.Split(';')[0]));
        }
    }

    private static Task<WebHost> StartAsync() => WebHost.StartAsync(options => options.Pages.Colors =
        new PageColors { Page = "#fff7f0", Card = "#fffdfa", Text = "#2b1a10", Accent = "#8a3b12" });

    private static async Task<string> AddLinkAsync(WebHost host, LinkTheme theme)
    {
        var state = States.Create();
        var link = new SetupLink { Id = "themed", State = state, CreatedAt = DateTimeOffset.UtcNow, Theme = theme };
        await host.Engine.AddLinkAsync(WebHost.Key, link, CancellationToken.None);
        return state;
    }

    private static async Task<string> ReadCssAsync(WebHost host, string page)
    {
        var html = WebUtility.HtmlDecode(await host.ReadPageAsync(page));
        Assert.DoesNotContain("company.css", html, StringComparison.Ordinal);
        var url = html.Split("href=\"").Select(part => part.Split('"')[0]).Single(link => link.StartsWith(Css, StringComparison.Ordinal));
        using var response = await host.Client.GetAsync(new Uri(url, UriKind.Relative));
        Assert.Equal("text/css", response.Content.Headers.ContentType?.MediaType);
        return await response.Content.ReadAsStringAsync();
    }
}
