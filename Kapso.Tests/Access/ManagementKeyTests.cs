using System.Net;
using System.Text.Json;
using Kapso.Platform.Settings;
using Kapso.Tests.Web;
using Microsoft.Extensions.Time.Testing;

namespace Kapso.Tests.Access;

/// <summary>Several management keys, in calls of the API.</summary>
public sealed class ManagementKeyTests
{
    private const string Address = "https://setup.example.com/secret";

    private const string Connections = $"/api/projects/{WebHost.Project}/connections";

    public static TheoryData<string, string, ManagementRole> Calls => new()
    {
        { "GET", "", ManagementRole.Read },
        { "GET", "/connections", ManagementRole.Read },
        { "GET", $"/customers/{WebHost.Customer}/connection", ManagementRole.Read },
        { "GET", "/audit", ManagementRole.Read },
        { "GET", "/audit/export", ManagementRole.Read },
        { "GET", "/receivers", ManagementRole.Read },
        { "POST", $"/customers/{WebHost.Customer}/redirect_urls", ManagementRole.Operate },
        { "POST", $"/customers/{WebHost.Customer}/setup_links", ManagementRole.Operate },
        { "PATCH", $"/customers/{WebHost.Customer}", ManagementRole.Operate },
        { "POST", "/parked/none/discard", ManagementRole.Operate },
        { "POST", "/reconcile", ManagementRole.Operate },
        { "POST", "/receivers/none/test", ManagementRole.Operate },
        { "POST", "/receivers/none/enable", ManagementRole.Operate },
        { "POST", "/receivers", ManagementRole.Administer },
        { "PUT", "/receivers/none", ManagementRole.Administer },
        { "POST", "/receivers/none/rotate", ManagementRole.Administer },
        { "DELETE", "/receivers/none", ManagementRole.Administer },
        { "DELETE", $"/customers/{WebHost.Customer}", ManagementRole.Administer },
    };

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_key_does_what_its_role_may_and_no_more(string method, string path, ManagementRole needed)
    {
        await using var host = await Keyed.StartAsync();
        await host.ConnectAsync();
        foreach (var role in Enum.GetValues<ManagementRole>().Order())
        {
            using var response = await host.AskAsync(Keyed.KeyOf(role), new HttpMethod(method), WebHost.ApiOfProject + path, method == "GET" ? null : new { });
            if (role >= needed)
            {
                Assert.NotEqual(HttpStatusCode.Forbidden, response.StatusCode);
                continue;
            }

            Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
            Assert.Equal(
                $"The key '{Keyed.Name(role)}' has the role {Keyed.Name(role)}. This needs the role {Keyed.Name(needed)}.",
                await Keyed.DetailOf(response));
        }
    }

    [Fact]
    public async Task The_audit_names_the_key_and_has_what_it_was_refused()
    {
        await using var host = await Keyed.StartAsync();
        await host.ConnectAsync();
        var path = $"{WebHost.ApiOfProject}/customers/{WebHost.Customer}";
        using var refused = await host.AskAsync(Keyed.KeyOf(ManagementRole.Operate), HttpMethod.Delete, path);
        using var done = await host.AskAsync(Keyed.KeyOf(ManagementRole.Operate), HttpMethod.Post, path + "/redirect_urls", new { });
        using var asOfOld = await host.ManageAsync(HttpMethod.Post, path + "/redirect_urls", new { });
        Assert.Equal([HttpStatusCode.Forbidden, HttpStatusCode.Created, HttpStatusCode.Created], [refused.StatusCode, done.StatusCode, asOfOld.StatusCode]);

        var lines = (await host.ReadAsync($"{WebHost.ApiOfProject}/audit")).GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(
            [("redirect_urls.make", "management key", "done"), ("redirect_urls.make", "operate", "done"), ("customer.erase", "operate", "refused")],
            lines.Select(line => (Text(line, "action"), Text(line, "by"), Text(line, "outcome"))));
        Assert.All(lines, line => Assert.Equal("key", Text(line, "by_kind")));
        Assert.Equal((403, WebHost.Customer), (lines[2].GetProperty("status").GetInt32(), Text(lines[2], "customer_id")));
        Assert.Single((await host.ReadAsync($"{WebHost.ApiOfProject}/audit?by=operate&outcome=done")).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task A_key_that_has_ended_is_refused_and_says_so()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        await using var host = await Keyed.StartAsync(time, time.GetUtcNow().AddMinutes(1));
        var key = Keyed.KeyOf(ManagementRole.Administer);
        using var before = await host.AskAsync(key, HttpMethod.Get, Connections);
        time.Advance(TimeSpan.FromMinutes(1));
        using var after = await host.AskAsync(key, HttpMethod.Get, Connections);
        using var other = await host.ManageAsync(HttpMethod.Get, Connections);
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Unauthorized, HttpStatusCode.OK], [before.StatusCode, after.StatusCode, other.StatusCode]);
        Assert.Equal("The key 'administer' ended at 2026-03-01 12:01:00Z. Ask who runs this service for another one.", await Keyed.DetailOf(after));
    }

    [Fact]
    public async Task A_caller_can_ask_what_its_key_may_do()
    {
        var ends = new DateTimeOffset(2090, 1, 1, 0, 0, 0, TimeSpan.Zero);
        await using var host = await Keyed.StartAsync(expires: ends);
        using var named = await host.AskAsync(Keyed.KeyOf(ManagementRole.Read), HttpMethod.Get, "/api/access");
        using var asOfOld = await host.ManageAsync(HttpMethod.Get, "/api/access");
        using var stranger = await host.AskAsync("no-key-of-this-service", HttpMethod.Get, "/api/access");
        Assert.Equal("""{"name":"read","role":"read","expires_at":"2090-01-01T00:00:00+00:00"}""", await named.Content.ReadAsStringAsync());
        Assert.Equal("""{"name":"management key","role":"administer","expires_at":null}""", await asOfOld.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);
    }

    [Fact]
    public async Task A_key_that_may_only_read_does_not_get_the_addresses_of_links()
    {
        await using var host = await Keyed.StartAsync();
        var path = $"{WebHost.ApiOfProject}/customers/{WebHost.Customer}/setup_links";
        using var registered = await host.ManageAsync(HttpMethod.Put, path + "/link-1", new { });
        var listed = new ListedLink { PlatformId = "link-1", Status = "active", Url = new BearerSecret(Address) };
        await host.Engine.ChangeLinkAsync(WebHost.Key, new FoldLinks([listed], IsWhole: true, DateTimeOffset.UtcNow), CancellationToken.None);
        using var reader = await host.AskAsync(Keyed.KeyOf(ManagementRole.Read), HttpMethod.Get, path);
        using var operating = await host.AskAsync(Keyed.KeyOf(ManagementRole.Operate), HttpMethod.Get, path);
        Assert.Equal((null, Address), (await UrlAsync(reader), await UrlAsync(operating)));
    }

    private static async Task<string?> UrlAsync(HttpResponseMessage response) =>
        JsonElement.Parse(await response.Content.ReadAsStringAsync()).GetProperty("items")[0].GetProperty("url").GetString();

    private static string? Text(JsonElement line, string member) => line.GetProperty(member).GetString();
}
