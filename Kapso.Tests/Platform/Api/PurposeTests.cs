using System.Collections.Concurrent;
using Kapso.Engines.Budget;
using Kapso.Platform.Api;
using Microsoft.Extensions.Time.Testing;

namespace Kapso.Tests.Platform.Api;

/// <summary>Calls that hang hold up those for their own purpose only.</summary>
public sealed class PurposeTests
{
    private const string Hanging = "hangs";

    // As many as the outbox sends of a kind at a time.
    private const int Connections = 64;

    private static readonly TemplateMessage Message = new() { To = "+15551234567", Name = "welcome", Language = "en_US", BodyParameters = [], CallbackData = "w" };

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    public static TheoryData<CallPurpose> Background => [CallPurpose.Confirmation, CallPurpose.UnknownRedirect, CallPurpose.Reconciliation];

    [Theory]
    [MemberData(nameof(Background))]
    public async Task Questions_that_hang_hold_up_no_message_and_no_operator(CallPurpose purpose)
    {
        await using var platform = await HangingPlatform.StartAsync();
        using var client = new Client(platform.Address, requestsPerMinute: 10_000, time: _time);
        var stuck = Enumerable.Range(0, 2 * Connections).Select(_ => AskAsync(client, Hanging, purpose)).ToArray();
        await platform.ForHangingAsync(Connections);

        // The clock stands still: whatever is answered here is answered in time.
        Assert.Equal("wamid.1", (await Wait.For(client.Api.SendMessageAsync("1", Message, CancellationToken.None), "a message")).Value?.Id);
        foreach (var other in Enum.GetValues<CallPurpose>().Where(other => other != purpose))
            Assert.True((await Wait.For(AskAsync(client, "answers", other), $"a question for {other}")).IsDone);
        Assert.All(stuck, hung => Assert.False(hung.IsCompleted));
    }

    [Theory]
    [MemberData(nameof(Background))]
    public async Task Questions_that_are_given_up_leave_messages_and_operators_alone(CallPurpose purpose)
    {
        await using var platform = await HangingPlatform.StartAsync();
        using var client = new Client(platform.Address, Client.Quick with { Attempt = TimeSpan.FromSeconds(1), Repeats = 1, CircuitMinimum = 5, CircuitSampling = TimeSpan.FromDays(1), CircuitBreak = TimeSpan.FromDays(1) }, time: _time);
        var stuck = Enumerable.Range(0, 5).Select(_ => AskAsync(client, Hanging, purpose)).ToArray();
        await platform.ForHangingAsync(5);
        _time.Advance(TimeSpan.FromSeconds(1));
        while (!stuck.All(hung => hung.IsCompleted))
        {
            _time.Advance(TimeSpan.FromMilliseconds(10)); // Before each repeat.
            await Task.Yield();
        }

        Assert.Equal(PlatformOutcome.Unavailable, (await Wait.For(AskAsync(client, "answers", purpose), "a question while they are left alone")).Outcome);
        Assert.Equal("wamid.1", (await Wait.For(client.Api.SendMessageAsync("1", Message, CancellationToken.None), "a message")).Value?.Id);
        foreach (var other in Enum.GetValues<CallPurpose>().Where(other => other != purpose))
            Assert.True((await Wait.For(AskAsync(client, "answers", other), $"a question for {other}")).IsDone);
    }

    [Fact]
    public async Task A_message_that_never_had_a_connection_is_known_not_to_have_been_sent()
    {
        await using var platform = await HangingPlatform.StartAsync();
        using var client = new Client(platform.Address, time: _time);
        using var stop = new CancellationTokenSource();
        var stuck = Enumerable.Range(0, Connections).Select(_ => client.Api.SendMessageAsync(Hanging, Message, stop.Token)).ToArray();
        await platform.ForHangingAsync(Connections);
        using var stopWaiting = new CancellationTokenSource();
        var waiting = client.Api.SendMessageAsync("1", Message, stopWaiting.Token);

        await stopWaiting.CancelAsync();
        Assert.Equal(PlatformOutcome.Unavailable, (await Wait.For(waiting, "the end of the call that has no connection")).Outcome);
        await stop.CancelAsync();
        Assert.All(await Wait.For(Task.WhenAll(stuck), "the end of those that were sent"), sent => Assert.Equal(PlatformOutcome.Unknown, sent.Outcome));
    }

    private static Task<PlatformAnswer<PlatformPage<PlatformNumber>>> AskAsync(Client client, string customer, CallPurpose purpose) =>
        client.Api.ListNumbersAsync(customer, null, null, purpose, CancellationToken.None);

    /// <summary>A platform that answers, except where it is asked to hang.</summary>
    private sealed class HangingPlatform : IAsyncDisposable
    {
        private readonly WebApplication _application;
        private readonly CancellationTokenSource _stop = new();
        private readonly ConcurrentBag<string> _hanging = [];

        private HangingPlatform(WebApplication application) => _application = application;

        public Uri Address => new(_application.AddressOfServer());

        public int Hanging => _hanging.Count;

        public static async Task<HangingPlatform> StartAsync()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            var platform = new HangingPlatform(builder.Build());
            platform._application.MapGet("/platform/v1/whatsapp/phone_numbers", async (HttpRequest request) =>
            {
                if (request.Query["customer_id"] == PurposeTests.Hanging)
                    await platform.HangAsync(request);
                return Results.Text("""{"data":[]}""", "application/json");
            });
            platform._application.MapPost("/meta/whatsapp/v24.0/{sender}/messages", async (string sender, HttpRequest request) =>
            {
                if (sender == PurposeTests.Hanging)
                    await platform.HangAsync(request);
                return Results.Text("""{"messages":[{"id":"wamid.1"}]}""", "application/json");
            });
            await platform._application.StartAsync();
            return platform;
        }

        public Task ForHangingAsync(int count) => Wait.ForAsync(() => _hanging.Count >= count, $"{count} requests that hang");

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _application.DisposeAsync();
            _stop.Dispose();
        }

        private async Task HangAsync(HttpRequest request)
        {
            _hanging.Add(request.Path);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, request.HttpContext.RequestAborted);
            await Task.Delay(Timeout.Infinite, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
