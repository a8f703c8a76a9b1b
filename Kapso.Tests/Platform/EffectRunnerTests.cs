using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Kapso.Platform.Effects;
using Kapso.Platform.Settings;
using Microsoft.Extensions.Time.Testing;

namespace Kapso.Tests.Platform;

[Collection(RunsAlone.Name)]
public sealed class EffectRunnerTests
{
    private const string TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_welcome_is_posted_in_full_and_signed()
    {
        await using var receiver = Receiver.AnsweringStatus(200);
        var time = new FakeTimeProvider(Claimed.At.AddMinutes(5));
        using var runners = new Runners(receiver.Url, time);

        var result = await runners.Welcome.RunAsync(Claimed.Welcome(), CancellationToken.None).WaitAsync(Patience);

        Assert.Equal(EffectResult.Done, result);
        var request = Assert.Single(receiver.Requests);
        Assert.Equal("POST /hooks?token=hidden-in-the-url HTTP/1.1", request.Line);
        Assert.Equal("application/json", request.Headers["Content-Type"]);
        Assert.Equal(EffectIds.Welcome(Claimed.Key, "123456789012345"), request.Headers["webhook-id"]);
        Assert.Equal("1772366700", request.Headers["webhook-timestamp"]);
        Assert.Equal(Signature(request), request.Headers["webhook-signature"]);
        AssertJson(
            """
            {"type":"customer.connected","timestamp":"2026-03-01T12:00:00.25Z","data":{"project_id":"project-1",
             "customer_id":"customer-1","external_id":"own-1","name":"Customer One","tags":{},"phone_number_id":"123456789012345","display_phone_number":"+15551234567","number_name":"Shop","verified_name":"Shop Ltd",
             "business_account_id":"waba-9","setup_link_id":"link-7"}}
            """,
            request.Body);
    }

    [Fact]
    public async Task Details_that_only_a_browser_brought_do_not_leave_the_service()
    {
        await using var receiver = Receiver.AnsweringStatus(200);
        using var runners = new Runners(receiver.Url);
        var unproven = Claimed.Number with { DetailsProven = false, SetupLinkId = null };

        await runners.Welcome.RunAsync(Claimed.Welcome(unproven), CancellationToken.None).WaitAsync(Patience);

        AssertJson(
            """
            {"type":"customer.connected","timestamp":"2026-03-01T12:00:00.25Z","data":{"project_id":"project-1",
             "customer_id":"customer-1","external_id":"own-1","name":"Customer One","tags":{},"phone_number_id":"123456789012345","display_phone_number":null,"number_name":null,"verified_name":null,
             "business_account_id":null,"setup_link_id":null}}
            """,
            Assert.Single(receiver.Requests).Body);
    }

    [Theory]
    [InlineData(NotifyType.Connected, "connection.connected")]
    [InlineData(NotifyType.Gone, "connection.gone")]
    [InlineData(NotifyType.Attention, "connection.attention")]
    public async Task A_change_of_a_number_is_told_with_its_sequence(NotifyType type, string name)
    {
        await using var receiver = Receiver.AnsweringStatus(200);
        using var runners = new Runners(receiver.Url);

        await runners.Notify.RunAsync(Claimed.Notify(type, Claimed.Number, "why"), CancellationToken.None).WaitAsync(Patience);

        var request = Assert.Single(receiver.Requests);
        Assert.Equal(EffectIds.Notify(Claimed.Key, 4), request.Headers["webhook-id"]);
        Assert.Equal(Signature(request), request.Headers["webhook-signature"]);
        AssertJson(
            $$$"""
            {"type":"{{{name}}}","timestamp":"2026-03-01T12:00:00.25Z","data":{"project_id":"project-1",
             "customer_id":"customer-1","external_id":"own-1","name":"Customer One","tags":{},"sequence":4,"phone_number_id":"123456789012345","display_phone_number":"+15551234567","number_name":"Shop","verified_name":"Shop Ltd",
             "business_account_id":"waba-9","setup_link_id":"link-7","detail":"why"}}
            """,
            request.Body);
    }

    [Fact]
    public async Task A_number_that_came_back_is_told_as_returned()
    {
        await using var receiver = Receiver.AnsweringStatus(200);
        using var runners = new Runners(receiver.Url);

        await runners.Notify.RunAsync(Claimed.Notify(NotifyType.Connected, Claimed.Number, Effect.Returned), CancellationToken.None).WaitAsync(Patience);

        AssertJson(
            """
            {"type":"connection.connected","timestamp":"2026-03-01T12:00:00.25Z","data":{"project_id":"project-1",
             "customer_id":"customer-1","external_id":"own-1","name":"Customer One","tags":{},"sequence":4,"phone_number_id":"123456789012345","display_phone_number":"+15551234567","number_name":"Shop","verified_name":"Shop Ltd",
             "business_account_id":"waba-9","setup_link_id":"link-7","returned":true,"detail":null}}
            """,
            Assert.Single(receiver.Requests).Body);
    }

    [Theory]
    [InlineData(NotifyType.Connected, true)]
    [InlineData(NotifyType.Gone, false)]
    public async Task A_connected_number_is_told_with_the_number_whose_phone_it_has(NotifyType type, bool isTold)
    {
        await using var receiver = Receiver.AnsweringStatus(200);
        using var runners = new Runners(receiver.Url);

        await runners.Notify.RunAsync(Claimed.Notify(type, Claimed.Number with { SamePhoneAs = "123456789012344" }), CancellationToken.None).WaitAsync(Patience);

        Assert.Equal(isTold, System.Text.Encoding.UTF8.GetString(Assert.Single(receiver.Requests).Body).Contains("\"same_phone_as\":\"123456789012344\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_number_that_went_is_told_with_the_reason_and_how_it_was_connected()
    {
        await using var receiver = Receiver.AnsweringStatus(200);
        using var runners = new Runners(receiver.Url);
        var number = Claimed.Number with
        {
            GoneAt = Claimed.At,
            ConnectionType = "coexistence",
            Disconnection = new Disconnection { Reason = "primary_inactivity", InitiatedBy = "system" },
        };

        await runners.Notify.RunAsync(Claimed.Notify(NotifyType.Gone, number), CancellationToken.None).WaitAsync(Patience);
        await runners.Notify.RunAsync(
            Claimed.Notify(NotifyType.Gone, number with { GoneAt = Claimed.At.AddHours(1) }), CancellationToken.None).WaitAsync(Patience);

        Assert.Equal(2, receiver.Requests.Count);
        AssertJson(
            """
            {"type":"connection.gone","timestamp":"2026-03-01T12:00:00.25Z","data":{"project_id":"project-1",
             "customer_id":"customer-1","external_id":"own-1","name":"Customer One","tags":{},"sequence":4,"phone_number_id":"123456789012345","display_phone_number":"+15551234567","number_name":"Shop","verified_name":"Shop Ltd",
             "business_account_id":"waba-9","setup_link_id":"link-7","detail":null,"connection_type":"coexistence",
             "disconnection":{"reason":"primary_inactivity","initiated_by":"system","source_event":null}}}
            """,
            receiver.Requests.First().Body);
        Assert.DoesNotContain("primary_inactivity", Encoding.UTF8.GetString(receiver.Requests.Last().Body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reconnect_link_is_told_with_its_address_and_end_and_without_them_once_it_cannot_be_opened()
    {
        await using var receiver = Receiver.AnsweringStatus(200);
        using var runners = new Runners(receiver.Url);
        var number = Claimed.Number with
        {
            GoneAt = Claimed.At,
            Disconnection = new Disconnection { Reason = "account_offboarded", InitiatedBy = "meta" },
        };
        var claimed = Claimed.Notify(NotifyType.ReconnectLink, number, Effect.ReconnectAutomatic, "link-9");
        var link = new SetupLink
        {
            Id = "link",
            State = "state",
            CreatedAt = Claimed.At,
            Url = new BearerSecret("https://setup.example/9"),
            ExpiresAt = Claimed.At.AddDays(30),
        };

        await runners.Notify.RunAsync(claimed with { Link = link }, CancellationToken.None).WaitAsync(Patience);
        await runners.Notify.RunAsync(claimed, CancellationToken.None).WaitAsync(Patience);

        AssertJson(
            """
            {"type":"connection.reconnect_link","timestamp":"2026-03-01T12:00:00.25Z","data":{"project_id":"project-1",
             "customer_id":"customer-1","external_id":"own-1","name":"Customer One","tags":{},"sequence":4,"phone_number_id":"123456789012345","display_phone_number":"+15551234567","number_name":"Shop","verified_name":"Shop Ltd",
             "business_account_id":"waba-9","setup_link_id":"link-9","detail":"reconnect_automatic",
             "disconnection":{"reason":"account_offboarded","initiated_by":"meta","source_event":null},
             "url":"https://setup.example/9","expires_at":"2026-03-31T12:00:00.25Z"}}
            """,
            receiver.Requests.First().Body);
        Assert.DoesNotContain("\"url\"", Encoding.UTF8.GetString(receiver.Requests.Last().Body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_held_against_an_account_is_told_with_its_reason_and_end()
    {
        await using var receiver = Receiver.AnsweringStatus(200);
        using var runners = new Runners(receiver.Url);
        var number = Claimed.Number with
        {
            Attention = new AccountAttention
            {
                Notices =
                [
                    new AccountNotice
                    {
                        Kind = AccountNoticeKind.Restricted,
                        Type = "SEND",
                        At = Claimed.At.AddMinutes(-1),
                        Until = Claimed.At.AddDays(3),
                        EventId = "wae_1",
                    },
                ],
            },
        };

        await runners.Notify.RunAsync(Claimed.Notify(NotifyType.Attention, number, "account_restricted"), CancellationToken.None).WaitAsync(Patience);
        await runners.Notify.RunAsync(Claimed.Notify(NotifyType.Attention, number, "disputed"), CancellationToken.None).WaitAsync(Patience);

        AssertJson(
            """
            {"type":"connection.attention","timestamp":"2026-03-01T12:00:00.25Z","data":{"project_id":"project-1",
             "customer_id":"customer-1","external_id":"own-1","name":"Customer One","tags":{},"sequence":4,"phone_number_id":"123456789012345","display_phone_number":"+15551234567","number_name":"Shop","verified_name":"Shop Ltd",
             "business_account_id":"waba-9","setup_link_id":"link-7","detail":"account_restricted",
             "attention":{"reason":"restricted: SEND","since":"2026-03-01T11:59:00.25Z","until":"2026-03-04T12:00:00.25Z",
              "notices":[{"kind":"restricted","type":"SEND","detail":null,"since":"2026-03-01T11:59:00.25Z",
               "until":"2026-03-04T12:00:00.25Z","event_id":"wae_1"}]}}}
            """,
            receiver.Requests.First().Body);
        Assert.DoesNotContain("SEND", Encoding.UTF8.GetString(receiver.Requests.Last().Body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_setup_is_told_with_its_link_and_code()
    {
        await using var receiver = Receiver.AnsweringStatus(200);
        using var runners = new Runners(receiver.Url);

        await runners.Notify.RunAsync(
            Claimed.Notify(NotifyType.SetupFailed, detail: "link_expired", setupLinkId: "link-8"), CancellationToken.None).WaitAsync(Patience);

        AssertJson(
            """
            {"type":"connection.setup_failed","timestamp":"2026-03-01T12:00:00.25Z","data":{"project_id":"project-1",
             "customer_id":"customer-1","external_id":"own-1","name":"Customer One","tags":{},"sequence":4,"phone_number_id":null,"display_phone_number":null,"number_name":null,"verified_name":null,
             "business_account_id":null,"setup_link_id":"link-8","detail":"link_expired"}}
            """,
            Assert.Single(receiver.Requests).Body);
    }

    [Fact]
    public async Task The_log_flow_writes_one_line_with_the_number_shortened()
    {
        var lines = new List<string>();
        using var runners = new Runners(new Uri("http://127.0.0.1:9"), flow: WelcomeFlow.Log, logger: new Lines(lines));

        var result = await runners.Welcome.RunAsync(Claimed.Welcome(), CancellationToken.None);

        Assert.Equal(EffectResult.Done, result);
        var line = Assert.Single(lines);
        Assert.Contains("customer-1", line, StringComparison.Ordinal);
        Assert.Contains(EffectIds.Welcome(Claimed.Key, "123456789012345"), line, StringComparison.Ordinal);
        Assert.Contains("…4567", line, StringComparison.Ordinal);
        Assert.DoesNotContain("5551234567", line, StringComparison.Ordinal);
        Assert.DoesNotContain("123456789012345", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_send_belongs_to_the_trace_of_the_effect()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == KapsoTelemetry.Name,
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        await using var receiver = Receiver.AnsweringStatus(200);
        using var runners = new Runners(receiver.Url);
        using var span = KapsoTelemetry.ActivitySource.StartActivity("kapso.effect", ActivityKind.Internal, TraceParent);

        await runners.Welcome.RunAsync(Claimed.Welcome(traceParent: TraceParent), CancellationToken.None).WaitAsync(Patience);

        var sent = ActivityContext.Parse(Assert.Single(receiver.Requests).Headers["traceparent"], null);
        Assert.Equal(ActivityContext.Parse(TraceParent, null).TraceId, sent.TraceId);
        Assert.NotEqual(ActivityContext.Parse(TraceParent, null).SpanId, sent.SpanId);
    }

    [Theory]
    [InlineData(TraceParent, TraceParent)]
    [InlineData("nonsense", null)]
    [InlineData(null, null)]
    public async Task Where_nothing_is_traced_the_trace_of_the_delivery_is_passed_on(string? kept, string? sent)
    {
        await using var receiver = Receiver.AnsweringStatus(200);
        using var runners = new Runners(receiver.Url);
        Activity.Current = null;

        await runners.Welcome.RunAsync(Claimed.Welcome(traceParent: kept), CancellationToken.None).WaitAsync(Patience);

        Assert.Equal(sent, Assert.Single(receiver.Requests).Headers.GetValueOrDefault("traceparent"));
    }

    private static string Signature(ReceivedRequest request)
    {
        var key = Convert.FromBase64String(Runners.Secret["whsec_".Length..]);
        var content = $"{request.Headers["webhook-id"]}.{request.Headers["webhook-timestamp"]}.{Encoding.UTF8.GetString(request.Body)}";
        return string.Create(CultureInfo.InvariantCulture, $"v1,{Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(content)))}");
    }

    private static void AssertJson(string expected, byte[] actual) => Assert.True(
        JsonElement.DeepEquals(JsonElement.Parse(expected), JsonElement.Parse(actual)),
        $"Expected {expected}, found {Encoding.UTF8.GetString(actual)}.");

    private sealed class Lines(List<string> lines) : ILogger<WelcomeRunner>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel == LogLevel.Information;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Add(formatter(state, exception));
    }
}
