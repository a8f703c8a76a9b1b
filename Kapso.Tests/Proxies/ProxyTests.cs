using System.Net;
using System.Text;
using Kapso.Tests.Web;

namespace Kapso.Tests.Proxies;

/// <summary>The service behind nginx and Caddy, as docs/proxy sets them up.</summary>
[Long]
public sealed class ProxyTests
{
    private const string Query = $"?phone_number_id={WebHost.Number}&display_phone_number=%2B15551234567";

    /// <summary>How a request comes from the proxy to the service.</summary>
    public enum Handing
    {
        /// <summary>As docs/proxy has it.</summary>
        AsDocumented,

        /// <summary>Without the path that the service is mounted at.</summary>
        Stripped,

        /// <summary>Without it, and with a header that says so.</summary>
        StrippedAndSaid,
    }

    [ProxyTheory]
    [InlineData("a/b")]
    [InlineData("a%2Fb")]
    [InlineData("a:b")]
    [InlineData("100% sure?")]
    [InlineData("https://example.org/../1#x")]
    [InlineData("a//b")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("%2e%2E")]
    [InlineData("a b\\;c+d\u00e9\U0001F600")]
    public async Task A_customers_routes_are_reached_whatever_the_id_holds(string id)
    {
        foreach (var file in (string[])["nginx.conf", "Caddyfile"])
        {
            await using var proxy = new ReverseProxy(file);
            await using var host = await StartAsync(proxy, "");
            await proxy.StartAsync(host.Client.BaseAddress!);
            using var client = proxy.Client();
            await CustomerRouteWalk.WalkAsync(host, client, id);
        }
    }

    [ProxyTheory]
    [InlineData("nginx.conf", "", Handing.AsDocumented)]
    [InlineData("Caddyfile", "", Handing.AsDocumented)]
    [InlineData("nginx-path.conf", "/connect", Handing.AsDocumented)]
    [InlineData("nginx-path.conf", "/connect", Handing.Stripped)]
    [InlineData("nginx-path.conf", "/connect", Handing.StrippedAndSaid)]
    [InlineData("Caddyfile-path", "/connect", Handing.AsDocumented)]
    [InlineData("Caddyfile-path", "/connect", Handing.Stripped)]
    public async Task Pages_are_styled_and_live_and_forms_webhooks_and_addresses_work(string file, string path, Handing handing)
    {
        await using var proxy = new ReverseProxy(file, text => Change(text, handing));
        await using var host = await StartAsync(proxy, path);
        await proxy.StartAsync(host.Client.BaseAddress!);
        using var client = proxy.Client();
        await using var visitor = await Visitor.OpenAsync(proxy.Address);

        var success = await AskForSuccessUrlAsync(client, path);
        Assert.StartsWith($"{proxy.Address}{path.TrimStart('/')}{(path.Length > 0 ? "/" : "")}whatsapp/success/", success.AbsoluteUri, StringComparison.Ordinal);
        await visitor.GoAsync(success.PathAndQuery + Query);
        await visitor.SeeAsync("Thank you, almost done");
        await AssertStyledAsync(visitor);

        // Told by the stream: a page that only looks again and again does so after ten seconds at the earliest.
        Assert.Equal(HttpStatusCode.OK, await SendAsync(client, path, WebHost.FlatBody()));
        await visitor.SeeAsync("WhatsApp is connected");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await SendAsync(client, path, new string(' ', 1_500_000)));

        Assert.Equal(HttpStatusCode.OK, await SendAsync(client, path, """{"phone_number_id":""", "key-2"));
        await visitor.GoAsync($"{path}/ops/{WebHost.Project}/parked");
        await visitor.SignInAsync(WebHost.ManagementKey, "operator-1");
        await visitor.SeeAsync("Its body is not what was expected");
        await AssertStyledAsync(visitor);
        await visitor.Page.Locator("main table a").First.ClickAsync();
        await visitor.FollowAsync("Discard");
        await visitor.PressAsync("Discard");
        await visitor.SeeAsync("Discarded");
        await visitor.FollowAsync("Customers");
        await visitor.SeeAsync(WebHost.Customer);
        await visitor.Page.Locator(".leave button").ClickAsync();
        await visitor.SeeAsync("Management key");
        Assert.StartsWith($"{proxy.Address}{path.TrimStart('/')}", visitor.Page.Url, StringComparison.Ordinal);
        visitor.AssertNoComplaints();
    }

    private static Task<WebHost> StartAsync(ReverseProxy proxy, string path) => WebHost.StartAsync(
        settings =>
        {
            settings.PublicUrl = new Uri(proxy.Address, path);
            settings.TrustedProxies.Add("127.0.0.1");
        },
        server: true);

    private static string Change(string text, Handing handing) => handing switch
    {
        Handing.AsDocumented => text,
        Handing.Stripped => text
            .Replace("proxy_pass http://127.0.0.1:5080;", "proxy_pass http://127.0.0.1:5080/;", StringComparison.Ordinal)
            .Replace("handle /connect/*", "handle_path /connect/*", StringComparison.Ordinal),
        _ => text.Replace(
            "proxy_pass http://127.0.0.1:5080;",
            "proxy_pass http://127.0.0.1:5080/; proxy_set_header X-Forwarded-Prefix /connect;",
            StringComparison.Ordinal),
    };

    private static async Task<Uri> AskForSuccessUrlAsync(HttpClient client, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{path}{WebHost.ApiOfCustomer}/redirect_urls");
        request.Headers.Authorization = new("Bearer", WebHost.ManagementKey);
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, text);
        return new Uri(System.Text.Json.JsonElement.Parse(text).GetProperty("success_redirect_url").GetString()!);
    }

    private static async Task<HttpStatusCode> SendAsync(HttpClient client, string path, string body, string key = "key-1")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path + WebHost.WebhookPath) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("X-Webhook-Signature", WebHost.Sign(Encoding.UTF8.GetBytes(body)));
        request.Headers.Add("X-Webhook-Event", WebHost.Created);
        request.Headers.Add("X-Idempotency-Key", key);
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    private static async Task AssertStyledAsync(Visitor visitor) => Assert.True(
        await visitor.Page.EvaluateAsync<bool>("document.styleSheets.length > 0 && [...document.styleSheets].every(sheet => sheet.cssRules.length > 0)"),
        $"{visitor.Page.Url} has no style.");
}
