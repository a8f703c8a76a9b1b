using System.Net;
using System.Text.Json;
using Kapso.Tests.Web;
using Microsoft.Extensions.Time.Testing;

namespace Kapso.Tests.Simulator;

/// <summary>What a browser says of a setup link that the simulated platform lists as active.</summary>
public sealed class BrowserWordTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private SimulatorHost _platform = null!;
    private WebHost _service = null!;
    private string _customer = "";

    private string Links => $"{WebHost.ApiOfProject}/customers/{_customer}/setup_links";

    public async ValueTask InitializeAsync()
    {
        _platform = await SimulatorHost.StartAsync();
        _customer = _platform.Platform.CreateCustomer("Customer 1", null)!.Id;
        _service = await WebHost.StartAsync(
            options =>
            {
                options.Projects[0].ApiKey = SimulatorHost.Key;
                options.Platform.BaseUrl = _platform.BaseUrl;
            },
            time: _time,
            policy: new ConnectionPolicy { CanConfirm = true });
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        await _platform.DisposeAsync();
    }

    [Theory]
    [InlineData("failed", "?error_code=link_expired")]
    [InlineData("failed", "?error_code=facebook_auth_failed")]
    [InlineData("failed", "")]
    [InlineData("success", "")]
    [InlineData("success", "?phone_number_id=123456789012345")]
    public async Task It_ends_no_link_and_the_next_call_gives_the_same_out(string page, string query)
    {
        var (_, url) = await InviteAsync();
        await _service.ReadPageAsync($"/whatsapp/{page}/{await StateAsync()}{query}");
        await PassAsync(TimeSpan.FromMinutes(15));

        var (again, same) = await InviteAsync();
        Assert.Equal((HttpStatusCode.OK, url), (again, same));
        Assert.Single(_platform.Platform.SetupLinks());
        Assert.Empty((await LinkAsync()).ErrorCodes);
    }

    [Fact]
    public async Task A_failure_counts_in_a_moment_where_the_platform_says_so()
    {
        await InviteAsync();
        _platform.Platform.Fail(_platform.Platform.SetupLinks()[0].Id, "waba_limit_reached");
        await _service.ReadPageAsync($"/whatsapp/failed/{await StateAsync()}?error_code=waba_limit_reached");
        Assert.Equal("waba_limit_reached", (await LinkAsync()).PendingFailure);

        await UntilAsync("the failure counts", link => link is { Status: SetupLinkStatus.Failed, ErrorCodes: ["waba_limit_reached"] });
    }

    [Theory]
    [InlineData("link_expired", null, "Your setup link can still be used.", "Open your setup link again.")]
    [InlineData("already_used", null, "Your setup link can still be used.", "Open your setup link again.")]
    [InlineData("link_expired", "expired", "This setup link has expired.", "for a new link.")]
    [InlineData("already_used", "revoked", "This setup link cannot be used any more.", "for a new link.")]
    [InlineData("link_expired", "waba_limit_reached", "Your business has reached its limit of WhatsApp accounts.", "Remove an account")]
    public async Task A_page_after_a_failure_turns_to_what_the_platform_says(string code, string? becomes, string message, string nextStep)
    {
        await InviteAsync();
        var (link, state) = (_platform.Platform.SetupLinks()[0].Id, await StateAsync());
        if (becomes is "revoked" or "expired")
            _platform.Platform.ChangeSetupLink(_customer, link, becomes == "revoked", becomes == "expired" ? DateTimeOffset.UnixEpoch : null);
        else if (becomes is not null)
            _platform.Platform.Fail(link, becomes);

        var html = WebUtility.HtmlDecode(await _service.ReadPageAsync($"/whatsapp/failed/{state}?error_code={code}"));
        Assert.Contains("Whether your setup link can still be used is being checked.", html, StringComparison.Ordinal);
        Assert.DoesNotContain("has expired", html, StringComparison.Ordinal);
        var events = html.Split("data-events=\"")[1].Split('"')[0];
        await UntilAsync("the platform was asked", known => known.CheckedAt > known.UpdatedAt || known.PendingFailure is null);

        using var request = new HttpRequestMessage(HttpMethod.Get, events) { Headers = { { "Accept", "application/json" } } };
        using var response = await _service.Client.SendAsync(request);
        var status = JsonElement.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal(message, status.GetProperty("message").GetString());
        Assert.Contains(nextStep, status.GetProperty("next_step").GetString(), StringComparison.Ordinal);
        Assert.False(status.TryGetProperty("reason", out _));
    }

    [Fact]
    public async Task A_success_counts_in_a_moment_where_the_platform_says_so()
    {
        await InviteAsync();
        _platform.Platform.Connect(_platform.Platform.SetupLinks()[0].Id);
        await _service.ReadPageAsync($"/whatsapp/success/{await StateAsync()}");

        await UntilAsync("the link is completed", link => link is { Status: SetupLinkStatus.Completed, Url: null });
    }

    [Fact]
    public async Task What_is_shown_of_a_link_says_what_is_not_borne_out()
    {
        await InviteAsync();
        var state = await StateAsync();
        await _service.ReadPageAsync($"/whatsapp/success/{state}");
        await _service.ReadPageAsync($"/whatsapp/failed/{state}?error_code=already_used");

        var connection = await _service.ReadAsync($"{WebHost.ApiOfProject}/customers/{_customer}/connection");
        var link = Assert.Single(connection.GetProperty("setup_links").EnumerateArray());
        Assert.Equal(
            ("live", "already_used", JsonValueKind.String, 0),
            (link.GetProperty("status").GetString(), link.GetProperty("pending_error_code").GetString(),
                link.GetProperty("succeeded_at").ValueKind, link.GetProperty("error_codes").GetArrayLength()));
    }

    private async Task<(HttpStatusCode Status, string? Url)> InviteAsync()
    {
        using var response = await _service.ManageAsync(HttpMethod.Post, Links, "{}");
        return (response.StatusCode, JsonElement.Parse(await response.Content.ReadAsStringAsync()).GetProperty("url").GetString());
    }

    private async Task<SetupLink> LinkAsync() =>
        Assert.Single((await _service.Engine.FindAsync(new CustomerKey(WebHost.Project, _customer), CancellationToken.None))!.SetupLinks);

    private async Task<string> StateAsync() => (await LinkAsync()).State;

    /// <summary>Has the platform asked, and more than once.</summary>
    private async Task PassAsync(TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromSeconds(15))
        {
            _time.Advance(TimeSpan.FromSeconds(15));
            await Task.Yield();
        }

        var asked = _time.GetUtcNow();
        using var list = await _service.ManageAsync(HttpMethod.Get, Links);
        Assert.True(list.IsSuccessStatusCode && (await LinkAsync()).CheckedAt >= asked - time);
    }

    private Task UntilAsync(string what, Predicate<SetupLink> holds) => WebHost.UntilAsync(what, async () =>
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        return holds(await LinkAsync());
    });
}
