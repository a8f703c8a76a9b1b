using System.Net;
using Kapso.Platform.Settings;
using Kapso.Tests.Operators;
using Kapso.Tests.Web;
using Microsoft.Extensions.Time.Testing;

namespace Kapso.Tests.Access;

/// <summary>Several management keys, on the pages for operators.</summary>
public sealed class RolePageTests
{
    private const string Root = $"/ops/{WebHost.Project}";
    private const string Customer = $"{Root}/customer?id={WebHost.Customer}";

    [Theory]
    [InlineData(ManagementRole.Read, "Not yours to do", "Not yours to do")]
    [InlineData(ManagementRole.Operate, "New setup link", "Not yours to do")]
    [InlineData(ManagementRole.Administer, "New setup link", "Erase")]
    public async Task A_page_that_asks_for_an_act_is_shown_to_those_who_may_do_it(ManagementRole role, string newLink, string erase)
    {
        await using var host = await Keyed.StartAsync();
        await host.ConnectAsync();
        var cookie = await CookieOf(host, role);
        Assert.Contains(newLink, await ReadAsync(host, $"{Root}/customer/link?id={WebHost.Customer}", cookie), StringComparison.Ordinal);
        Assert.Contains(erase, await ReadAsync(host, $"{Root}/customer/erase?id={WebHost.Customer}", cookie), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_may_only_read_sees_everything_and_no_button_that_would_be_refused()
    {
        await using var host = await Keyed.StartAsync();
        await host.ConnectAsync();
        var (reader, administrator) = (await CookieOf(host, ManagementRole.Read), await CookieOf(host, ManagementRole.Administer));
        foreach (var (page, button) in ((string, string)[])
        [
            (Root, "Reconcile…"), (Customer, "New link…"), (Customer, "Erase this customer…"), (Customer, "Change names and tags…"),
            ($"{Root}/customers", "New customer…"), ($"{Root}/receivers", "New receiver…"),
        ])
        {
            Assert.DoesNotContain(button, await ReadAsync(host, page, reader), StringComparison.Ordinal);
            Assert.Contains(button, await ReadAsync(host, page, administrator), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_form_that_somebody_may_not_send_does_nothing_and_stands_in_the_audit()
    {
        await using var host = await Keyed.StartAsync();
        await host.ConnectAsync();
        var cookie = await CookieOf(host, ManagementRole.Operate);
        var token = await host.ReadTokenAsync(cookie);
        using var response = await host.SendFormAsync(
            $"{Root}/customer/erase?id={WebHost.Customer}", cookie, ("token", token), ("confirm", WebHost.Customer));
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.NotNull(await host.Engine.FindAsync(WebHost.Key, CancellationToken.None));
        var line = (await host.ReadAsync($"{WebHost.ApiOfProject}/audit?outcome=refused")).GetProperty("items")[0];
        Assert.Equal(("customer.erase", "operator-1"), (line.GetProperty("action").GetString(), line.GetProperty("by").GetString()));
    }

    [Fact]
    public async Task A_sign_in_lasts_no_longer_than_its_key()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var host = await Keyed.StartAsync(time, time.GetUtcNow().AddHours(1));
        var cookie = await CookieOf(host, ManagementRole.Read);
        using var before = await host.OpenAsync(Root, cookie);
        time.Advance(TimeSpan.FromHours(1));
        using var after = await host.OpenAsync(Root, cookie);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.SeeOther), (before.StatusCode, after.StatusCode));

        using var again = await host.SignInAsync(Keyed.KeyOf(ManagementRole.Read));
        Assert.Equal(HttpStatusCode.Unauthorized, again.StatusCode);
        Assert.Contains("The key &#x27;read&#x27; has ended.", await again.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, HttpStatusCode.SeeOther)]
    [InlineData(false, HttpStatusCode.OK)]
    public async Task A_sign_in_ends_with_its_key_and_not_with_another_one(bool own, HttpStatusCode status)
    {
        var signOuts = new SharedSignOuts();
        await using var host = await WebHost.StartAsync(options => Keyed.AddKeys(options), host: signOuts.AddTo);
        await using var changed = await WebHost.StartAsync(
            options =>
            {
                Keyed.AddKeys(options);
                options.Management.Keys.Single(key => key.Role == (own ? ManagementRole.Read : ManagementRole.Operate)).Key = "another-key-of-the-tests";
            },
            host: signOuts.AddTo);
        using var page = await changed.OpenAsync(Root, await CookieOf(host, ManagementRole.Read));
        Assert.Equal(status, page.StatusCode);
    }

    [Fact]
    public async Task The_role_is_what_the_settings_say_now()
    {
        var signOuts = new SharedSignOuts();
        await using var host = await WebHost.StartAsync(options => Keyed.AddKeys(options), host: signOuts.AddTo);
        await using var changed = await WebHost.StartAsync(
            options =>
            {
                Keyed.AddKeys(options);
                options.Management.Keys.Single(key => key.Role == ManagementRole.Administer).Role = ManagementRole.Read;
            },
            host: signOuts.AddTo);
        var cookie = await CookieOf(host, ManagementRole.Administer);
        Assert.Contains("New customer…", await ReadAsync(host, $"{Root}/customers", cookie), StringComparison.Ordinal);
        Assert.DoesNotContain("New customer…", await ReadAsync(changed, $"{Root}/customers", cookie), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_of_access_tells_who_one_is_and_which_keys_there_are()
    {
        await using var host = await Keyed.StartAsync(expires: DateTimeOffset.UtcNow.AddDays(3));
        var page = await ReadAsync(host, "/ops/access", await CookieOf(host, ManagementRole.Operate));
        foreach (var text in (string[])["operator-1", "with the key operate", "management key", "Administer", "Soon", "Off: people sign in with a management key."])
            Assert.Contains(text, page, StringComparison.Ordinal);
        Assert.DoesNotContain(Keyed.KeyOf(ManagementRole.Read), page, StringComparison.Ordinal);
    }

    private static async Task<string> CookieOf(WebHost host, ManagementRole role)
    {
        using var response = await host.SignInAsync(Keyed.KeyOf(role));
        Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
        return OperatorClient.SetCookieOf(response).Split(';')[0];
    }

    private static async Task<string> ReadAsync(WebHost host, string path, string cookie)
    {
        using var response = await host.OpenAsync(path, cookie);
        return WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync());
    }
}
