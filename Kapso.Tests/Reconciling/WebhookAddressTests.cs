using System.Text;
using Kapso.Connections.Reconciling;
using Kapso.Platform.Api;
using Kapso.Platform.Reconciling;
using Kapso.Platform.Webhooks;
using Kapso.Tests.Web;

namespace Kapso.Tests.Reconciling;

/// <summary>The check of a webhook's address says what the server and its router do, and its alarm which address it found.</summary>
public sealed class WebhookAddressTests
{
    private const string P = WebHost.Project;

    private static readonly Uri Us = new("https://us.example/");

    private static readonly string[] Paths =
    [
        $"/webhooks/project/{P}", $"/webhooks/project/{P}/", $"/webhooks/project/{P}//", $"//webhooks/project/{P}", $"/webhooks//project/{P}",
        $"/Webhooks/PROJECT/{P}", $"/webhooks/project/{P.ToUpperInvariant()}", $"/webhooks/project/{P}?query=1", $"/webhooks/project/{P}?",
        $"/webhooks/project/{P}/more", $"/webhooks/project/%39{P[1..]}", $"/web%68ooks/project/{P}", $"/webhooks%2Fproject/{P}",
        $"/webhooks/project%2f{P}", $"/webhooks/project/{P}%2F", $"/webhooks/project/{P}%20", $"/webhooks/./project/{P}", $"/x/../webhooks/project/{P}",
        "/webhooks/project", "/webhooks/project/", "/WEBHOOKS/project?x=/", "/webhooks/project//", "/webhooks", "/", "/webhook/project", $"/webhooks/projects/{P}",
    ];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_path_is_ours_where_the_router_takes_it(bool isOnly)
    {
        await using var host = await WebHost.StartAsync(
            options =>
            {
                if (!isOnly)
                    options.Projects.Add(new() { Id = "other" });
            },
            server: true);
        var address = new WebhookAddress(Us, P, isOnly);
        foreach (var path in Paths)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(host.Client.BaseAddress!.AbsoluteUri.TrimEnd('/') + path))
            {
                Content = new ByteArrayContent(Encoding.UTF8.GetBytes(WebHost.FlatBody())),
            };
            request.Headers.Add("X-Webhook-Signature", WebHost.Sign(Encoding.UTF8.GetBytes(WebHost.FlatBody())));
            request.Headers.Add("X-Webhook-Event", WebHost.Created);
            using var response = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);

            Assert.Equal((path, response.IsSuccessStatusCode), (path, address.IsReachedBy("https://us.example" + path)));
        }
    }

    [Theory]
    [InlineData("https://us.example/", "HTTPS://US.Example:443", true)]
    [InlineData("https://us.example/", "https://us.example.", true)]
    [InlineData("https://us.example/", "https://user:secret@us.example", true)]
    [InlineData("https://us.example:8443/", "https://us.example:8443", true)]
    [InlineData("https://us.example:8443/", "https://us.example", false)]
    [InlineData("https://us.example/", "http://us.example", false)]
    [InlineData("https://us.example/", "http://us.example:443", false)]
    [InlineData("https://us.example/", "https://www.us.example", false)]
    [InlineData("https://münchen.example/", "https://xn--mnchen-3ya.example", true)]
    [InlineData("https://xn--mnchen-3ya.example/", "https://MÜNCHEN.example", true)]
    [InlineData("http://[2001:db8::1]/", "http://[2001:DB8:0::1]:80", true)]
    [InlineData("https://us.example/kapso/", "https://us.example/kapso", true)]
    [InlineData("https://us.example/kapso", "https://us.example/Kapso", true)]
    [InlineData("https://us.example/kapso", "https://us.example", false)]
    [InlineData("https://us.example/", "nonsense", false)]
    public void Scheme_host_and_port_have_to_be_ours(string publicUrl, string origin, bool ours) =>
        Assert.Equal(ours, new WebhookAddress(new Uri(publicUrl), P, isOnly: false).IsReachedBy($"{origin}/webhooks/project/{P}"));

    [Theory]
    [InlineData("https://user:secret@them.example/hook?token=secret#secret", "https://them.example/hook")]
    [InlineData("https://THEM.example:8443/a%20b", "https://them.example:8443/a%20b")]
    [InlineData("secret", "an address that is no URL")]
    [InlineData("mailto:secret@them.example", "an address that is no URL")]
    [InlineData("", "no address")]
    [InlineData(null, "no address")]
    public void An_address_is_told_without_what_may_be_secret(string? url, string shown) => Assert.Equal(shown, WebhookAddress.Shown(url));

    [Fact]
    public void A_long_address_is_cut() =>
        Assert.Equal(201, WebhookAddress.Shown("https://them.example/" + new string('a', 5_000)).Length);

    [Fact]
    public void The_alarm_names_the_address_that_it_found_beside_the_one_that_is_expected()
    {
        var found = Find(
            Webhook("1", $"https://old.example/webhooks/project/{P}?x=1"),
            Webhook("2", "https://user:secret@them.example/hook", active: false),
            Webhook("3", $"https://us.example/webhooks/project/{P}", ofNumber: true));

        Assert.Equal(
            $"No webhook of the project delivers to https://us.example/webhooks/project/{P}; found: https://old.example/webhooks/project/{P}, https://them.example/hook (paused), https://us.example/webhooks/project/{P} (of one number). Correct its address, create one, or correct Kapso:PublicUrl.",
            found[ReconciliationAlarmKind.NoWebhook]);
    }

    [Fact]
    public void Of_many_webhooks_a_few_are_named()
    {
        var found = Find([.. Enumerable.Range(0, 50).Select(i => Webhook($"{i}", $"https://them.example/{i}"))])[ReconciliationAlarmKind.NoWebhook];
        Assert.Contains("https://them.example/4 and 45 more.", found, StringComparison.Ordinal);
        Assert.StartsWith("The project has no webhook.", Find()[ReconciliationAlarmKind.NoWebhook], StringComparison.Ordinal);
    }

    [Fact]
    public void Paused_webhooks_are_named_with_their_addresses()
    {
        var one = Find(Webhook("1", "https://us.example/webhooks/project", active: false))[ReconciliationAlarmKind.WebhookPaused];
        Assert.StartsWith("The webhook that delivers here is paused: 1 at https://us.example/webhooks/project.", one, StringComparison.Ordinal);
        var two = Find(
            Webhook("1", "https://us.example/webhooks/project", active: false), Webhook("2", $"https://us.example/webhooks/project/{P}/", active: false));
        Assert.StartsWith(
            $"Every webhook that delivers here is paused: 1 at https://us.example/webhooks/project, 2 at https://us.example/webhooks/project/{P}/.",
            two[ReconciliationAlarmKind.WebhookPaused], StringComparison.Ordinal);
    }

    private static IReadOnlyDictionary<ReconciliationAlarmKind, string> Find(params PlatformWebhook[] webhooks) =>
        WebhookCheck.Find(webhooks, Us, P, isOnly: true);

    private static PlatformWebhook Webhook(string id, string url, bool active = true, bool ofNumber = false) =>
        new(id, url, [], active, ofNumber ? WebHost.Number : null, "v2");
}
