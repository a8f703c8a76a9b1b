using System.Net;
using System.Security.Cryptography;
using Kapso.Tests.Web;
using Microsoft.AspNetCore.DataProtection;

namespace Kapso.Tests.Operators;

public sealed class SignOutTests
{
    private const string Overview = $"/ops/{WebHost.Project}";

    private readonly SharedSignOuts _shared = new();

    [Fact]
    public async Task Signing_out_holds_in_every_process()
    {
        await using var first = await StartAsync();
        await using var second = await StartAsync();
        var cookie = await first.GetCookieAsync();
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(second, cookie));

        using var signedOut = await first.SendFormAsync("/ops/sign-out", cookie, ("token", await second.ReadTokenAsync(cookie)));

        Assert.Equal(HttpStatusCode.SeeOther, signedOut.StatusCode);
        Assert.Equal((HttpStatusCode.SeeOther, HttpStatusCode.SeeOther), (await StatusAsync(first, cookie), await StatusAsync(second, cookie)));
    }

    [Fact]
    public async Task A_process_with_keys_of_its_own_knows_only_its_own_sign_ins()
    {
        await using var before = await WebHost.StartAsync();
        await using var after = await WebHost.StartAsync();
        var cookie = await before.GetCookieAsync();
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.SeeOther), (await StatusAsync(before, cookie), await StatusAsync(after, cookie)));
    }

    [Fact]
    public async Task While_it_is_not_known_who_signed_out_nothing_is_shown_and_nobody_is_told_that_they_signed_out()
    {
        await using var host = await StartAsync();
        var cookie = await host.GetCookieAsync();
        var token = await host.ReadTokenAsync(cookie);

        _shared.IsAway = true;
        using var page = await host.OpenAsync(Overview, cookie);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, page.StatusCode);
        var text = await page.Content.ReadAsStringAsync();
        Assert.Contains("not known whether you are still signed in", text, StringComparison.Ordinal);
        Assert.DoesNotContain(WebHost.Project + "/customers", text, StringComparison.Ordinal);
        using var signedOut = await host.SendFormAsync("/ops/sign-out", cookie, ("token", token));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, false), (signedOut.StatusCode, signedOut.Headers.Contains("Set-Cookie")));

        _shared.IsAway = false;
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(host, cookie));
    }

    [Fact]
    public async Task While_the_keys_cannot_be_read_nobody_is_told_that_they_signed_out_and_nobody_can_sign_in()
    {
        await using var host = await StartAsync();
        var cookie = await host.GetCookieAsync();
        await using var without = await WebHost.StartAsync(host: new SharedSignOuts { Keys = new NoKeys() }.AddTo);

        using var page = await without.OpenAsync(Overview, cookie);
        using var signIn = await without.SignInAsync();
        foreach (var response in (HttpResponseMessage[])[page, signIn])
        {
            Assert.Equal((HttpStatusCode.ServiceUnavailable, false), (response.StatusCode, response.Headers.Contains("Set-Cookie")));
            Assert.Contains(
                "not known whether you are still signed in", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        using var stranger = await without.OpenAsync(Overview, null);
        Assert.Equal(HttpStatusCode.SeeOther, stranger.StatusCode);
    }

    private static async Task<HttpStatusCode> StatusAsync(WebHost host, string cookie)
    {
        using var page = await host.OpenAsync(Overview, cookie);
        return page.StatusCode;
    }

    private Task<WebHost> StartAsync() => WebHost.StartAsync(host: _shared.AddTo);

    /// <summary>What the framework has where its keys cannot be fetched.</summary>
    private sealed class NoKeys : IDataProtector
    {
        public IDataProtector CreateProtector(string purpose) => this;

        public byte[] Protect(byte[] plaintext) => throw new CryptographicException("There are no keys.");

        public byte[] Unprotect(byte[] protectedData) => throw new CryptographicException("There are no keys.");
    }
}
