using System.Net;
using Kapso.Tests.Web;

namespace Kapso.Tests.Pages;

public sealed class SuccessPageTests
{
    private const string Query = $"?phone_number_id={WebHost.Number}&display_phone_number=%2B15551234567";

    [Fact]
    public async Task A_page_without_a_number_says_what_became_of_its_link()
    {
        await using var host = await WebHost.StartAsync();
        var state = await host.CreateStateAsync();
        await host.ReadPageAsync($"/whatsapp/failed/{state}?error_code=link_expired");
        await host.Engine.ChangeLinkAsync(WebHost.Key, new FoldLinks([Listed("expired")], true, DateTimeOffset.UtcNow), CancellationToken.None);

        var html = await host.ReadPageAsync($"/whatsapp/success/{state}");
        Assert.Contains("This setup link has expired.", html, StringComparison.Ordinal);
        html = await host.ReadPageAsync($"/whatsapp/failed/{state}");
        Assert.Contains("This setup link has expired.", html, StringComparison.Ordinal);

        ListedLink Listed(string status) => new() { PlatformId = "platform-1", LinkId = Link().Id, Status = status };

        SetupLink Link() => host.Engine.FindAsync(WebHost.Key, CancellationToken.None).Result!.SetupLinks[0];
    }

    [Fact]
    public async Task A_number_that_went_and_is_connected_anew_is_received()
    {
        await using var host = await WebHost.StartAsync();
        await host.CreateStateAsync();
        await host.ConnectAsync();
        (await host.SendWebhookAsync(WebHost.FlatBody(), "whatsapp.phone_number.deleted", "key-2")).Dispose();
        var another = await host.CreateStateAsync();

        var html = await host.ReadPageAsync($"/whatsapp/success/{another}?phone_number_id={WebHost.Number}");
        Assert.Contains("data-tone=\"pending\"", html, StringComparison.Ordinal);
    }

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

    [Theory]
    [InlineData(Query)]
    [InlineData("")]
    public async Task A_page_says_that_the_number_has_gone_and_changes_when_it_comes_back(string query)
    {
        await using var host = await WebHost.StartAsync(server: true);
        var state = await host.CreateStateAsync();
        await host.ReadPageAsync($"/whatsapp/success/{state}{Query}");
        await host.ConnectAsync();
        (await host.SendWebhookAsync(WebHost.FlatBody(), "whatsapp.phone_number.disconnected", "key-2")).Dispose();

        var html = await host.ReadPageAsync($"/whatsapp/success/{state}{query}");

        Assert.Contains("WhatsApp is not connected any more", html, StringComparison.Ordinal);
        Assert.Contains("data-tone=\"failed\"", html, StringComparison.Ordinal);
        Assert.DoesNotContain("almost done", html, StringComparison.Ordinal);
        using var stream = await LiveStream.OpenAsync(host, state, query);
        Assert.Equal("failed", (await stream.NextAsync("the first status"))?.GetProperty("tone").GetString());
        (await host.SendWebhookAsync(WebHost.FlatBody(), "whatsapp.phone_number.reconnected", "key-3")).Dispose();
        Assert.Equal("connected", (await stream.NextAsync("the status after it came back"))?.GetProperty("tone").GetString());
    }

    [Fact]
    public async Task A_page_says_that_the_platform_does_not_bear_the_number_out()
    {
        await using var host = await WebHost.StartAsync(server: true);
        var state = await host.CreateStateAsync();
        await host.ReadPageAsync($"/whatsapp/success/{state}{Query}");
        await host.Engine.ObserveAsync(
            WebHost.Key,
            new Observation
            {
                Kind = ObservationKind.ApiAbsent,
                Source = Source.Api,
                Event = "api",
                PhoneNumberId = WebHost.Number,
                ReceivedAt = DateTimeOffset.UtcNow.AddMinutes(11),
            },
            CancellationToken.None);

        Assert.Contains("Your number could not be confirmed", await host.ReadPageAsync($"/whatsapp/success/{state}{Query}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_says_that_the_platform_knows_nothing_of_a_setup_that_named_no_number()
    {
        await using var host = await WebHost.StartAsync();
        var state = await host.CreateStateAsync();
        Assert.Contains("data-tone=\"pending\"", await host.ReadPageAsync($"/whatsapp/success/{state}"), StringComparison.Ordinal);

        await host.Engine.ChangeLinkAsync(WebHost.Key, new FoldLinks([], true, DateTimeOffset.UtcNow.AddMinutes(11)), CancellationToken.None);

        for (var time = 0; time < 2; time++)
            Assert.Contains("Your number could not be confirmed", await host.ReadPageAsync($"/whatsapp/success/{state}"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en", "WhatsApp has your number and is still checking it. This can take a few days.")]
    [InlineData("es", "Puede tardar unos días.")]
    [InlineData("pt", "Isso pode levar alguns dias.")]
    [InlineData("hi", "कुछ दिन")]
    [InlineData("id", "beberapa hari")]
    [InlineData("ar", "بضعة أيام")]
    public async Task A_page_says_that_WhatsApp_is_not_ready_with_a_number_which_can_take_days(string language, string said)
    {
        await using var host = await WebHost.StartAsync(server: true);
        var state = await host.CreateStateAsync();
        host.Client.DefaultRequestHeaders.TryAddWithoutValidation("Accept-Language", language);
        Assert.DoesNotContain(said, await ReadAsync($"/whatsapp/success/{state}{Query}"), StringComparison.Ordinal);

        await SayAsync("PENDING");
        Assert.Contains(said, await ReadAsync($"/whatsapp/success/{state}{Query}"), StringComparison.Ordinal);
        Assert.Contains(said, await ReadAsync($"/whatsapp/success/{state}"), StringComparison.Ordinal);

        await SayAsync("UNVERIFIED");
        Assert.DoesNotContain(said, await ReadAsync($"/whatsapp/success/{state}{Query}"), StringComparison.Ordinal);
        await SayAsync("PENDING");
        await host.ConnectAsync();
        Assert.Contains("data-tone=\"connected\"", await ReadAsync($"/whatsapp/success/{state}{Query}"), StringComparison.Ordinal);

        async Task<string> ReadAsync(string path) => WebUtility.HtmlDecode(await host.ReadPageAsync(path));

        Task SayAsync(string status) => host.Engine.ObserveAsync(
            WebHost.Key,
            new Observation
            {
                Kind = ObservationKind.ApiUnconfirmed,
                Finding = RowFinding.OtherStatus,
                PlatformStatus = status,
                Source = Source.Api,
                Event = "api",
                PhoneNumberId = WebHost.Number,
                ReceivedAt = DateTimeOffset.UtcNow,
            },
            CancellationToken.None);
    }

    [Theory]
    [InlineData("User-Agent", "TelegramBot (like TwitterBot)")]
    [InlineData("User-Agent", "WhatsApp/2.23.20.0")]
    [InlineData("User-Agent", "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)")]
    [InlineData("User-Agent", "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)")]
    [InlineData("User-Agent", "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5")]
    [InlineData("Sec-Purpose", "prefetch;prerender")]
    [InlineData("Purpose", "prefetch")]
    [InlineData("X-Moz", "prefetch")]
    public async Task A_preview_gets_the_page_and_is_nobodys_word(string header, string value)
    {
        await using var host = await WebHost.StartAsync(server: true);
        var state = await host.CreateStateAsync();
        host.Client.DefaultRequestHeaders.TryAddWithoutValidation(header, value);

        Assert.Contains("The setup was not completed", await host.ReadPageAsync($"/whatsapp/failed/{state}?error_code=link_expired"), StringComparison.Ordinal);
        await host.ReadPageAsync($"/whatsapp/success/{state}");
        await host.ReadPageAsync($"/whatsapp/success/{state}{Query}");
        await host.ReadPageAsync("/whatsapp/failed?error_code=link_expired");

        var connection = await host.Engine.FindAsync(WebHost.Key, CancellationToken.None);
        Assert.Equal((ConnectionStatus.Invited, SetupLinkStatus.Live), (connection!.Status, Assert.Single(connection.SetupLinks).Status));
        Assert.Empty(connection.Numbers);
        Assert.Empty((await host.Engine.ReadActivityAsync(WebHost.Project, CancellationToken.None)).FailedSetups);
    }

    [Theory]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1")]
    [InlineData("Mozilla/5.0 (Linux; Android 14; CUBOT KINGKONG 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36")]
    public async Task A_persons_browser_is_no_preview(string agent)
    {
        await using var host = await WebHost.StartAsync(server: true);
        var state = await host.CreateStateAsync();
        host.Client.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", agent);

        await host.ReadPageAsync($"/whatsapp/success/{state}{Query}");

        Assert.Single((await host.Engine.FindAsync(WebHost.Key, CancellationToken.None))!.Numbers);
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
