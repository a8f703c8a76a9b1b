using System.Net;
using Kapso.Tests.Web;

namespace Kapso.Tests.Operators;

public sealed class AuditPageTests
{
    private static readonly string Page = $"/ops/{WebHost.Project}/audit";

    [Fact]
    public async Task The_page_shows_who_did_what_and_finds_it()
    {
        await using var host = await WebHost.StartAsync();
        var cookie = await host.GetCookieAsync();
        await host.ConnectAsync();
        using var set = await host.ManageAsync(HttpMethod.Patch, WebHost.ApiOfCustomer, new { contact_phone = "+15551234567" });

        var all = await ReadAsync(host, cookie, "");
        Assert.Contains("<code>customer.change</code>", all, StringComparison.Ordinal);
        Assert.Contains("<code>sign_in</code>", all, StringComparison.Ordinal);
        Assert.Contains("<bdi>operator-1</bdi>", all, StringComparison.Ordinal);
        Assert.Contains("contact_phone set", all, StringComparison.Ordinal);
        Assert.DoesNotContain("15551234567", all, StringComparison.Ordinal);

        var signIns = await ReadAsync(host, cookie, "?action=sign_in&by=&customer=&from=&until=&outcome=done");
        Assert.DoesNotContain("<code>customer.change</code>", signIns, StringComparison.Ordinal);
        Assert.Contains($"{Page}/export?format=csv&amp;action=sign_in&amp;outcome=done", signIns, StringComparison.Ordinal);
        Assert.Contains("No (more) lines are like this.", await ReadAsync(host, cookie, "?by=nobody"), StringComparison.Ordinal);

        using var customer = await host.OpenAsync($"/ops/{WebHost.Project}/customer?id={WebHost.Customer}", cookie);
        Assert.Contains($"{Page}?customer={WebHost.Customer}", await customer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("<code>customer.change</code>", await ReadAsync(host, cookie, $"?customer={WebHost.Customer}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mistake_is_said_on_the_page()
    {
        await using var host = await WebHost.StartAsync();
        using var response = await host.OpenAsync(Page + "?from=yesterday", await host.GetCookieAsync());
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("from must be a day or a time", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static async Task<string> ReadAsync(WebHost host, string cookie, string query)
    {
        using var response = await host.OpenAsync(Page + query, cookie);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync();
    }
}
