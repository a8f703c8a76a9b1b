using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Kapso.Tests.Operators;
using Kapso.Tests.Platform.Api;
using Kapso.Tests.Web;

namespace Kapso.Tests.TurnedAway;

/// <summary>What is over a limit is told, wherever a limit is.</summary>
public sealed class LimitTests
{
    private const string Redirect = $"/whatsapp/{WebHost.Project}/success?phone_number_id={WebHost.Number}";

    [Fact]
    public async Task Redirects_over_the_limit_get_their_page_and_are_told()
    {
        await using var stage = await TurnedAwayStage.OpenAsync(limits: WebHost.Patient with { RedirectsPerMinute = 2 });
        var state = await stage.Host.CreateStateAsync();
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(HttpStatusCode.OK, await stage.OpenAsync(Redirect));
            Assert.Equal(HttpStatusCode.OK, await stage.OpenAsync($"/whatsapp/success/{state}?phone_number_id={WebHost.Number}", "198.51.100.1"));
        }

        var turned = Assert.Single(await stage.TellAsync());
        Assert.Equal(("redirect_limited", 2), Of(turned));
        Assert.Equal(2, turned.GetProperty("networks").GetArrayLength());
        Assert.Contains(stage.Lines.Warnings, line => line.Contains("redirects over the limit: 2 (from", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Previews_are_not_told_since_nothing_is_lost()
    {
        await using var stage = await TurnedAwayStage.OpenAsync(limits: WebHost.Patient with { RedirectsPerMinute = 1 });
        for (var i = 0; i < 3; i++)
            await stage.OpenAsync(Redirect, headers: ("User-Agent", "TelegramBot (like TwitterBot)"));
        await stage.OpenAsync("/whatsapp/success/no-such-state");
        await stage.DeliverAsync(null);

        Assert.Equal(("signature_missing", 1), Of(Assert.Single(await stage.TellAsync())));
    }

    [Fact]
    public async Task Redirects_that_the_engine_does_not_take_and_those_of_no_project_are_told()
    {
        await using var stage = await TurnedAwayStage.OpenAsync(options => options.Projects.Add(new() { Id = "other" }));
        Assert.Equal(HttpStatusCode.OK, await stage.OpenAsync("/whatsapp/success"));
        Assert.Equal(HttpStatusCode.OK, await stage.OpenAsync("/whatsapp/unknown/success"));
        stage.Host.Engine.Fail(nameof(IConnectionEngine.FindByNumberAsync));
        Assert.Equal(HttpStatusCode.OK, await stage.OpenAsync(Redirect));

        var turned = await stage.TellAsync(kinds: 2);
        Assert.Equal([("redirect_lost", 1), ("redirect_unplaced", 1)], turned.Select(Of));
    }

    [Fact]
    public async Task Live_pages_over_the_limit_are_told()
    {
        await using var stage = await TurnedAwayStage.OpenAsync(limits: WebHost.Patient with { StreamsPerState = 0 });
        var state = await stage.Host.CreateStateAsync();
        Assert.Equal(HttpStatusCode.TooManyRequests, await stage.OpenAsync($"/whatsapp/success/{state}/events"));

        Assert.Equal(("stream_limited", 1), Of(Assert.Single(await stage.TellAsync())));
    }

    [Fact]
    public async Task Wrong_keys_in_calls_and_at_the_sign_in_are_told_and_those_over_the_limit_apart()
    {
        await using var stage = await TurnedAwayStage.OpenAsync(limits: WebHost.Patient with { WrongKeysPerMinute = 2 });
        (await stage.Host.SignInAsync(key: "a wrong key of somebody's")).Dispose();
        for (var i = 0; i < 3; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"{WebHost.ApiOfProject}/activity");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "a wrong key of somebody's");
            using var response = await stage.Host.Client.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(i == 0 ? HttpStatusCode.Unauthorized : HttpStatusCode.TooManyRequests, response.StatusCode);
        }

        var turned = await stage.TellAsync(kinds: 2);
        Assert.Equal([("key_wrong", 2), ("key_limited", 2)], turned.Select(Of));
        Assert.Equal("unknown", turned[0].GetProperty("networks")[0].GetProperty("network").GetString());
    }

    [Fact]
    public async Task Hints_that_made_room_for_newer_ones_are_told()
    {
        await using var stage = await TurnedAwayStage.OpenAsync(
            limits: WebHost.Patient with { RedirectsPerMinute = 2_000, RedirectsPerMinuteInAll = 2_000 });
        for (var i = 0; i < UnclaimedHints.MaxKept; i++)
        {
            var hint = new Observation
            {
                Kind = ObservationKind.RedirectSucceeded,
                Source = Source.Redirect,
                Event = "redirect.success",
                PhoneNumberId = $"9{i:0000}",
                ReceivedAt = stage.Time.GetUtcNow(),
            };
            await stage.Host.Engine.HoldHintAsync(WebHost.Project, hint, CancellationToken.None);
        }

        Assert.Equal(HttpStatusCode.OK, await stage.OpenAsync(Redirect));

        var turned = Assert.Single(await stage.TellAsync());
        Assert.Equal(("hint_dropped", 1), Of(turned));
        Assert.Equal(0, turned.GetProperty("networks").GetArrayLength());
    }

    [Fact]
    public async Task Redirects_beyond_those_that_wait_for_the_platforms_word_are_told()
    {
        await using var platform = new ScriptedPlatform(ScriptedPlatform.Silence);
        await using var stage = await TurnedAwayStage.OpenAsync(
            options =>
            {
                options.Projects[0].ApiKey = "key";
                options.Platform.BaseUrl = platform.BaseUrl;
                options.Platform.RequestsPerMinute = 20;
            },
            WebHost.Patient with { RedirectsPerMinute = 2_000, RedirectsPerMinuteInAll = 2_000 });
        for (var i = 0; i < 110; i++)
            await stage.OpenAsync($"/whatsapp/{WebHost.Project}/success?phone_number_id=9{i:00000}");

        var turned = Assert.Single(await stage.TellAsync());
        Assert.Equal("question_dropped", Of(turned).Item1);
        Assert.InRange(Of(turned).Item2, 1, 11);
    }

    private static (string?, int) Of(JsonElement turned) => (turned.GetProperty("kind").GetString(), turned.GetProperty("count").GetInt32());
}
