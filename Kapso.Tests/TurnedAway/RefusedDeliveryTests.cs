using System.Net;
using System.Text.Json;
using Kapso.Tests.Operators;
using Kapso.Tests.Web;

namespace Kapso.Tests.TurnedAway;

/// <summary>Deliveries that are refused are told: in the log, by the API and on the overview.</summary>
public sealed class RefusedDeliveryTests
{
    private const string Good = "";
    private static readonly string Wrong = new('0', 64);

    [Fact]
    public async Task Missing_and_wrong_signatures_are_told_apart_with_where_they_came_from()
    {
        await using var stage = await TurnedAwayStage.OpenAsync();
        Assert.Equal(HttpStatusCode.OK, await stage.DeliverAsync(Good));
        stage.Time.Advance(TimeSpan.FromSeconds(10));
        var last = stage.Time.GetUtcNow();
        Assert.Equal(HttpStatusCode.Unauthorized, await stage.DeliverAsync(null, "198.51.100.7"));
        Assert.Equal(HttpStatusCode.Unauthorized, await stage.DeliverAsync(Wrong, "203.0.113.1"));
        Assert.Equal(HttpStatusCode.Unauthorized, await stage.DeliverAsync("sha256=" + Wrong, "203.0.113.2"));

        var turned = await stage.TellAsync(kinds: 2);

        Assert.Equal(["signature_missing", "signature_wrong"], turned.Select(one => one.GetProperty("kind").GetString()));
        Assert.Equal([1, 2], turned.Select(one => one.GetProperty("count").GetInt32()));
        Assert.All(turned, one => Assert.Equal(last, one.GetProperty("last_at").GetDateTimeOffset()));
        Assert.All(turned, one => Assert.Equal(JsonValueKind.Null, one.GetProperty("alarm").ValueKind));
        Assert.Equal(["198.51.100.0/24", "203.0.113.0/24"], turned.Select(NetworkOf));
        Assert.Equal(
            last - TimeSpan.FromSeconds(10),
            (await stage.Host.ReadAsync($"{WebHost.ApiOfProject}/activity")).GetProperty("last_webhook").GetDateTimeOffset());
        Assert.Equal(
            $"Turned away in project {WebHost.Project}, deliveries without a signature: 1 (from 198.51.100.0/24); deliveries with a wrong signature: 2 (from 203.0.113.0/24).",
            Assert.Single(stage.Lines.Warnings, line => line.StartsWith("Turned away", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Several_in_a_row_say_that_the_secret_was_possibly_rotated_and_change_nothing_until_one_passes()
    {
        await using var stage = await TurnedAwayStage.OpenAsync();
        Assert.Equal(HttpStatusCode.OK, await stage.DeliverAsync(Good));
        stage.Time.Advance(TimeSpan.FromSeconds(10));
        for (var i = 0; i < 3; i++)
            await stage.DeliverAsync(Wrong);

        var turned = Assert.Single(await stage.TellAsync());

        const string Alarm =
            "3 deliveries in a row had a wrong signature, and none passed since the last good one, 2026-03-01 12:00:00 UTC. The webhook's secret was possibly rotated in the platform";
        Assert.Equal(3, turned.GetProperty("in_a_row").GetInt32());
        Assert.StartsWith(Alarm, turned.GetProperty("alarm").GetString(), StringComparison.Ordinal);
        await WebHost.UntilAsync("it is told in the log", () => Task.FromResult(stage.Lines.Warnings.Any(line => line.Contains(Alarm, StringComparison.Ordinal))));
        var page = await OverviewAsync(stage);
        Assert.Contains("Deliveries fail their signature", page, StringComparison.Ordinal);
        Assert.Contains("possibly rotated", page, StringComparison.Ordinal);
        Assert.Contains("203.0.113.0/24 (3)", page, StringComparison.Ordinal);
        using (var health = await stage.Host.Client.GetAsync(new Uri("/health", UriKind.Relative), TestContext.Current.CancellationToken))
            Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        Assert.Empty((await stage.Host.ReadAsync($"{WebHost.ApiOfProject}/parked")).GetProperty("items").EnumerateArray());

        Assert.Equal(HttpStatusCode.OK, await stage.DeliverAsync(Good));
        Assert.DoesNotContain("Deliveries fail their signature", await OverviewAsync(stage), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_row_within_the_minute_of_a_good_one_is_told_once_that_is_a_minute_ago()
    {
        await using var stage = await TurnedAwayStage.OpenAsync();
        await stage.DeliverAsync(Wrong);
        stage.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(HttpStatusCode.OK, await stage.DeliverAsync(Good));
        stage.Time.Advance(TimeSpan.FromSeconds(1));
        for (var i = 0; i < 4; i++)
            await stage.DeliverAsync(Wrong);

        stage.Time.Advance(TimeSpan.FromSeconds(49));
        var turned = Assert.Single(await stage.TellAsync(until: turned => turned[0].GetProperty("alarm").ValueKind == JsonValueKind.String));
        Assert.Equal(4, turned.GetProperty("in_a_row").GetInt32());
        await WebHost.UntilAsync("it is told in the log", () => Task.FromResult(
            stage.Lines.Warnings.Count(line => line.Contains("4 deliveries in a row had a wrong signature", StringComparison.Ordinal)) == 1));

        await stage.TellAsync();
        Assert.Single(stage.Lines.Warnings, line => line.Contains("in a row", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_refused_delivery_touches_no_store_and_is_written_once_a_minute_at_most()
    {
        await using var stage = await TurnedAwayStage.OpenAsync();
        var writes = 0;
        stage.Host.Engine.Before = (method, _) =>
        {
            if (method == nameof(IConnectionEngine.AddTurnedAwayAsync))
                Interlocked.Increment(ref writes);
            else if (method is not (nameof(IConnectionEngine.CountAsync) or nameof(IConnectionEngine.ReadActivityAsync) or nameof(IConnectionEngine.ListParkedAsync)))
                throw new InvalidOperationException(method);
            return Task.CompletedTask;
        };
        for (var i = 0; i < 100; i++)
            Assert.Equal(HttpStatusCode.Unauthorized, await stage.DeliverAsync(i % 2 == 0 ? Wrong : null));
        stage.Time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(0, writes);

        await stage.TellAsync(kinds: 2);
        Assert.Equal(1, writes);
    }

    [Fact]
    public async Task A_process_that_stops_writes_what_it_has_counted()
    {
        await using var stage = await TurnedAwayStage.OpenAsync();
        await stage.DeliverAsync(Wrong);

        await stage.Host.StopAsync();

        var turned = Assert.Single((await stage.Host.Engine.CountAsync(WebHost.Project, CancellationToken.None)).TurnedAway);
        Assert.Equal((TurnedAwayKind.SignatureWrong, 1), (turned.Kind, turned.Count));
    }

    [Fact]
    public async Task What_the_engine_does_not_take_is_written_with_what_comes()
    {
        await using var stage = await TurnedAwayStage.OpenAsync();
        await stage.DeliverAsync(Wrong);
        stage.Host.Engine.Fail(nameof(IConnectionEngine.AddTurnedAwayAsync));
        stage.Time.Advance(TimeSpan.FromMinutes(1));
        await WebHost.UntilAsync("it could not be written", () =>
            Task.FromResult(stage.Lines.Warnings.Any(line => line.Contains("could not be kept", StringComparison.Ordinal))));

        stage.Host.Engine.Recover();
        await stage.DeliverAsync(Wrong, "198.51.100.7");

        var turned = Assert.Single(await stage.TellAsync());
        Assert.Equal((2, 2), (turned.GetProperty("count").GetInt32(), turned.GetProperty("networks").GetArrayLength()));
    }

    [Fact]
    public async Task A_project_that_is_not_served_is_not_counted_and_a_path_without_one_is_where_there_are_several()
    {
        await using var stage = await TurnedAwayStage.OpenAsync(options => options.Projects.Add(new() { Id = "other" }));
        Assert.Equal(HttpStatusCode.NotFound, await stage.DeliverAsync(Wrong, path: "/webhooks/project/unknown"));
        Assert.Equal(HttpStatusCode.NotFound, await stage.DeliverAsync(Wrong, path: "/webhooks/project"));
        Assert.Equal(HttpStatusCode.Unauthorized, await stage.DeliverAsync(Wrong, path: "/webhooks/project/other"));

        var turned = Assert.Single(await stage.TellAsync());
        Assert.Equal(("delivery_unplaced", 1), (turned.GetProperty("kind").GetString(), turned.GetProperty("count").GetInt32()));
        var other = (await stage.Host.ReadAsync("/api/projects/other/activity")).GetProperty("turned_away");
        Assert.Equal(["secret_missing", "delivery_unplaced"], other.EnumerateArray().Select(one => one.GetProperty("kind").GetString()));
    }

    [Fact]
    public async Task Bodies_that_are_too_large_and_deliveries_that_could_not_be_kept_are_told()
    {
        await using var stage = await TurnedAwayStage.OpenAsync(limits: WebHost.Patient with { MaxWebhookBody = 10 });
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await stage.DeliverAsync(Good));
        Assert.Equal("body_too_large", Assert.Single(await stage.TellAsync()).GetProperty("kind").GetString());

        await using var failing = await TurnedAwayStage.OpenAsync();
        failing.Host.Engine.Fail(nameof(IConnectionEngine.ObserveAsync), nameof(IConnectionEngine.ParkAsync));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await failing.DeliverAsync(Good));
        Assert.Equal("delivery_not_kept", Assert.Single(await failing.TellAsync()).GetProperty("kind").GetString());
    }

    private static string? NetworkOf(JsonElement turned) => Assert.Single(turned.GetProperty("networks").EnumerateArray()).GetProperty("network").GetString();

    private static async Task<string> OverviewAsync(TurnedAwayStage stage)
    {
        using var page = await stage.Host.OpenAsync($"/ops/{WebHost.Project}", await stage.Host.GetCookieAsync());
        return WebUtility.HtmlDecode(await page.Content.ReadAsStringAsync());
    }
}
