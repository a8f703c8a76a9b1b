using System.Collections.Concurrent;
using System.Diagnostics;
using Kapso.Engines.Budget;
using Kapso.Platform.Api;

namespace Kapso.Tests.Platform.Api;

[Collection("Spans of this process")]
public sealed class SecrecyTests
{
    private const string SetupUrl = "https://setup.example/whatsapp/setup/c0ffee7d5e934b1a8f26d1e0a9b3c475";
    private const string Token = "c0ffee7d5e934b1a8f26d1e0a9b3c475";
    private const string State = "Q2hhbmdlTWVQbGVhc2VPaw";
    private const string Recipient = "15551234567";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);

    /// <summary>The platform quotes all that it was sent and all that it knows.</summary>
    private static readonly string Quoting =
        $$$"""{"error":{"message":"Key {{{Client.Key}}} for {{{SetupUrl}}} to {{{Recipient}}}, state {{{State}}}","code":"{{{Client.Key}}} {{{State}}}"},"data":{"token":"{{{Token}}}"}}""";

    public static TheoryData<string> Answers => new()
    {
        ScriptedPlatform.Answer(201, $$$"""{"data":{"id":"l","status":"active","url":"{{{SetupUrl}}}","token":"{{{Token}}}","success_redirect_url":"https://us.example/{{{State}}}","whatsapp_setup_error":"{{{SetupUrl}}}"}}"""),
        ScriptedPlatform.Answer(200, $$$"""{"{{{SetupUrl}}}":1,"{{{Token}}}-and-more":2,"data":[]}"""),
        ScriptedPlatform.Answer(200, Quoting[..^1]),
        ScriptedPlatform.Answer(400, Quoting),
        ScriptedPlatform.Answer(401, Quoting),
        ScriptedPlatform.Answer(302, Quoting, $"Location: {SetupUrl}\r\n"),
        ScriptedPlatform.Answer(429, Quoting, "Retry-After: 60\r\n"),
        ScriptedPlatform.Answer(500, Quoting),
        ScriptedPlatform.Reset,
        ScriptedPlatform.Silence,
        $"{SetupUrl}\r\n\r\n",
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task No_log_trace_or_text_holds_a_key_a_setup_url_a_token_a_state_or_a_number_in_full(string answer)
    {
        var seen = new ConcurrentQueue<string>();
        using var listener = Listen(seen);
        await using var platform = new ScriptedPlatform(answer);
        using var client = new Client(
            platform.BaseUrl,
            Client.Quick with { Attempt = TimeSpan.FromMilliseconds(200), Repeats = 1, CircuitMinimum = 3 },
            logger: new Everything(seen));
        var request = new SetupLinkRequest
        {
            SuccessRedirectUrl = new($"https://us.example/whatsapp/success/{State}"),
            FailureRedirectUrl = new($"https://us.example/whatsapp/failed/{State}"),
        };
        var message = new TemplateMessage { To = Recipient, Name = "welcome", Language = "en" };

        seen.Enqueue($"{await client.Api.CreateSetupLinkAsync("c", request, CancellationToken.None).WaitAsync(Patience)}");
        seen.Enqueue($"{await client.Api.ListSetupLinksAsync("c", "active", null, CallPurpose.Management, CancellationToken.None).WaitAsync(Patience)}");
        seen.Enqueue($"{await client.Api.RevokeSetupLinkAsync("c", "l", CancellationToken.None).WaitAsync(Patience)}");
        seen.Enqueue($"{await client.Api.SendMessageAsync("1", message, CancellationToken.None).WaitAsync(Patience)}");
        seen.Enqueue($"{await client.Api.ListMessagesAsync("1", DateTimeOffset.UnixEpoch, null, CallPurpose.Welcome, CancellationToken.None).WaitAsync(Patience)}");
        seen.Enqueue($"{await client.Api.ListNumbersAsync("c", "1", null, CallPurpose.Confirmation, CancellationToken.None).WaitAsync(Patience)} {request} {message}");

        Assert.Contains(seen, line => line.Contains("/customers/{id}/setup_links", StringComparison.Ordinal)); // it did log
        Assert.Contains(seen, line => line.StartsWith("span Kapso kapso.platform", StringComparison.Ordinal)); // and trace
        foreach (var secret in (string[])[Client.Key, SetupUrl, Token, State, Recipient])
            Assert.DoesNotContain(seen, line => line.Contains(secret, StringComparison.OrdinalIgnoreCase));
    }

    private static ActivityListener Listen(ConcurrentQueue<string> seen)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => seen.Enqueue(
                $"span {activity.Source.Name} {activity.DisplayName} {activity.StatusDescription} "
                + string.Join(' ', activity.TagObjects.Concat(activity.Baggage.Select(pair => KeyValuePair.Create(pair.Key, (object?)pair.Value))))
                + string.Join(' ', activity.Events.SelectMany(one => one.Tags.Prepend(new("event", one.Name))))),
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    /// <summary>Takes every level, with all its fields.</summary>
    private sealed class Everything(ConcurrentQueue<string> lines) : ILogger<PlatformClients>
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull
        {
            lines.Enqueue($"{state}");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var fields = state is IEnumerable<KeyValuePair<string, object?>> pairs ? string.Join(' ', pairs) : "";
            lines.Enqueue($"{formatter(state, exception)} {fields} {exception}");
        }
    }
}
