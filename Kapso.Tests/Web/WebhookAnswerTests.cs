using System.Text;
using System.Text.Json;
using Kapso.Web.Http;
using Microsoft.Extensions.Time.Testing;

namespace Kapso.Tests.Web;

/// <summary>What a webhook gets: the design's table, row by row.</summary>
public sealed class WebhookAnswerTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task News_is_applied_and_a_redelivery_is_a_duplicate()
    {
        await using var host = await WebHost.StartAsync();

        Assert.Equal((200, "applied"), await OutcomeAsync(host.SendWebhookAsync(WebHost.FlatBody())));
        Assert.Equal((200, "duplicate"), await OutcomeAsync(host.SendWebhookAsync(WebHost.FlatBody())));

        var connection = await host.ReadAsync($"{WebHost.ApiOfCustomer}/connection");
        Assert.Equal("connected", connection.GetProperty("status").GetString());
    }

    [Fact]
    public async Task The_only_project_is_served_without_its_id()
    {
        await using var host = await WebHost.StartAsync();

        var answer = await OutcomeAsync(host.SendWebhookAsync(WebHost.FlatBody(), path: "/webhooks/project"));

        Assert.Equal((200, "applied"), answer);
    }

    [Theory]
    [InlineData("unknown_customer", WebHost.Created, """{"phone_number_id":"123456789012345"}""")]
    [InlineData("other_project", WebHost.Created, """{"phone_number_id":"123456789012345","project":{"id":"another"},"customer":{"id":"c"}}""")]
    [InlineData("event_mismatch", WebHost.Created, """{"event":"whatsapp.phone_number.deleted","data":{"phone_number_id":"123456789012345","customer":{"id":"c"}}}""")]
    [InlineData("malformed", WebHost.Created, "{")]
    [InlineData("malformed", WebHost.Created, "[]")]
    [InlineData("malformed", null, "{}")]
    public async Task What_cannot_be_folded_is_parked_and_answered_200(string reason, string? @event, string body)
    {
        await using var host = await WebHost.StartAsync();

        Assert.Equal((200, "parked"), await OutcomeAsync(host.SendWebhookAsync(body, @event)));

        var parked = (await host.ReadAsync($"{WebHost.ApiOfProject}/parked")).GetProperty("items");
        var row = Assert.Single(parked.EnumerateArray());
        Assert.Equal(reason, row.GetProperty("reason").GetString());
        Assert.Equal(reason != "unknown_customer", row.GetProperty("discard_only").GetBoolean());
        Assert.Equal(Encoding.UTF8.GetByteCount(body), row.GetProperty("body_bytes").GetInt32());
    }

    [Theory]
    [InlineData("workflow.execution.failed")]
    [InlineData("an.event.nobody.knows")]
    public async Task An_event_that_is_not_ours_is_counted_by_its_name(string name)
    {
        await using var host = await WebHost.StartAsync();

        Assert.Equal((200, "counted"), await OutcomeAsync(host.SendWebhookAsync("{}", name)));
        Assert.Equal((200, "counted"), await OutcomeAsync(host.SendWebhookAsync("{}", name)));

        var events = (await host.ReadAsync($"{WebHost.ApiOfProject}/activity")).GetProperty("events");
        var counted = Assert.Single(events.EnumerateArray());
        Assert.Equal((name, 2), (counted.GetProperty("name").GetString(), counted.GetProperty("count").GetInt32()));
    }

    [Fact]
    public async Task A_test_delivery_is_shown_and_never_folded()
    {
        await using var host = await WebHost.StartAsync();
        var body = "{\"test\":true," + WebHost.FlatBody()[1..];

        Assert.Equal((200, "test"), await OutcomeAsync(host.SendWebhookAsync(body)));

        var activity = await host.ReadAsync($"{WebHost.ApiOfProject}/activity");
        Assert.Equal(JsonValueKind.String, activity.GetProperty("last_test_delivery").ValueKind);
        using var connection = await host.ManageAsync(HttpMethod.Get, $"{WebHost.ApiOfCustomer}/connection");
        Assert.Equal(404, (int)connection.StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("sha256=7891c1bd7ee31b5308539ca6d2c4c74975fb2ac5906f4b24c3b9e66c3d80b86e")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    public async Task A_wrong_signature_gets_401_and_touches_no_store(string signature)
    {
        await using var host = await WebHost.StartAsync();
        host.Engine.Fail();
        var calls = host.Engine.WebhookCalls;

        using var response = await host.SendWebhookAsync(Encoding.UTF8.GetBytes(WebHost.FlatBody()), signature: signature);

        Assert.Equal(401, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(calls, host.Engine.WebhookCalls);
    }

    [Fact]
    public async Task A_request_without_a_signature_gets_401()
    {
        await using var host = await WebHost.StartAsync();

        using var response = await host.Client.PostAsync(
            WebHost.WebhookPath, new StringContent(WebHost.FlatBody()), TestContext.Current.CancellationToken);

        Assert.Equal(401, (int)response.StatusCode);
    }

    [Fact]
    public async Task A_project_without_a_secret_accepts_no_webhook_not_even_one_signed_with_nothing()
    {
        await using var host = await WebHost.StartAsync(options => options.Projects[0].WebhookSecrets.Clear());
        var body = Encoding.UTF8.GetBytes(WebHost.FlatBody());

        using var response = await host.SendWebhookAsync(body, signature: WebHost.Sign(body, ""));

        Assert.Equal(401, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("old")]
    [InlineData("new")]
    public async Task Every_secret_of_the_project_is_accepted(string secret)
    {
        await using var host = await WebHost.StartAsync(options =>
        {
            options.Projects[0].WebhookSecrets.Clear();
            options.Projects[0].WebhookSecrets.Add("old");
            options.Projects[0].WebhookSecrets.Add("new");
        });
        var body = Encoding.UTF8.GetBytes(WebHost.FlatBody());

        var signature = $" {WebHost.Sign(body, secret).ToUpperInvariant()} ";

        Assert.Equal((200, "applied"), await OutcomeAsync(host.SendWebhookAsync(body, signature: signature)));
    }

    [Theory]
    [InlineData("/webhooks/project/no-such-project")]
    [InlineData("/webhooks/project/990E8400-E29B-41D4-A716-446655440004")]
    public async Task An_unknown_project_gets_404(string path)
    {
        await using var host = await WebHost.StartAsync();

        using var response = await host.SendWebhookAsync(WebHost.FlatBody(), path: path);

        Assert.Equal(404, (int)response.StatusCode);
    }

    [Theory]
    [InlineData(0, 200)]
    [InlineData(1, 413)]
    public async Task A_body_over_the_limit_gets_413(int over, int status)
    {
        await using var host = await WebHost.StartAsync();
        var body = new byte[1_048_576 + over];
        Array.Fill(body, (byte)' ');

        using var response = await host.SendWebhookAsync(body);

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public async Task Nothing_durable_gets_503_with_Retry_After()
    {
        await using var host = await WebHost.StartAsync();
        host.Engine.Fail();

        using var response = await host.SendWebhookAsync(WebHost.FlatBody());

        Assert.Equal(503, (int)response.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(10), response.Headers.RetryAfter?.Delta);
    }

    [Fact]
    public async Task An_engine_that_hangs_has_its_answer_within_four_seconds()
    {
        var time = new FakeTimeProvider(Noon);
        await using var host = await WebHost.StartAsync(limits: new WebLimits(), time: time);
        host.Engine.Hang();
        var answer = host.SendWebhookAsync(WebHost.FlatBody());

        // A call, one retry, and parking: each gets its time and no more.
        var call = 0;
        foreach (var seconds in (double[])[1.5, 1.5, 1])
        {
            call++;
            await WebHost.UntilAsync($"call {call} to the engine", () => Task.FromResult(host.Engine.WebhookCalls == call));
            Assert.False(answer.IsCompleted, $"It was answered before call {call} had its time.");
            time.Advance(TimeSpan.FromSeconds(seconds));
        }

        using var response = await answer.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Assert.Equal(503, (int)response.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(4), time.GetUtcNow() - Noon);
    }

    [Fact]
    public async Task A_thousand_concurrent_copies_decide_one_welcome()
    {
        await using var host = await WebHost.StartAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 1_000).Select(_ => OutcomeAsync(host.SendWebhookAsync(WebHost.FlatBody()))));

        Assert.Single(answers, (200, "applied"));
        Assert.Equal(999, answers.Count(answer => answer == (200, "duplicate")));
        var connection = await host.Engine.FindAsync(
            new(WebHost.Project, WebHost.Customer), TestContext.Current.CancellationToken);
        Assert.Single(connection!.Outbox, effect => effect.Kind == EffectKind.Welcome);
    }

    [Fact]
    public async Task What_the_engine_could_not_take_is_replayed_by_itself_with_the_time_it_came()
    {
        await using var host = await WebHost.StartAsync(limits: WebHost.Patient with { ReplayRetry = TimeSpan.FromMilliseconds(50) });
        host.Engine.Fail("ObserveAsync");
        Assert.Equal((200, "parked"), await OutcomeAsync(host.SendWebhookAsync(WebHost.FlatBody())));
        var row = Assert.Single((await host.ReadAsync($"{WebHost.ApiOfProject}/parked")).GetProperty("items").EnumerateArray());
        Assert.Equal("engine_unavailable", row.GetProperty("reason").GetString());

        host.Engine.Recover();
        JsonElement timeline = default;
        await WebHost.UntilAsync("the parked delivery is replayed", async () =>
        {
            using var response = await host.ManageAsync(HttpMethod.Get, $"{WebHost.ApiOfCustomer}/connection");
            if (!response.IsSuccessStatusCode)
                return false;
            timeline = JsonElement.Parse(await response.Content.ReadAsStringAsync()).GetProperty("timeline");
            return timeline.EnumerateArray().Any(line => line.GetProperty("event").GetString() == "parked.replayed");
        });

        var created = timeline.EnumerateArray().First(line => line.GetProperty("event").GetString() == WebHost.Created);
        Assert.Equal(row.GetProperty("received_at").GetString(), created.GetProperty("at").GetString());
        await WebHost.UntilAsync("nothing waits any more", async () =>
            (await host.ReadAsync($"{WebHost.ApiOfProject}/parked")).GetProperty("items").GetArrayLength() == 0);
    }

    [Fact]
    public async Task A_body_that_stops_coming_gets_408_and_one_that_is_too_large_413_from_a_real_server()
    {
        var time = new FakeTimeProvider(Noon);
        var limits = WebHost.Patient with { MaxWebhookBody = 64 * 1024 };
        await using var host = await WebHost.StartAsync(limits: limits, time: time, server: true);
        var address = host.Client.BaseAddress!;

        Assert.Equal("HTTP/1.1 413", await StatusLineAsync(address, "Content-Length: 99999999", ""));
        Assert.Equal("HTTP/1.1 413", await StatusLineAsync(
            address, "Transfer-Encoding: chunked", $"{limits.MaxWebhookBody + 1:x}\r\n{new string(' ', limits.MaxWebhookBody + 1)}\r\n0\r\n\r\n"));
        Assert.Equal((200, "applied"), await OutcomeAsync(host.SendWebhookAsync(WebHost.FlatBody())));

        var slow = StatusLineAsync(address, "Content-Length: 100", "{\"a\":");
        while (!slow.IsCompleted)
        {
            time.Advance(TimeSpan.FromMinutes(1));
            await Task.WhenAny(slow, Task.Delay(10, TestContext.Current.CancellationToken));
        }

        Assert.Equal("HTTP/1.1 408", await slow);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_sender_that_is_still_sending_what_is_too_large_sees_the_answer(bool chunked)
    {
        await using var host = await WebHost.StartAsync(server: true);
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(host.Client.BaseAddress!.Host, host.Client.BaseAddress.Port, TestContext.Current.CancellationToken);
        var stream = client.GetStream();
        const int Size = 3_000_000;
        await SendAsync(
            $"POST {WebHost.WebhookPath} HTTP/1.1\r\nHost: localhost\r\nX-Webhook-Signature: {new string('0', 64)}\r\n"
            + (chunked ? $"Transfer-Encoding: chunked\r\n\r\n{Size:x}\r\n" : $"Content-Length: {Size}\r\n\r\n"));

        // Answered long before the last byte is sent.
        await SendAsync(new string(' ', Size / 2));
        var answer = new byte["HTTP/1.1 000".Length];
        await stream.ReadExactlyAsync(answer, TestContext.Current.CancellationToken);
        await SendAsync(new string(' ', Size / 2) + (chunked ? "\r\n0\r\n\r\n" : ""));
        Assert.Equal("HTTP/1.1 413", Encoding.ASCII.GetString(answer));

        // An orderly end: no reset.
        await stream.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken);

        async Task SendAsync(string text) => await stream.WriteAsync(Encoding.ASCII.GetBytes(text), TestContext.Current.CancellationToken);
    }

    private static async Task<string> StatusLineAsync(Uri address, string framing, string body)
    {
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken);
        var stream = client.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes(
                $"POST {WebHost.WebhookPath} HTTP/1.1\r\nHost: localhost\r\nX-Webhook-Signature: {new string('0', 64)}\r\n{framing}\r\n\r\n{body}"),
            TestContext.Current.CancellationToken);
        var answer = new byte["HTTP/1.1 000".Length];
        await stream.ReadExactlyAsync(answer, TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromMinutes(1));
        return Encoding.ASCII.GetString(answer);
    }

    private static async Task<(int Status, string? Outcome)> OutcomeAsync(Task<HttpResponseMessage> sending)
    {
        using var response = await sending;
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode,
            JsonElement.Parse(text).TryGetProperty("outcome", out var outcome) ? outcome.GetString() : text);
    }
}
