using System.Text;
using System.Text.Json;
using Kapso.Engines.Budget;
using Kapso.Platform.Api;

namespace Kapso.Tests.Platform.Api;

/// <summary>What becomes of a call, by what came back.</summary>
public sealed class PlatformClientTests
{
    private const string Row = """{"data":[{"phone_number_id":"123456789012345","customer_id":"c","status":"CONNECTED"}]}""";
    private const string Link = """{"data":{"id":"link-1","status":"active","url":"https://setup.example/t","token":"t","expires_at":"2026-04-01T00:00:00Z"}}""";
    private const string Sent = """{"messages":[{"id":"wamid.1"}]}""";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);

    private static readonly TemplateMessage Welcome = new()
    {
        To = "+15551234567",
        Name = "welcome",
        Language = "en_US",
        BodyParameters = ["Customer 1"],
        CallbackData = "welcome-1",
    };

    /// <summary>What leaves it open whether a call took effect.</summary>
    public static TheoryData<string, string> Unclear => new()
    {
        { ScriptedPlatform.Reset, "closed the connection" },
        { ScriptedPlatform.Silence, "did not answer within 1 s" },
        { ScriptedPlatform.Answer(500, "{}"), "answered 500" },
        { ScriptedPlatform.Answer(503, """{"error":"Down for a moment"}"""), "answered 503: Down for a moment" },
        { ScriptedPlatform.Answer(200), "answered 200 with an empty body" },
        { ScriptedPlatform.Answer(200, "{\"data\":{\"id\":"), "in place of JSON" },
        { ScriptedPlatform.Answer(200, "<html>"), "in place of JSON" },
        { "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"data\"", "before its answer was complete" },
        { "nonsense\r\n\r\n", "was not HTTP" },
    };

    [Theory]
    [MemberData(nameof(Unclear))]
    public async Task A_question_is_asked_again(string answer, string _)
    {
        await using var platform = new ScriptedPlatform(answer, answer, ScriptedPlatform.Answer(200, Row));
        using var client = new Client(platform.BaseUrl, Timings(answer));

        var numbers = await client.Api.ListNumbersAsync("c", "123456789012345", null, CallPurpose.Confirmation, CancellationToken.None).WaitAsync(Patience);

        Assert.True(numbers.IsDone, numbers.Error);
        Assert.Equal(3, platform.Requests.Count);
        Assert.True(platform.Requests.TryPeek(out var request));
        Assert.Equal(
            "GET /below/platform/v1/whatsapp/phone_numbers?customer_id=c&phone_number_id=123456789012345&per_page=100 HTTP/1.1", request.Line);
        Assert.Equal(Client.Key, request.Headers["X-API-Key"]);
    }

    [Theory]
    [MemberData(nameof(Unclear))]
    public async Task A_question_without_an_answer_is_unavailable_and_says_what_came(string answer, string said)
    {
        await using var platform = new ScriptedPlatform(answer);
        using var client = new Client(platform.BaseUrl, Timings(answer));

        var numbers = await client.Api.GetNumberAsync("123456789012345", CallPurpose.Confirmation, CancellationToken.None).WaitAsync(Patience);

        Assert.Equal(PlatformOutcome.Unavailable, numbers.Outcome);
        Assert.Contains(said, numbers.Error, StringComparison.Ordinal);
        if (answer != ScriptedPlatform.Reset)
            Assert.Equal(4, platform.Requests.Count); // the framework's handler repeats a GET that was reset by itself
    }

    [Theory]
    [MemberData(nameof(Unclear))]
    public async Task A_setup_link_is_asked_for_once_and_its_outcome_is_unknown(string answer, string said)
    {
        await using var platform = new ScriptedPlatform(answer, ScriptedPlatform.Answer(201, Link));
        using var client = new Client(platform.BaseUrl, Timings(answer));

        var created = await client.Api.CreateSetupLinkAsync("c", new SetupLinkRequest(), CancellationToken.None).WaitAsync(Patience);

        Assert.Equal(PlatformOutcome.Unknown, created.Outcome);
        Assert.Contains(said, created.Error, StringComparison.Ordinal);
        Assert.Single(platform.Requests);
    }

    [Theory]
    [MemberData(nameof(Unclear))]
    public async Task A_message_is_sent_once_and_its_outcome_is_unknown(string answer, string said)
    {
        await using var platform = new ScriptedPlatform(answer, ScriptedPlatform.Answer(200, Sent));
        using var client = new Client(platform.BaseUrl, Timings(answer));

        var sent = await client.Api.SendMessageAsync("1", Welcome, CancellationToken.None).WaitAsync(Patience);

        Assert.Equal(PlatformOutcome.Unknown, sent.Outcome);
        Assert.Contains(said, sent.Error, StringComparison.Ordinal);
        Assert.Single(platform.Requests);
    }

    [Theory]
    [MemberData(nameof(Unclear))]
    public async Task A_revocation_is_repeated_and_unknown_if_it_never_gets_an_answer(string answer, string _)
    {
        await using var platform = new ScriptedPlatform(answer);
        using var client = new Client(platform.BaseUrl, Timings(answer));

        var revoked = await client.Api.RevokeSetupLinkAsync("c", "link-1", CancellationToken.None).WaitAsync(Patience);

        Assert.Equal(PlatformOutcome.Unknown, revoked.Outcome);
        await Wait.ForAsync(() => platform.Requests.Count == 4, "the last try to be read: who gave it up does not wait for that");
        Assert.Single(platform.Requests.Select(request => request.Line + Encoding.UTF8.GetString(request.Body)).Distinct());
    }

    [Fact]
    public async Task A_revocation_that_may_have_taken_effect_stays_unknown_although_the_last_attempt_was_never_made()
    {
        await using var platform = new ScriptedPlatform(ScriptedPlatform.Reset, ScriptedPlatform.Answer(429, headers: "Retry-After: 600\r\n"));
        using var client = new Client(platform.BaseUrl);

        var revoked = await client.Api.RevokeSetupLinkAsync("c", "link-1", CancellationToken.None).WaitAsync(Patience);

        Assert.Equal((PlatformOutcome.Unknown, TimeSpan.FromMinutes(10)), (revoked.Outcome, revoked.RetryAfter));
    }

    [Fact]
    public async Task Nothing_listens_so_that_nothing_was_sent()
    {
        Uri gone;
        await using (var platform = new ScriptedPlatform())
            gone = platform.BaseUrl;
        using var client = new Client(gone);

        var sent = await client.Api.SendMessageAsync("1", Welcome, CancellationToken.None).WaitAsync(Patience);

        Assert.Equal((PlatformOutcome.Unavailable, "No connection to the platform (ConnectionRefused)."), (sent.Outcome, sent.Error));
    }

    [Theory]
    [InlineData(400, """{"error":{"message":"Recipient phone number not in allowed list","code":131026}}""", "131026")]
    [InlineData(402, """{"error":"insufficient_credits"}""", "insufficient_credits")]
    [InlineData(404, """{"error":"Phone number not found"}""", null)]
    [InlineData(409, """{"error":"Another message is in flight"}""", null)]
    [InlineData(422, """{"error":{"code":131047,"message":"Re-engagement"}}""", "131047")]
    [InlineData(401, """{"error":"Invalid API key"}""", null)]
    [InlineData(302, "", null)]
    public async Task A_refusal_is_final_and_comes_with_its_code(int status, string body, string? code)
    {
        await using var platform = new ScriptedPlatform(ScriptedPlatform.Answer(status, body, "Location: http://127.0.0.1:9/stolen\r\n"));
        using var client = new Client(platform.BaseUrl);

        var sent = await client.Api.SendMessageAsync("1", Welcome, CancellationToken.None).WaitAsync(Patience);
        var asked = await client.Api.GetNumberAsync("1", CallPurpose.Confirmation, CancellationToken.None).WaitAsync(Patience);

        Assert.Equal((PlatformOutcome.Refused, status, code), (sent.Outcome, sent.Status, sent.Code));
        Assert.Equal(PlatformOutcome.Refused, asked.Outcome);
        Assert.Equal(2, platform.Requests.Count);
    }

    [Theory]
    [InlineData(401, "application/json", """{"error":"Invalid API key"}""", true, "The platform answered 401: Invalid API key. Check the project's ApiKey.")]
    [InlineData(401, "application/json", "{}", true, "The platform answered 401. Check the project's ApiKey.")]
    [InlineData(403, "application/json", """{"error":"Active sandbox session required to send messages"}""", false, "The platform answered 403: Active sandbox session required to send messages.")]
    [InlineData(403, "application/json", """{"error":"This API key cannot send messages"}""", true, "The platform answered 403: This API key cannot send messages. Check the project's ApiKey.")]
    [InlineData(403, "text/plain", "Not in this plan.", false, "The platform answered 403: Not in this plan.")]
    [InlineData(403, "text/html", "<h1>key</h1>", false, "The platform answered 403 with 12 bytes of text/html.")]
    [InlineData(402, "application/json", """{"error":"insufficient_credits"}""", false, "The platform answered 402: insufficient_credits.")]
    [InlineData(422, "application/json", """{"errors":{"redirect_url":["is invalid"]}}""", false, "The platform answered 422: redirect_url is invalid.")]
    public async Task A_refusal_comes_in_the_platforms_words_and_only_the_keys_is_laid_on_the_key(int status, string type, string body, bool isKey, string error)
    {
        await using var platform = new ScriptedPlatform(
            $"HTTP/1.1 {status} Said\r\nContent-Type: {type}\r\nConnection: close\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        using var client = new Client(platform.BaseUrl);

        var answer = await client.Api.CreateSetupLinkAsync("c", new SetupLinkRequest(), CancellationToken.None).WaitAsync(Patience);

        Assert.Equal((PlatformOutcome.Refused, isKey, error), (answer.Outcome, answer.IsKeyRefused, answer.Error));
    }

    [Fact]
    public async Task A_message_that_was_turned_away_was_not_sent_and_may_be_later()
    {
        await using var platform = new ScriptedPlatform(ScriptedPlatform.Answer(429, headers: "Retry-After: 17\r\n"));
        using var client = new Client(platform.BaseUrl);

        var sent = await client.Api.SendMessageAsync("1", Welcome, CancellationToken.None).WaitAsync(Patience);

        Assert.Equal((PlatformOutcome.Unavailable, TimeSpan.FromSeconds(17)), (sent.Outcome, sent.RetryAfter));
        Assert.Single(platform.Requests);
    }

    [Fact]
    public async Task A_question_waits_as_long_as_it_was_asked_to()
    {
        await using var platform = new ScriptedPlatform(
            ScriptedPlatform.Answer(429, headers: "Retry-After: 1\r\n"), ScriptedPlatform.Answer(200, Row));
        using var client = new Client(platform.BaseUrl);
        var started = TimeProvider.System.GetTimestamp();

        var numbers = await client.Api.ListNumbersAsync(null, null, null, CallPurpose.Confirmation, CancellationToken.None).WaitAsync(Patience);

        Assert.True(numbers.IsDone, numbers.Error);
        Assert.True(TimeProvider.System.GetElapsedTime(started) >= TimeSpan.FromSeconds(0.95));
    }

    [Fact]
    public async Task After_a_429_none_of_the_projects_calls_is_made_before_the_time()
    {
        await using var platform = new ScriptedPlatform(ScriptedPlatform.Answer(429, headers: "Retry-After: 600\r\n"), ScriptedPlatform.Answer(200, Row));
        using var client = new Client(platform.BaseUrl);
        await client.Api.ListNumbersAsync(null, null, null, CallPurpose.Reconciliation, CancellationToken.None).WaitAsync(Patience);

        var confirm = await client.Api.ListNumbersAsync(null, null, null, CallPurpose.Confirmation, CancellationToken.None).WaitAsync(Patience);

        Assert.Equal(PlatformOutcome.Unavailable, confirm.Outcome);
        Assert.InRange(confirm.RetryAfter!.Value, TimeSpan.FromSeconds(590), TimeSpan.FromSeconds(600));
        Assert.Single(platform.Requests);
    }

    [Fact]
    public async Task A_platform_that_keeps_failing_is_left_alone()
    {
        await using var platform = new ScriptedPlatform(ScriptedPlatform.Answer(500));
        using var client = new Client(platform.BaseUrl, Client.Quick with { CircuitMinimum = 5, CircuitBreak = TimeSpan.FromMinutes(1) });

        var answers = new List<PlatformAnswer<MessageReceipt>>();
        for (var i = 0; i < 10; i++)
            answers.Add(await client.Api.SendMessageAsync("1", Welcome, CancellationToken.None).WaitAsync(Patience));

        Assert.Equal(5, platform.Requests.Count);
        Assert.Equal(5, answers.Count(answer => answer.Outcome == PlatformOutcome.Unknown));
        Assert.All(answers.Skip(5), answer => Assert.Equal(PlatformOutcome.Unavailable, answer.Outcome));
    }

    [Fact]
    public async Task Calls_beyond_the_minute_are_not_made()
    {
        await using var platform = new ScriptedPlatform(ScriptedPlatform.Answer(200, Sent));
        using var client = new Client(platform.BaseUrl, Client.Quick with { Call = TimeSpan.FromSeconds(3) }, requestsPerMinute: 2);

        var outcomes = new List<PlatformOutcome>();
        for (var i = 0; i < 3; i++)
            outcomes.Add((await client.Api.SendMessageAsync("1", Welcome, CancellationToken.None).WaitAsync(Patience)).Outcome);

        Assert.Equal([PlatformOutcome.Done, PlatformOutcome.Done, PlatformOutcome.Unavailable], outcomes);
        Assert.Equal(2, platform.Requests.Count);
    }

    [Fact]
    public async Task A_call_that_is_stopped_on_its_way_is_unknown()
    {
        await using var platform = new ScriptedPlatform(ScriptedPlatform.Silence);
        using var client = new Client(platform.BaseUrl);
        using var stop = new CancellationTokenSource();

        var sending = client.Api.SendMessageAsync("1", Welcome, stop.Token);
        await Wait.ForAsync(() => !platform.Requests.IsEmpty, "the request");
        await stop.CancelAsync();

        Assert.Equal(PlatformOutcome.Unknown, (await sending.WaitAsync(Patience)).Outcome);
        Assert.Equal(PlatformOutcome.Unavailable, (await client.Api.SendMessageAsync("1", Welcome, stop.Token)).Outcome);
    }

    [Theory]
    [InlineData("""{"data":{"status":"active"}}""", "with JSON that is not what was asked for: an object with data.")]
    [InlineData("""[]""", "Array")]
    public async Task An_answer_that_makes_no_sense_says_what_came(string body, string said)
    {
        await using var platform = new ScriptedPlatform(ScriptedPlatform.Answer(201, body));
        using var client = new Client(platform.BaseUrl);

        var created = await client.Api.CreateSetupLinkAsync("c", new SetupLinkRequest(), CancellationToken.None).WaitAsync(Patience);

        Assert.Equal(PlatformOutcome.Unknown, created.Outcome);
        Assert.Contains(said, created.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_setup_link_is_asked_for_with_what_is_set_and_nothing_else()
    {
        await using var platform = new ScriptedPlatform(ScriptedPlatform.Answer(201, Link));
        using var client = new Client(platform.BaseUrl);

        var created = await client.Api.CreateSetupLinkAsync(
            "customer/1?",
            new SetupLinkRequest
            {
                SuccessRedirectUrl = new("https://us.example/whatsapp/success/s"),
                Language = "es",
                ThemeConfig = JsonElement.Parse("""{"primary_color":"#fff"}"""),
            },
            CancellationToken.None).WaitAsync(Patience);

        Assert.Equal(("link-1", "https://setup.example/t"), (created.Value?.Id, created.Value?.Url?.Reveal));
        var request = Assert.Single(platform.Requests);
        Assert.Equal("POST /below/platform/v1/customers/customer%2F1%3F/setup_links HTTP/1.1", request.Line);
        AssertJson(
            """{"setup_link":{"success_redirect_url":"https://us.example/whatsapp/success/s","language":"es","theme_config":{"primary_color":"#fff"}}}""",
            request.Body);
    }

    [Fact]
    public async Task A_template_message_has_the_form_that_meta_wants()
    {
        await using var platform = new ScriptedPlatform(ScriptedPlatform.Answer(200, Sent));
        using var client = new Client(platform.BaseUrl);

        var sent = await client.Api.SendMessageAsync("123456789012345", Welcome, CancellationToken.None).WaitAsync(Patience);

        Assert.Equal("wamid.1", sent.Value?.Id);
        var request = Assert.Single(platform.Requests);
        Assert.Equal("POST /below/meta/whatsapp/v24.0/123456789012345/messages HTTP/1.1", request.Line);
        AssertJson(
            """
            {"messaging_product":"whatsapp","to":"15551234567","type":"template","template":{"name":"welcome","language":{"code":"en_US"},
             "components":[{"type":"body","parameters":[{"type":"text","text":"Customer 1"}]}]},"biz_opaque_callback_data":"welcome-1"}
            """,
            request.Body);
    }

    [Fact]
    public void A_project_without_a_key_has_no_client()
    {
        using var client = new Client(new Uri("http://127.0.0.1:9"));

        Assert.Null(client.All.Find("without-key"));
        Assert.Null(client.All.Find("unknown"));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    public async Task An_id_that_names_another_path_is_refused_and_not_sent(string id)
    {
        await using var platform = new ScriptedPlatform(ScriptedPlatform.Answer(200, Link));
        using var client = new Client(platform.BaseUrl);

        var created = await client.Api.CreateSetupLinkAsync(id, new SetupLinkRequest(), CancellationToken.None);

        Assert.Equal(PlatformOutcome.Refused, created.Outcome);
        Assert.Contains("was not asked", created.Error, StringComparison.Ordinal);
        Assert.Empty(platform.Requests);
    }

    private static PlatformTimings Timings(string answer) =>
        answer == ScriptedPlatform.Silence ? Client.Quick with { Attempt = TimeSpan.FromSeconds(1) } : Client.Quick;

    private static void AssertJson(string expected, byte[] actual) => Assert.True(
        JsonElement.DeepEquals(JsonElement.Parse(expected), JsonElement.Parse(actual)),
        $"Expected {expected}, found {Encoding.UTF8.GetString(actual)}.");
}
