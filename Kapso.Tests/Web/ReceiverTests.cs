using System.Net;
using System.Text.Json;
using Kapso.Platform.Receivers;
using Kapso.Platform.Settings;
using Kapso.Tests.Operators;
using Kapso.Tests.Platform;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Kapso.Tests.Web;

/// <summary>The company's receivers of changes, on its surface and on its operators' pages.</summary>
public sealed class ReceiverTests
{
    private static readonly string Receivers = WebHost.ApiOfProject + "/receivers";

    [Fact]
    public async Task A_receiver_is_made_shown_changed_and_taken_away()
    {
        await using var host = await WebHost.StartAsync();
        var made = await SendAsync(
            host, HttpMethod.Post, Receivers, new { url = "https://app.example.com/a", types = new[] { "connection.gone" }, tag = "plan:pro" }, HttpStatusCode.Created);
        Assert.StartsWith("whsec_", made.GetProperty("secret").GetString(), StringComparison.Ordinal);
        var id = made.GetProperty("receiver").GetProperty("id").GetString()!;

        var shown = await host.ReadAsync($"{Receivers}/{id}");
        Assert.Equal(
            ("https://app.example.com/a", "connection.gone", "plan:pro", false, false),
            (shown.GetProperty("url").GetString(), Assert.Single(shown.GetProperty("types").EnumerateArray()).GetString(), shown.GetProperty("tag").GetString(),
                shown.GetProperty("disabled").GetBoolean(), shown.GetProperty("of_settings").GetBoolean()));
        Assert.DoesNotContain("whsec_", (await host.ReadAsync(Receivers)).GetRawText(), StringComparison.Ordinal);

        var changed = await SendAsync(host, HttpMethod.Put, $"{Receivers}/{id}", new { url = "https://app.example.com/b" });
        Assert.Equal(("https://app.example.com/b", 0, JsonValueKind.Null),
            (changed.GetProperty("url").GetString(), changed.GetProperty("types").GetArrayLength(), changed.GetProperty("tag").ValueKind));
        Assert.True((await SendAsync(host, HttpMethod.Post, $"{Receivers}/{id}/disable", null)).GetProperty("disabled").GetBoolean());
        Assert.False((await SendAsync(host, HttpMethod.Post, $"{Receivers}/{id}/enable", null)).GetProperty("disabled").GetBoolean());

        using var removed = await host.ManageAsync(HttpMethod.Delete, $"{Receivers}/{id}");
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        Assert.Empty((await host.ReadAsync(Receivers)).GetProperty("items").EnumerateArray());
        using var again = await host.ManageAsync(HttpMethod.Delete, $"{Receivers}/{id}");
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
    }

    [Fact]
    public async Task A_new_secret_signs_beside_the_one_before_for_a_day()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var receiver = Receiver.AnsweringStatus(204);
        await using var host = await WebHost.StartAsync(time: time);
        var made = await SendAsync(host, HttpMethod.Post, Receivers, new { url = receiver.Url }, HttpStatusCode.Created);
        var id = made.GetProperty("receiver").GetProperty("id").GetString()!;
        var rotated = await SendAsync(host, HttpMethod.Post, $"{Receivers}/{id}/rotate", null);
        Assert.NotEqual(made.GetProperty("secret").GetString(), rotated.GetProperty("secret").GetString());

        await SendAsync(host, HttpMethod.Post, $"{Receivers}/{id}/test", null);
        time.Advance(TimeSpan.FromHours(25));
        await SendAsync(host, HttpMethod.Post, $"{Receivers}/{id}/test", null);
        Assert.Equal([2, 1], receiver.Requests.Select(request => request.Headers["webhook-signature"].Split(' ').Length));
    }

    [Fact]
    public async Task A_test_event_is_sent_at_once_and_written_down_with_its_answer()
    {
        await using var receiver = Receiver.Answering("HTTP/1.1 500 Said\r\nContent-Length: 6\r\n\r\n<busy>");
        await using var host = await WebHost.StartAsync();
        var made = await SendAsync(host, HttpMethod.Post, Receivers, new { url = receiver.Url }, HttpStatusCode.Created);
        var id = made.GetProperty("receiver").GetProperty("id").GetString()!;

        var sent = await SendAsync(host, HttpMethod.Post, $"{Receivers}/{id}/test", null);
        Assert.Equal(("receiver.test", "dead", 500, "<busy>"),
            (sent.GetProperty("type").GetString(), sent.GetProperty("status").GetString(), sent.GetProperty("answer").GetProperty("status").GetInt32(),
                sent.GetProperty("answer").GetProperty("body").GetString()));
        var request = Assert.Single(receiver.Requests);
        Assert.Equal(sent.GetProperty("id").GetString(), request.Headers["webhook-id"]);
        Assert.Equal("receiver.test", JsonDocument.Parse(request.Body).RootElement.GetProperty("type").GetString());

        var kept = Assert.Single((await host.ReadAsync($"{Receivers}/{id}/messages?status=dead")).GetProperty("items").EnumerateArray());
        Assert.Equal(sent.GetProperty("id").GetString(), kept.GetProperty("id").GetString());
        Assert.Empty((await host.ReadAsync($"{Receivers}/{id}/messages?status=delivered")).GetProperty("items").EnumerateArray());
        Assert.Equal("<busy>", (await host.ReadAsync($"{Receivers}/{id}/messages/{sent.GetProperty("id").GetString()}")).GetProperty("answer").GetProperty("body").GetString());
    }

    [Fact]
    public async Task The_settings_receivers_are_listed_disabled_and_enabled_and_otherwise_left_alone()
    {
        await using var host = await WebHost.StartAsync(settings =>
        {
            settings.Notify.Url = new Uri("https://app.example.com/notify");
            settings.Notify.Secret = Runners.Secret;
            settings.Notify.Receivers.Add(new NamedReceiverOptions { Id = "crm", Url = new Uri("https://crm.example.com"), Secret = Runners.Secret, Tag = "plan:pro" });
        });
        var listed = (await host.ReadAsync(Receivers)).GetProperty("items").EnumerateArray().Select(one => (one.GetProperty("id").GetString(), one.GetProperty("of_settings").GetBoolean()));
        Assert.Equal([("default", true), ("crm", true)], listed);
        foreach (var (method, path, body) in new[] { (HttpMethod.Put, "", (object?)new { url = "https://x.example.com" }), (HttpMethod.Delete, "", null), (HttpMethod.Post, "/rotate", null) })
        {
            using var response = await host.ManageAsync(method, $"{Receivers}/crm{path}", body);
            Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
            Assert.Contains("settings", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }

        Assert.True((await SendAsync(host, HttpMethod.Post, $"{Receivers}/default/disable", null)).GetProperty("disabled").GetBoolean());
        Assert.True((await host.ReadAsync($"{Receivers}/default")).GetProperty("disabled").GetBoolean());
        Assert.False((await SendAsync(host, HttpMethod.Post, $"{Receivers}/default/enable", null)).GetProperty("disabled").GetBoolean());
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"url":"app.example.com"}""")]
    [InlineData("""{"url":"ftp://app.example.com"}""")]
    [InlineData("""{"url":"https://user:secret@app.example.com"}""")]
    [InlineData("""{"url":"https://app.example.com","types":["connected"]}""")]
    [InlineData("""{"url":"https://app.example.com","tag":"plan"}""")]
    [InlineData("""{"url":"https://app.example.com","secret":"short"}""")]
    [InlineData("""{"url":1}""")]
    public async Task A_receiver_that_cannot_be_gets_400(string body)
    {
        await using var host = await WebHost.StartAsync();
        using var response = await host.ManageAsync(HttpMethod.Post, Receivers, JsonDocument.Parse(body).RootElement);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.DoesNotContain("user:secret", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Empty((await host.Engine.ReadReceiversAsync(WebHost.Project, CancellationToken.None)).Receivers);
    }

    [Theory]
    [InlineData("GET", "/receivers/rcv_x")]
    [InlineData("GET", "/receivers/rcv_x/messages")]
    [InlineData("GET", "/receivers/rcv_x/messages/m1")]
    [InlineData("POST", "/receivers/rcv_x/enable")]
    [InlineData("POST", "/receivers/rcv_x/rotate")]
    [InlineData("POST", "/receivers/rcv_x/test")]
    [InlineData("POST", "/receivers/rcv_x/resend")]
    [InlineData("POST", "/receivers/rcv_x/messages/m1/resend")]
    public async Task What_is_not_there_is_not_found(string method, string path)
    {
        await using var host = await WebHost.StartAsync();
        using var response = await host.ManageAsync(new HttpMethod(method), WebHost.ApiOfProject + path);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task All_that_failed_since_is_sent_again_and_one_message_too()
    {
        var runner = new RecordingRunner(EffectKind.Notify) { Answer = _ => Task.FromResult(EffectResult.Dead("The receiver answered 410.")) };
        await using var host = await WebHost.StartAsync(
            settings => (settings.Notify.Url, settings.Notify.Secret) = (new Uri("https://app.example.com/notify"), Runners.Secret),
            runner: runner,
            policy: new ConnectionPolicy { Notifies = true });
        await host.ConnectAsync();
        var id = EffectIds.Notify(WebHost.Key, 1);
        var cookie = await host.GetCookieAsync();

        // A message is written down before its effect is settled: what is done about it is waited for, not the message.
        await WebHost.UntilAsync("the notify is dead", async () =>
            (await ReadAsync(host, $"/ops/{WebHost.Project}/effects?status=dead", cookie)).Contains("/receiver?id=default", StringComparison.Ordinal));
        Assert.Equal(MessageStatus.Dead, (await host.Engine.FindMessageAsync(WebHost.Project, "default", id, CancellationToken.None))?.Status);
        runner.Answer = _ => Task.FromResult(EffectResult.Done);
        Assert.Equal(0, (await SendAsync(host, HttpMethod.Post, $"{Receivers}/default/resend", new { since = DateTimeOffset.UtcNow.AddHours(1) })).GetProperty("resent").GetInt32());
        Assert.Equal(1, (await SendAsync(host, HttpMethod.Post, $"{Receivers}/default/resend", null)).GetProperty("resent").GetInt32());
        await WebHost.UntilAsync("the notify is delivered", async () =>
            (await host.Engine.FindMessageAsync(WebHost.Project, "default", id, CancellationToken.None))?.Status == MessageStatus.Delivered);
        await WebHost.UntilAsync("it is sent again", async () =>
            (await SendAsync(host, HttpMethod.Post, $"{Receivers}/default/messages/{id}/resend", null)).GetProperty("changed").GetBoolean());
        await WebHost.UntilAsync("it was sent three times", () => Task.FromResult(runner.Calls.Count == 3));
        Assert.All(runner.Calls, call => Assert.Equal(id, call.Effect.Id));
    }

    [Fact]
    public async Task A_receiver_to_which_nothing_went_through_for_a_day_is_disabled_and_the_others_are_told()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var other = Receiver.AnsweringInTurn(503, 204);
        var runner = new RecordingRunner(EffectKind.Notify) { Answer = _ => Task.FromResult(EffectResult.Dead("The receiver answered 410.")) };
        await using var host = await WebHost.StartAsync(
            settings =>
            {
                (settings.Notify.Url, settings.Notify.Secret) = (new Uri("https://app.example.com/notify"), Runners.Secret);
                settings.Notify.Receivers.Add(new NamedReceiverOptions { Id = "ops", Url = other.Url, Secret = Runners.Secret });
            },
            time: time,
            runner: runner,
            policy: new ConnectionPolicy { Notifies = true });
        var service = new ReceiverService(
            host.Engine, host.Services.GetRequiredService<ProjectReceivers>(), host.Services.GetRequiredService<ReceiverMessages>(),
            host.Services.GetRequiredService<ReceiverDirectory>(), host.Services.GetRequiredService<IOptions<KapsoOptions>>(), time,
            NullLogger<ReceiverService>.Instance);
        await host.ConnectAsync();
        await WebHost.UntilAsync("an attempt failed", async () =>
            (await host.Engine.ReadTrafficAsync(WebHost.Project, CancellationToken.None)).Any(traffic => traffic.FailingSince is not null));

        time.Advance(TimeSpan.FromHours(23));
        await service.LookAsync(WebHost.Project, CancellationToken.None);
        Assert.False((await host.ReadAsync($"{Receivers}/default")).GetProperty("disabled").GetBoolean());

        time.Advance(TimeSpan.FromHours(1));
        await service.LookAsync(WebHost.Project, CancellationToken.None);
        await service.LookAsync(WebHost.Project, CancellationToken.None);
        await service.LookAsync(WebHost.Project, CancellationToken.None);
        var shown = await host.ReadAsync($"{Receivers}/default");
        Assert.True(shown.GetProperty("disabled").GetBoolean());
        Assert.Contains("Nothing went through to it since", shown.GetProperty("disabled_why").GetString(), StringComparison.Ordinal);
        Assert.False((await host.ReadAsync($"{Receivers}/ops")).GetProperty("disabled").GetBoolean());

        Assert.Equal(2, other.Requests.Count);
        Assert.Single(other.Requests.Select(request => request.Headers["webhook-id"]).Distinct());
        var told = JsonDocument.Parse(other.Requests.First().Body).RootElement;
        Assert.Equal(("receiver.disabled", "default"), (told.GetProperty("type").GetString(), told.GetProperty("data").GetProperty("receiver_id").GetString()));

        await SendAsync(host, HttpMethod.Post, $"{Receivers}/default/enable", null);
        await service.LookAsync(WebHost.Project, CancellationToken.None);
        Assert.False((await host.ReadAsync($"{Receivers}/default")).GetProperty("disabled").GetBoolean());
    }

    [Fact]
    public async Task An_operator_makes_tries_disables_and_removes_a_receiver()
    {
        await using var receiver = Receiver.AnsweringStatus(204);
        await using var host = await WebHost.StartAsync();
        var cookie = await host.GetCookieAsync();
        var token = await host.ReadTokenAsync(cookie);
        var root = $"/ops/{WebHost.Project}";

        using var wrong = await host.SendFormAsync($"{root}/receivers/new", cookie, ("token", token), ("url", "nowhere"));
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        using var made = await host.SendFormAsync($"{root}/receivers/new", cookie, ("token", token), ("url", receiver.Url.ToString()), ("types", "connection.gone"), ("tag", ""));
        Assert.Contains("whsec_", await made.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        var entry = Assert.Single((await host.Engine.ReadReceiversAsync(WebHost.Project, CancellationToken.None)).Receivers);
        Assert.Equal([NotifyType.Gone], entry.Types);

        using var tried = await host.SendFormAsync($"{root}/receiver/test?id={entry.Id}", cookie, ("token", token));
        Assert.Equal(HttpStatusCode.SeeOther, tried.StatusCode);
        Assert.Contains("204 after", await ReadAsync(host, tried.Headers.Location!.ToString(), cookie), StringComparison.Ordinal);
        Assert.Contains("receiver.test", await ReadAsync(host, $"{root}/receiver?id={entry.Id}", cookie), StringComparison.Ordinal);

        foreach (var (act, said) in new[] { ("disable", "The receiver is disabled."), ("enable", "The receiver is enabled."), ("remove", "The receiver was removed.") })
        {
            Assert.Contains("form", await ReadAsync(host, $"{root}/receiver/{act}?id={entry.Id}", cookie), StringComparison.Ordinal);
            using var done = await host.SendFormAsync($"{root}/receiver/{act}?id={entry.Id}", cookie, ("token", token));
            Assert.Equal(HttpStatusCode.SeeOther, done.StatusCode);
            Assert.Contains(said, await ReadAsync(host, done.Headers.Location!.ToString(), cookie), StringComparison.Ordinal);
        }

        Assert.Contains("Nobody is told of changes.", await ReadAsync(host, $"{root}/receivers", cookie), StringComparison.Ordinal);
    }

    private static async Task<JsonElement> SendAsync(
        WebHost host, HttpMethod method, string path, object? body, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var response = await host.ManageAsync(method, path, body);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.StatusCode == expected, $"{(int)response.StatusCode}: {text}");
        return JsonDocument.Parse(text).RootElement;
    }

    private static async Task<string> ReadAsync(WebHost host, string path, string cookie)
    {
        using var response = await host.OpenAsync(path, cookie);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
