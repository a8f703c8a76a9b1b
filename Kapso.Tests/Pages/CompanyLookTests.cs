using System.Net;
using Kapso.Platform.Settings;
using Kapso.Tests.Web;

namespace Kapso.Tests.Pages;

public sealed class CompanyLookTests
{
    [Fact]
    public async Task The_companys_name_logo_and_colours_are_on_the_customers_pages()
    {
        await using var host = await WebHost.StartAsync(options =>
        {
            options.Pages.CompanyName = "Example & Co";
            options.Pages.LogoUrl = "https://brand.example.com/logo.svg";
            options.Pages.Colors = new PageColors { Page = "#fff7f0", Card = "#ffffff", Text = "#2b1a10", Accent = "#8a3b12" };
        });
        var html = WebUtility.HtmlDecode(await host.ReadPageAsync("/whatsapp/failed?error_code=link_expired"));
        Assert.Contains("Ask Example & Co for a new link.", html, StringComparison.Ordinal);
        Assert.Contains("<img class=\"logo\" src=\"https://brand.example.com/logo.svg\" alt=\"Example & Co\"", html, StringComparison.Ordinal);

        var url = html.Split("href=\"").Select(part => part.Split('"')[0]).Single(link => link.StartsWith("/assets/company.css", StringComparison.Ordinal));
        using var css = await host.Client.GetAsync(new Uri(url, UriKind.Relative));
        Assert.Equal("text/css", css.Content.Headers.ContentType?.MediaType);
        Assert.Contains("--text: #2b1a10;", await css.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://brand.example.com/a/logo.svg", "img-src 'self' https://brand.example.com;")]
    [InlineData("/brand/logo.svg", "img-src 'self';")]
    [InlineData(null, "img-src 'self';")]
    public async Task Images_are_allowed_from_where_the_logo_is_and_nowhere_else(string? logo, string policy)
    {
        await using var host = await WebHost.StartAsync(options => options.Pages.LogoUrl = logo);
        using var response = await host.Client.GetAsync(new Uri("/whatsapp/success", UriKind.Relative));
        Assert.Contains(policy, response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Operators_pages_keep_the_projects_name_and_our_colours()
    {
        await using var host = await WebHost.StartAsync(options => options.Pages.CompanyName = "Example & Co");
        Assert.DoesNotContain("company.css", await host.ReadPageAsync("/ops/sign-in"), StringComparison.Ordinal);
    }
}
