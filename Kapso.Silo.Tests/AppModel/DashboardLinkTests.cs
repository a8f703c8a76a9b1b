using System.Net;
using System.Text.Json;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace Kapso.Silo.Tests.AppModel;

/// <summary>What the dashboard links to, followed by somebody who is signed in.</summary>
[Collection(DashboardApplication.Collection)]
public sealed class DashboardLinkTests(DashboardApplication application)
{
    private const string Cluster = "/ops/cluster/";

    [Theory]
    [InlineData(RunningApplication.Api, 6)]
    [InlineData("silo", 1)]
    [InlineData("simulator", 1)]
    public async Task Every_link_leads_to_a_page(string resource, int links)
    {
        using var patience = new CancellationTokenSource(RunningApplication.Patience);
        using var browser = await SignInAsync(patience.Token);
        var part = await application.Running.ResourceNotifications.WaitForResourceAsync(
            resource, shown => PagesOf(shown).Count(url => !url.IsInactive) >= links, patience.Token);

        Assert.Equal(links, PagesOf(part).Count());
        foreach (var url in PagesOf(part))
        {
            using var page = await browser.GetAsync(new Uri(url.Url), patience.Token);
            Assert.True(page.StatusCode == HttpStatusCode.OK, $"{url.Url} answers {(int)page.StatusCode}.");
        }
    }

    [Fact]
    public async Task The_clusters_dashboard_shows_both_silos_and_our_grains()
    {
        using var patience = new CancellationTokenSource(RunningApplication.Patience);
        using var browser = await SignInAsync(patience.Token);

        while (await FindCountersAsync(browser, patience.Token) is not { } counters || !ShowsAll(counters))
            await Task.Delay(TimeSpan.FromSeconds(1), patience.Token);

        foreach (var path in (string[])["", "index.min.js", "index.css", "version", "ClusterStats", "Reminders", "GrainTypes", "LifecycleStages"])
        {
            using var answer = await browser.GetAsync(new Uri(Cluster + path, UriKind.Relative), patience.Token);
            Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{path} answers {(int)answer.StatusCode}.");
        }
    }

    [Fact]
    public async Task What_a_grain_holds_is_shown_to_nobody()
    {
        using var patience = new CancellationTokenSource(RunningApplication.Patience);
        using var browser = await SignInAsync(patience.Token);
        using var answer = await browser.GetAsync(
            new Uri(Cluster + "GrainState?grainId=any&grainType=Kapso.Engines.Orleans.Grains.ConnectionGrain", UriKind.Relative), patience.Token);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    /// <summary>What the dashboard counts; null while its own grains are not there yet, which is answered with 503.</summary>
    private static async Task<JsonElement?> FindCountersAsync(HttpClient browser, CancellationToken cancellationToken)
    {
        using var answer = await browser.GetAsync(new Uri(Cluster + "DashboardCounters", UriKind.Relative), cancellationToken);
        if (answer.StatusCode == HttpStatusCode.ServiceUnavailable)
            return null;
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
    }

    private static bool ShowsAll(JsonElement counters) =>
        counters.GetProperty("totalActiveHostCount").GetInt32() >= 2
        && counters.GetProperty("simpleGrainStats").EnumerateArray().Any(grain => grain.Text("grainType")!.EndsWith("ConnectionGrain", StringComparison.Ordinal));

    private static IEnumerable<UrlSnapshot> PagesOf(ResourceEvent part) =>
        part.Snapshot.Urls.Where(url => url.Url.StartsWith("http", StringComparison.Ordinal));

    /// <summary>A browser that signed in, on its way to the cluster's dashboard.</summary>
    private async Task<HttpClient> SignInAsync(CancellationToken cancellationToken)
    {
        var address = application.Running.GetEndpoint(RunningApplication.Api, "http");
        var browser = new HttpClient(new SocketsHttpHandler { CookieContainer = new CookieContainer() }) { BaseAddress = address };
        using var asked = await browser.GetAsync(new Uri("/ops/cluster", UriKind.Relative), cancellationToken);
        Assert.Equal("/ops/sign-in", asked.RequestMessage!.RequestUri!.AbsolutePath);

        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["name"] = "operator-1",
            ["key"] = RunningApplication.ManagementKey,
            ["return"] = "/ops/cluster",
        });
        using var page = await browser.PostAsync(new Uri("/ops/sign-in", UriKind.Relative), form, cancellationToken);
        Assert.Equal((HttpStatusCode.OK, Cluster), (page.StatusCode, page.RequestMessage!.RequestUri!.AbsolutePath));
        return browser;
    }
}
