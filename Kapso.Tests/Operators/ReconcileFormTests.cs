using System.Net;
using System.Text.Json;
using Kapso.Connections.Reconciling;
using Kapso.Platform.Reconciling;
using Kapso.Tests.Web;

namespace Kapso.Tests.Operators;

/// <summary>Having everything compared with the platform, from the overview and by the API.</summary>
public sealed class ReconcileFormTests
{
    internal const int Gone = 8;
    private const string Reconcile = $"/ops/{WebHost.Project}/reconcile";
    private const string AcceptGone = $"/ops/{WebHost.Project}/accept-gone";

    [Fact]
    public async Task A_reconciliation_keeps_who_asked_for_it_and_the_overview_and_the_api_tell()
    {
        await using var platform = await SimulatorHost.StartAsync();
        await using var host = await StartAsync(platform);
        var cookie = await host.GetCookieAsync();

        using var response = await host.SendFormAsync(Reconcile, cookie, ("token", await host.ReadTokenAsync(cookie)));
        Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
        await AskedByAsync(host, "operator-1");
        using var overview = await host.OpenAsync($"/ops/{WebHost.Project}", cookie);
        Assert.Contains("asked for by operator-1", await overview.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        using var accepted = await host.ManageAsync(HttpMethod.Post, $"{WebHost.ApiOfProject}/reconcile");
        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        await AskedByAsync(host, "management key");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Many_gone_is_accepted_by_a_form_or_by_the_api_once_and_the_report_says_by_whom(bool form)
    {
        await using var platform = await SimulatorHost.StartAsync();
        await using var host = await StartAsync(platform);
        var cookie = await host.GetCookieAsync();
        var token = ("token", await host.ReadTokenAsync(cookie));
        Assert.Equal(HttpStatusCode.Conflict, await AcceptAsync());
        using (var nothing = await host.OpenAsync(AcceptGone, cookie))
            Assert.Equal(HttpStatusCode.NotFound, nothing.StatusCode);

        await RaiseManyGoneAsync(host);
        using (var overview = await host.OpenAsync($"/ops/{WebHost.Project}", cookie))
            Assert.Contains("Accept…", await overview.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var answer = await AcceptAsync();

        Assert.Equal(form ? HttpStatusCode.SeeOther : HttpStatusCode.Accepted, answer);
        await WebHost.UntilAsync("the pass is done that it was accepted for", async () =>
            (await host.ReadAsync($"{WebHost.ApiOfProject}/reconciliation")).GetProperty("last") is { ValueKind: JsonValueKind.Object } last
            && last.GetProperty("gone_accepted_by").GetString() == (form ? "operator-1" : "management key")
            && last.GetProperty("counts").GetProperty("gone").GetInt32() == Gone);
        Assert.Equal(HttpStatusCode.Conflict, await AcceptAsync());

        async Task<HttpStatusCode> AcceptAsync()
        {
            using var response = form
                ? await host.SendFormAsync(AcceptGone, cookie, token)
                : await host.ManageAsync(HttpMethod.Post, $"{WebHost.ApiOfProject}/reconcile", new { accept_gone = true });
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task A_form_without_the_token_asks_for_nothing()
    {
        await using var platform = await SimulatorHost.StartAsync();
        await using var host = await StartAsync(platform);
        using var response = await host.SendFormAsync(Reconcile, await host.GetCookieAsync());
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        await AskedByAsync(host, null);
        using var accept = await host.SendFormAsync(AcceptGone, await host.GetCookieAsync());
        Assert.Equal(HttpStatusCode.BadRequest, accept.StatusCode);
    }

    [Fact]
    public async Task A_project_without_an_api_key_has_nothing_to_compare_with()
    {
        await using var host = await StartAsync(platform: null);
        var cookie = await host.GetCookieAsync();
        using var response = await host.SendFormAsync(Reconcile, cookie, ("token", await host.ReadTokenAsync(cookie)));
        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
    }

    /// <summary>The service with passes of its own: the first begins at its start.</summary>
    internal static Task<WebHost> StartAsync(SimulatorHost? platform, bool server = false) => WebHost.StartAsync(
        options =>
        {
            options.Projects[0].ApiKey = platform is null ? null : SimulatorHost.Key;
            options.Platform.BaseUrl = platform?.BaseUrl ?? options.Platform.BaseUrl;
        },
        server: server,
        environment: server ? "Development" : "Production",
        host: builder =>
        {
            builder.Services.AddSingleton<ReconciliationService>();
            builder.Services.AddHostedService(provider => provider.GetRequiredService<ReconciliationService>());
        });

    /// <summary>Connects numbers that the platform does not know, and has a pass find that.</summary>
    internal static async Task RaiseManyGoneAsync(WebHost host)
    {
        // Else the pass of the start may be the one that is asked for below, and it does not know of the numbers yet.
        await AskedByAsync(host, null);
        for (var i = 0; i < Gone; i++)
        {
            await host.Engine.ObserveAsync(
                new CustomerKey(WebHost.Project, $"gone-{i}"),
                new Observation
                {
                    Kind = ObservationKind.Created,
                    Source = Source.Webhook,
                    Event = WebHost.Created,
                    PhoneNumberId = $"40000000000000{i}",
                    ReceivedAt = DateTimeOffset.UtcNow,
                },
                CancellationToken.None);
        }

        using var asked = await host.ManageAsync(HttpMethod.Post, $"{WebHost.ApiOfProject}/reconcile");
        Assert.Equal(HttpStatusCode.Accepted, asked.StatusCode);
        await WebHost.UntilAsync("the alarm is raised and the pass over", async () =>
            await host.Engine.ReadReconciliationAsync(WebHost.Project, CancellationToken.None) is { Running: null, FullWanted: false } standing
            && standing.Alarms.Any(alarm => alarm.Kind == ReconciliationAlarmKind.ManyGone));
    }

    private static Task AskedByAsync(WebHost host, string? name) => WebHost.UntilAsync($"a pass is done that {name ?? "nobody"} asked for", async () =>
        (await host.ReadAsync($"{WebHost.ApiOfProject}/reconciliation")).GetProperty("last") is { ValueKind: JsonValueKind.Object } last
        && last.GetProperty("asked_by").GetString() == name);
}
