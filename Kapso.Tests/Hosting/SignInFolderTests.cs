using System.Net;
using System.Text.RegularExpressions;
using Kapso.Tests.Web;

namespace Kapso.Tests.Hosting;

/// <summary>Sign-ins of operators in the embedded form, from one process to the next on the same store.</summary>
[Collection(RunsAlone.Name)]
public sealed partial class SignInFolderTests
{
    private static readonly Uri Pages = new("ops/de300000-0000-4000-8000-000000000001", UriKind.Relative);

    [Fact]
    public async Task A_sign_in_lasts_through_a_restart_and_so_does_that_it_was_ended()
    {
        using var folder = new TemporaryFolder();
        string stays, ended, form, token;
        await using (var host = Start(folder))
        {
            using var browser = await OpenAsync(host);
            (stays, ended) = (await SignInAsync(browser), await SignInAsync(browser));
            using var page = await SendAsync(browser, HttpMethod.Get, Pages, stays);
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);
            (form, token) = (CookieOf(page), Token().Match(await page.Content.ReadAsStringAsync()).Groups[1].Value);

            using var last = await SendAsync(browser, HttpMethod.Get, Pages, ended);
            using var signedOut = await SignOutAsync(
                browser, $"{ended}; {CookieOf(last)}", Token().Match(await last.Content.ReadAsStringAsync()).Groups[1].Value);
            Assert.Equal("/ops/sign-in", signedOut.Headers.Location?.OriginalString);
            Assert.Equal(0, await host.StopAsync());
        }

        await using var again = Start(folder);
        using var later = await OpenAsync(again);
        using var first = await SendAsync(later, HttpMethod.Get, Pages, stays);
        using var second = await SendAsync(later, HttpMethod.Get, Pages, ended);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.SeeOther), (first.StatusCode, second.StatusCode));

        // A page that was open meanwhile goes on working.
        using var leaving = await SignOutAsync(later, $"{stays}; {form}", token);
        Assert.Equal("/ops/sign-in", leaving.Headers.Location?.OriginalString);
        foreach (var level in (string[])[" warn: ", " fail: ", " crit: "])
            Assert.DoesNotContain(level, again.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_keys_lie_beside_the_store_for_their_owner_alone()
    {
        if (OperatingSystem.IsWindows())
            return; // Files have no modes there.
        using var folder = new TemporaryFolder();
        await using var host = Start(folder);
        using var browser = await OpenAsync(host);
        _ = await SignInAsync(browser);
        var keys = Directory.GetFiles(Path.Combine(folder.Path, "data", "kapso.db.sign-ins"));
        Assert.NotEmpty(keys);
        foreach (var key in keys)
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(key));
    }

    private static HostProcess Start(TemporaryFolder folder) =>
        HostProcess.Start(folder.Path, "Development", ("Kapso__Management__ApiKey", WebHost.ManagementKey));

    private static async Task<HttpClient> OpenAsync(HostProcess host) => new(
        new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
    { BaseAddress = await host.AddressAsync() };

    private static async Task<string> SignInAsync(HttpClient browser)
    {
        using var response = await SendAsync(
            browser, HttpMethod.Post, new("ops/sign-in", UriKind.Relative), null, ("name", "operator-1"), ("key", WebHost.ManagementKey));
        Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
        return CookieOf(response);
    }

    private static Task<HttpResponseMessage> SignOutAsync(HttpClient browser, string cookies, string token) =>
        SendAsync(browser, HttpMethod.Post, new("ops/sign-out", UriKind.Relative), cookies, ("token", token));

    private static async Task<HttpResponseMessage> SendAsync(
        HttpClient browser, HttpMethod method, Uri page, string? cookies, params (string Name, string Value)[] fields)
    {
        using var request = new HttpRequestMessage(method, page);
        if (fields.Length > 0)
            request.Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        if (cookies is not null)
            request.Headers.Add("Cookie", cookies);
        return await browser.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static string CookieOf(HttpResponseMessage response) => Assert.Single(response.Headers.GetValues("Set-Cookie")).Split(';')[0];

    [GeneratedRegex("name=\"token\" value=\"([\\w-]+)\"")]
    private static partial Regex Token();
}
