using System.Net;
using Kapso.Platform.Reconciling;
using Kapso.Tests.Simulator;
using Kapso.Tests.Web;

namespace Kapso.Tests.Operators;

/// <summary>Having everything compared with the platform, from the overview and by the API.</summary>
public sealed class ReconcileFormTests
{
    private const string Reconcile = $"/ops/{WebHost.Project}/reconcile";

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

    [Fact]
    public async Task A_form_without_the_token_asks_for_nothing()
    {
        await using var platform = await SimulatorHost.StartAsync();
        await using var host = await StartAsync(platform);
        using var response = await host.SendFormAsync(Reconcile, await host.GetCookieAsync());
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        await AskedByAsync(host, null);
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

    private static Task AskedByAsync(WebHost host, string? name) => WebHost.UntilAsync($"a pass is done that {name ?? "nobody"} asked for", async () =>
        (await host.ReadAsync($"{WebHost.ApiOfProject}/reconciliation")).GetProperty("last") is { ValueKind: System.Text.Json.JsonValueKind.Object } last
        && last.GetProperty("asked_by").GetString() == name);
}
