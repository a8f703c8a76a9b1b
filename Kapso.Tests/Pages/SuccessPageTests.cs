using System.Net;
using Kapso.Tests.Web;

namespace Kapso.Tests.Pages;

public sealed class SuccessPageTests
{
    private const string Query = $"?phone_number_id={WebHost.Number}&display_phone_number=%2B15551234567";

    [Fact]
    public async Task A_page_with_a_state_turns_to_connected_once_the_webhook_came()
    {
        await using var host = await WebHost.StartAsync(server: true);
        var state = await host.CreateStateAsync();
        Assert.Contains("data-tone=\"pending\"", await host.ReadPageAsync($"/whatsapp/success/{state}{Query}"), StringComparison.Ordinal);

        using var stream = await LiveStream.OpenAsync(host, state, Query);
        var first = await stream.NextAsync("the first status");
        Assert.Equal("pending", first?.GetProperty("tone").GetString());
        await host.ConnectAsync();

        var second = await stream.NextAsync("the status after the webhook");
        Assert.Equal("connected", second?.GetProperty("tone").GetString());
        Assert.Null(await stream.NextAsync("the end of the stream"));
        Assert.Contains("Already connected", await host.ReadPageAsync($"/whatsapp/success/{state}{Query}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_stream_of_a_page_repeats_the_number_that_the_browser_brought()
    {
        await using var host = await WebHost.StartAsync(server: true);
        var state = await host.CreateStateAsync();
        var html = await host.ReadPageAsync($"/whatsapp/success/{state}{Query}");
        var events = WebUtility.HtmlDecode(html.Split("data-events=\"")[1].Split('"')[0]);

        using var stream = await LiveStream.OpenAsync(host, state, events[events.IndexOf('?', StringComparison.Ordinal)..]);
        var status = await stream.NextAsync("the first status");
        Assert.Equal("+15551234567", status?.GetProperty("number").GetString());
    }

    [Fact]
    public async Task A_stream_without_a_valid_state_is_not_found()
    {
        await using var host = await WebHost.StartAsync(server: true);
        using var unknown = await LiveStream.OpenAsync(host, new string('0', 32));
        using var malformed = await LiveStream.OpenAsync(host, "nonsense");
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (unknown.Status, malformed.Status));
    }

    [Theory]
    [InlineData("/whatsapp/success")]
    [InlineData("/whatsapp/success/00000000000000000000000000000000")]
    [InlineData($"/whatsapp/{WebHost.Project}/success")]
    public async Task Without_a_valid_state_a_page_shows_only_the_number_of_the_browser(string path)
    {
        await using var host = await WebHost.StartAsync(server: true);
        await host.ConnectAsync();

        var html = await host.ReadPageAsync(path + Query);

        Assert.Contains("data-tone=\"pending\"", html, StringComparison.Ordinal);
        Assert.Contains("15551234567", html, StringComparison.Ordinal);
        Assert.DoesNotContain(WebHost.Number, html, StringComparison.Ordinal);
        Assert.DoesNotContain(WebHost.Customer, html, StringComparison.Ordinal);
        Assert.DoesNotContain("data-events", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Over_the_rate_limit_a_page_is_shown_and_nothing_is_recorded()
    {
        await using var host = await WebHost.StartAsync(limits: WebHost.Patient with { RedirectsPerMinute = 1 }, server: true);
        await host.ReadPageAsync("/whatsapp/failed?error_code=link_expired");
        Assert.Contains(
            "The setup was not completed", await host.ReadPageAsync("/whatsapp/failed?error_code=already_used"), StringComparison.Ordinal);

        var kept = (await host.Engine.ReadActivityAsync(WebHost.Project, CancellationToken.None)).FailedSetups;
        Assert.Equal("link_expired", Assert.Single(kept).ErrorCode);
    }

    [Fact]
    public async Task A_head_request_records_nothing()
    {
        await using var host = await WebHost.StartAsync(server: true);
        var state = await host.CreateStateAsync();
        foreach (var path in (string[])[$"/whatsapp/success/{state}{Query}", $"/whatsapp/failed/{state}", "/whatsapp/failed"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Head, path);
            using var response = await host.Client.SendAsync(request);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        var connection = await host.Engine.FindAsync(WebHost.Key, CancellationToken.None);
        Assert.Empty(connection!.Numbers);
        Assert.Equal(ConnectionStatus.Invited, connection.Status);
        Assert.Empty((await host.Engine.ReadActivityAsync(WebHost.Project, CancellationToken.None)).FailedSetups);
    }
}
