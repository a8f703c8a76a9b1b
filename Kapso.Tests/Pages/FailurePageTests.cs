using System.Net;
using System.Text.Json;
using Kapso.Tests.Web;

namespace Kapso.Tests.Pages;

public sealed class FailurePageTests
{
    [Theory]
    [InlineData("facebook_auth_failed", "The login with Facebook was cancelled or did not succeed.", "log in with the Facebook account")]
    [InlineData("phone_verification_failed", "Your phone number could not be verified.", "ask for a new code")]
    [InlineData("waba_limit_reached", "Your business has reached its limit of WhatsApp accounts.", "Remove an account")]
    [InlineData("token_exchange_failed", "Facebook did not complete the permission", "Wait a few minutes")]
    [InlineData("link_expired", "This setup link has expired.", "Ask Example for a new link.")]
    [InlineData("already_used", "This setup link was used before.", "ask Example for a new link.")]
    [InlineData("never_heard_of", "Something went wrong during the setup.", "contact Example")]
    [InlineData("", "Something went wrong during the setup.", "contact Example")]
    public async Task Each_code_has_a_sentence_and_a_next_step(string code, string sentence, string nextStep)
    {
        await using var host = await WebHost.StartAsync(server: true);
        var state = await host.CreateStateAsync();

        foreach (var path in (string[])["/whatsapp/failed", $"/whatsapp/failed/{state}"])
        {
            var html = WebUtility.HtmlDecode(await host.ReadPageAsync($"{path}?error_code={code}"));
            Assert.Contains("data-tone=\"failed\"", html, StringComparison.Ordinal);
            Assert.Contains(sentence, html, StringComparison.Ordinal);
            Assert.Contains(nextStep, html, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("expired", "link_expired", "This setup link has expired.")]
    [InlineData("expired", "never_heard_of", "This setup link has expired.")]
    [InlineData("expired", "waba_limit_reached", "Your business has reached its limit of WhatsApp accounts.")]
    [InlineData("revoked", "already_used", "This setup link cannot be used any more.")]
    [InlineData("revoked", "", "This setup link cannot be used any more.")]
    [InlineData("revoked", "facebook_auth_failed", "The login with Facebook was cancelled or did not succeed.")]
    [InlineData("past", "phone_verification_failed", "Your phone number could not be verified.")]
    [InlineData("past", "already_used", "This setup link has expired.")]
    public async Task Nobody_is_sent_to_a_link_that_has_ended(string end, string code, string sentence)
    {
        await using var host = await WebHost.StartAsync(server: true);
        var state = await host.CreateStateAsync();
        var link = (await host.Engine.FindAsync(WebHost.Key, CancellationToken.None))!.SetupLinks[0];
        var listed = new ListedLink
        {
            PlatformId = "platform-1",
            LinkId = link.Id,
            Status = end == "past" ? "active" : end,
            ExpiresAt = end == "past" ? DateTimeOffset.UtcNow.AddSeconds(-1) : null,
        };
        await host.Engine.ChangeLinkAsync(WebHost.Key, new FoldLinks([listed], true, DateTimeOffset.UtcNow), CancellationToken.None);

        var html = WebUtility.HtmlDecode(await host.ReadPageAsync($"/whatsapp/failed/{state}?error_code={code}"));
        Assert.Contains(sentence, html, StringComparison.Ordinal);
        Assert.Contains("Ask Example for a new link.", html, StringComparison.Ordinal);
        Assert.DoesNotContain("again", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task If_the_number_is_connected_the_failure_page_says_so()
    {
        await using var host = await WebHost.StartAsync(server: true);
        await host.CreateStateAsync();
        await host.ConnectAsync();
        var another = await host.CreateStateAsync();

        var html = await host.ReadPageAsync($"/whatsapp/failed/{another}?error_code=already_used");
        Assert.Contains("but your number is connected with Example", html, StringComparison.Ordinal);

        var stranger = await host.ReadPageAsync("/whatsapp/failed?error_code=already_used");
        Assert.Contains("data-tone=\"failed\"", stranger, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_after_a_setup_that_was_received_is_no_failure_to_the_customer()
    {
        await using var host = await WebHost.StartAsync(server: true);
        var state = await host.CreateStateAsync();
        var failed = $"/whatsapp/failed/{state}?error_code=already_used";
        await host.ReadPageAsync($"/whatsapp/success/{state}?phone_number_id={WebHost.Number}");

        var html = await host.ReadPageAsync(failed);
        Assert.Contains("data-tone=\"pending\"", html, StringComparison.Ordinal);
        var events = WebUtility.HtmlDecode(html.Split("data-events=\"")[1].Split('"')[0]);
        Assert.StartsWith($"/whatsapp/success/{state}/events", events, StringComparison.Ordinal);
        using var stream = await LiveStream.OpenAsync(host, state);
        await stream.NextAsync("the first status");
        await host.ConnectAsync();
        Assert.Equal("connected", (await stream.NextAsync("the status after the webhook"))?.GetProperty("tone").GetString());

        html = await host.ReadPageAsync(failed);
        Assert.Contains("data-tone=\"connected\"", html, StringComparison.Ordinal);
        Assert.DoesNotContain("did not succeed", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_after_a_failure_that_waited_tells_of_it_when_the_hint_is_refused()
    {
        await using var host = await WebHost.StartAsync(server: true);
        var state = await host.CreateStateAsync();
        await host.ReadPageAsync($"/whatsapp/success/{state}?phone_number_id={WebHost.Number}");
        var html = await host.ReadPageAsync($"/whatsapp/failed/{state}?error_code=already_used");
        var events = WebUtility.HtmlDecode(html.Split("data-events=\"")[1].Split('"')[0]);

        var refused = new Observation
        {
            Kind = ObservationKind.ApiAbsent,
            Source = Source.Api,
            Event = "api.confirm",
            PhoneNumberId = WebHost.Number,
            ReceivedAt = DateTimeOffset.UtcNow.AddMinutes(11),
        };
        await host.Engine.ObserveAsync(WebHost.Key, refused, CancellationToken.None);

        using var request = new HttpRequestMessage(HttpMethod.Get, events) { Headers = { { "Accept", "application/json" } } };
        using var response = await host.Client.SendAsync(request);
        var status = JsonElement.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal("failed", status.GetProperty("tone").GetString());
        Assert.Equal("This setup link was used before.", status.GetProperty("message").GetString());
    }

    [Fact]
    public async Task A_failed_setup_is_kept_with_its_link()
    {
        await using var host = await WebHost.StartAsync(server: true);
        var state = await host.CreateStateAsync();
        await host.ReadPageAsync($"/whatsapp/failed/{state}?error_code=waba_limit_reached");

        var connection = await host.Engine.FindAsync(WebHost.Key, CancellationToken.None);
        Assert.Equal("waba_limit_reached", Assert.Single(Assert.Single(connection!.SetupLinks).ErrorCodes));
        Assert.Empty((await host.Engine.ReadActivityAsync(WebHost.Project, CancellationToken.None)).FailedSetups);
    }

    [Fact]
    public async Task A_failed_setup_of_an_unknown_link_is_kept_in_the_list()
    {
        await using var host = await WebHost.StartAsync(server: true);
        await host.ReadPageAsync("/whatsapp/failed?setup_link_id=link-1&error_code=link_expired");

        var kept = (await host.Engine.ReadActivityAsync(WebHost.Project, CancellationToken.None)).FailedSetups;
        var failed = Assert.Single(kept);
        Assert.Equal(("link-1", "link_expired"), (failed.SetupLinkId, failed.ErrorCode));
    }
}
