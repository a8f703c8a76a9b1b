using System.Net;
using Kapso.Tests.Web;
using Kapso.Web.Operators;
using Microsoft.AspNetCore.Mvc;

namespace Kapso.Tests.Operators;

public sealed class HostPageTests
{
    private const string Overview = $"/ops/{WebHost.Project}";
    private static readonly HostPage Machine = new("Machine room", "machine", "default-src 'none'; img-src data:");

    [Theory]
    [InlineData("/ops/machine/")]
    [InlineData("/ops/machine/needs-what-is-not-there")]
    public async Task Whoever_is_not_signed_in_is_asked_to_whatever_is_wrong_with_the_page(string path)
    {
        await using var host = await StartAsync();
        using var response = await host.OpenAsync(path, null);
        Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
        Assert.Equal($"/ops/sign-in?return={Uri.EscapeDataString(path)}", response.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task Who_signed_in_lands_on_it_and_it_may_load_what_it_says()
    {
        await using var host = await StartAsync();
        using var signedIn = await host.SignInAsync(target: "/ops/machine/");
        Assert.Equal("/ops/machine/", signedIn.Headers.Location?.OriginalString);

        using var page = await host.OpenAsync("/ops/machine/", OperatorClient.SetCookieOf(signedIn).Split(';')[0]);
        Assert.Equal("steam", await page.Content.ReadAsStringAsync());
        Assert.Equal(Machine.ContentSecurityPolicy, Assert.Single(page.Headers.GetValues("Content-Security-Policy")));
    }

    [Fact]
    public async Task Our_pages_link_to_it_and_load_what_they_did()
    {
        await using var host = await StartAsync();
        using var page = await host.OpenAsync(Overview, await host.GetCookieAsync());
        Assert.Contains("href=\"/ops/machine/\"", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("data:", Assert.Single(page.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_one_there_is_nothing()
    {
        await using var host = await WebHost.StartAsync();
        var cookie = await host.GetCookieAsync();
        using var missing = await host.OpenAsync("/ops/machine/", cookie);
        using var page = await host.OpenAsync(Overview, cookie);
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        Assert.DoesNotContain(Machine.Name, await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_project_of_the_same_name_stops_the_start()
    {
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(WebHost.Project));
        Assert.Contains($"/ops/{WebHost.Project}", refused.Message, StringComparison.Ordinal);
    }

    private static Task<WebHost> StartAsync(string segment = "machine")
    {
        var page = Machine with { Segment = segment };
        return WebHost.StartAsync(
            host: builder => builder.Services.AddSingleton(page),
            map: app =>
            {
                var pages = app.MapHostPage(page);
                pages.MapGet($"/{segment}/", () => "steam");
                pages.MapGet($"/{segment}/needs-what-is-not-there", ([FromServices] HostPageTests missing) => missing.ToString());
            });
    }
}
