using System.Net;
using Kapso.Tests.Web;
using Microsoft.Extensions.Time.Testing;

namespace Kapso.Tests.Operators;

public sealed class SignInTests
{
    private const string Overview = $"/ops/{WebHost.Project}";

    [Theory]
    [InlineData("/ops")]
    [InlineData(Overview)]
    [InlineData(Overview + "/customers")]
    [InlineData(Overview + "/customer?id=customer-1")]
    [InlineData(Overview + "/customer/events?id=customer-1")]
    [InlineData(Overview + "/parked")]
    [InlineData("/ops/nothing")]
    public async Task Without_a_sign_in_every_page_asks_for_one(string path)
    {
        await using var host = await WebHost.StartAsync();
        using var response = await host.OpenAsync(path, null);
        Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
        Assert.Equal($"/ops/sign-in?return={Uri.EscapeDataString(path)}", response.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task The_cookie_is_secure_unreadable_for_scripts_and_stays_on_the_site()
    {
        await using var host = await WebHost.StartAsync();
        using var response = await host.SignInAsync();
        var cookie = OperatorClient.SetCookieOf(response).ToLowerInvariant();
        Assert.StartsWith("__host-kapso-operator=", cookie, StringComparison.Ordinal);
        foreach (var attribute in (string[])["secure", "httponly", "samesite=strict", "path=/"])
            Assert.Contains("; " + attribute, cookie, StringComparison.Ordinal);
        Assert.DoesNotContain(WebHost.ManagementKey, cookie, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_cookie_of_the_forms_is_secure_unreadable_for_scripts_and_stays_on_the_site()
    {
        await using var host = await WebHost.StartAsync();
        using var page = await host.OpenAsync(Overview, await host.GetCookieAsync());
        var cookie = OperatorClient.SetCookieOf(page).ToLowerInvariant();
        Assert.StartsWith("kapso-operator-form=", cookie, StringComparison.Ordinal);
        foreach (var attribute in (string[])["secure", "httponly", "samesite=strict", "path=/"])
            Assert.Contains("; " + attribute, cookie, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_development_run_on_this_machine_works_over_plain_http()
    {
        await using var host = await WebHost.StartAsync(environment: "Development", server: true);
        using var response = await host.SignInAsync();
        var cookie = OperatorClient.SetCookieOf(response);
        Assert.DoesNotContain("secure", cookie, StringComparison.OrdinalIgnoreCase);
        using var page = await host.OpenAsync(Overview, cookie.Split(';')[0]);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }

    [Fact]
    public async Task A_cookie_opens_the_pages_until_the_management_key_changes()
    {
        var signOuts = new SharedSignOuts(); // Nothing else that the two have in common is to tell the cookie apart.
        await using var host = await WebHost.StartAsync(host: signOuts.AddTo);
        await using var changed = await WebHost.StartAsync(
            options => options.Management.ApiKey = "another-key-of-the-tests",
            host: signOuts.AddTo);
        var cookie = await host.GetCookieAsync();

        using var before = await host.OpenAsync(Overview, cookie);
        using var after = await changed.OpenAsync(Overview, cookie);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.SeeOther), (before.StatusCode, after.StatusCode));
    }

    [Fact]
    public async Task A_cookie_ends_after_twelve_hours()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var host = await WebHost.StartAsync(time: time);
        var cookie = await host.GetCookieAsync();
        time.Advance(TimeSpan.FromHours(12) - TimeSpan.FromMinutes(1));
        using var before = await host.OpenAsync(Overview, cookie);
        time.Advance(TimeSpan.FromMinutes(2));
        using var after = await host.OpenAsync(Overview, cookie);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.SeeOther), (before.StatusCode, after.StatusCode));
    }

    [Fact]
    public async Task A_cookie_that_was_changed_in_any_place_opens_nothing()
    {
        await using var host = await WebHost.StartAsync();
        var cookie = await host.GetCookieAsync();
        for (var i = cookie.IndexOf('=', StringComparison.Ordinal) + 1; i < cookie.Length; i++)
        {
            var changed = string.Concat(cookie.AsSpan(0, i), cookie[i] == '1' ? "2" : "1", cookie.AsSpan(i + 1));
            using var response = await host.OpenAsync(Overview, changed);
            Assert.True(response.StatusCode == HttpStatusCode.SeeOther, $"Place {i} does not matter.");
        }
    }

    [Fact]
    public async Task Wrong_keys_are_slowed_down_together_with_the_apis_and_the_right_one_always_works()
    {
        await using var host = await WebHost.StartAsync(
            limits: WebHost.Patient with { WrongKeysPerMinute = 3 }, time: new FakeTimeProvider());
        using (var api = await host.Client.GetAsync(new Uri($"{WebHost.ApiOfProject}/parked", UriKind.Relative)))
            Assert.Equal(HttpStatusCode.Unauthorized, api.StatusCode);
        foreach (var expected in (HttpStatusCode[])[HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.TooManyRequests])
        {
            using var response = await host.SignInAsync("wrong");
            Assert.Equal(expected, response.StatusCode);
        }

        using var right = await host.SignInAsync();
        Assert.Equal(HttpStatusCode.SeeOther, right.StatusCode);
    }

    [Theory]
    [InlineData("https://elsewhere.example")]
    [InlineData("//elsewhere.example")]
    [InlineData("/ops\\..\\elsewhere")]
    [InlineData("/opsx")]
    [InlineData("/whatsapp/success")]
    [InlineData("/ops/\r\nLocation: https://elsewhere.example")]
    public async Task Nobody_is_sent_elsewhere_after_signing_in(string target)
    {
        await using var host = await WebHost.StartAsync();
        using var response = await host.SignInAsync(target: target);
        Assert.Equal("/ops", response.Headers.Location?.OriginalString);
    }

    [Theory]
    [InlineData("/ops/Bücher/customers?query=Zoë", "/ops/B%C3%BCcher/customers?query=Zo%C3%AB")]
    [InlineData("/ops/customers?query=%C3%A9&cursor=a%2Fb", "/ops/customers?query=%C3%A9&cursor=a%2Fb")]
    [InlineData("/ops/customers?query=日本", "/ops/customers?query=%E6%97%A5%E6%9C%AC")]
    [InlineData("/ops/customers?query=a b\"<>100%", "/ops/customers?query=a%20b%22%3C%3E100%25")]
    public async Task Whatever_the_page_is_called_it_is_where_a_browser_lands_after_signing_in(string target, string expected)
    {
        await using var host = await WebHost.StartAsync(server: true);
        using var response = await host.SignInAsync(target: target);
        Assert.Equal((HttpStatusCode.SeeOther, expected), (response.StatusCode, response.Headers.Location?.OriginalString));
    }

    [Fact]
    public async Task A_copy_of_the_cookie_opens_nothing_after_signing_out()
    {
        await using var host = await WebHost.StartAsync();
        var cookie = await host.GetCookieAsync();
        var another = await host.GetCookieAsync();
        var token = await host.ReadTokenAsync(cookie);
        using var signedOut = await host.SendFormAsync("/ops/sign-out", cookie, ("token", token));
        Assert.Equal("/ops/sign-in", signedOut.Headers.Location?.OriginalString);

        using var page = await host.OpenAsync(Overview, cookie);
        using var form = await host.SendFormAsync("/ops/sign-out", cookie, ("token", token));
        using var others = await host.OpenAsync(Overview, another);
        Assert.Equal(
            (HttpStatusCode.SeeOther, HttpStatusCode.SeeOther, HttpStatusCode.OK), (page.StatusCode, form.StatusCode, others.StatusCode));
        Assert.StartsWith("/ops/sign-in?return=", page.Headers.Location?.OriginalString, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("a\u0007b")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345")]
    public async Task A_name_that_the_timeline_cannot_show_is_refused(string name)
    {
        await using var host = await WebHost.StartAsync();
        using var response = await host.SendFormAsync("/ops/sign-in", null, ("name", name), ("key", WebHost.ManagementKey));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.False(response.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task A_key_in_the_address_signs_nobody_in()
    {
        await using var host = await WebHost.StartAsync();
        using var response = await host.OpenAsync($"/ops/sign-in?key={WebHost.ManagementKey}&name=operator-1", null);
        Assert.False(response.Headers.Contains("Set-Cookie"));
        Assert.DoesNotContain(WebHost.ManagementKey, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
