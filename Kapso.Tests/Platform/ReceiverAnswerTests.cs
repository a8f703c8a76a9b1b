using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;

namespace Kapso.Tests.Platform;

public sealed class ReceiverAnswerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData(200, EffectResultKind.Done)]
    [InlineData(204, EffectResultKind.Done)]
    [InlineData(299, EffectResultKind.Done)]
    [InlineData(301, EffectResultKind.Retry)]
    [InlineData(400, EffectResultKind.Dead)]
    [InlineData(401, EffectResultKind.Dead)]
    [InlineData(404, EffectResultKind.Dead)]
    [InlineData(408, EffectResultKind.Retry)]
    [InlineData(409, EffectResultKind.Dead)]
    [InlineData(410, EffectResultKind.Dead)]
    [InlineData(425, EffectResultKind.Retry)]
    [InlineData(429, EffectResultKind.Retry)]
    [InlineData(500, EffectResultKind.Retry)]
    [InlineData(503, EffectResultKind.Retry)]
    [InlineData(599, EffectResultKind.Retry)]
    public async Task Each_status_ends_the_attempt_in_its_way(int status, EffectResultKind expected)
    {
        await using var receiver = Receiver.AnsweringStatus(status);

        var result = await SendAsync(receiver);

        Assert.Equal(expected, result.Kind);
        Assert.False(result.OutcomeUnknown);
        Assert.Null(result.RetryAfter);
        if (expected != EffectResultKind.Done)
            Assert.Contains($" {status}", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var elsewhere = Receiver.AnsweringStatus(200);
        await using var receiver = Receiver.AnsweringStatus(307, $"Location: {elsewhere.Url}\r\n");

        var result = await SendAsync(receiver);

        Assert.Equal(EffectResultKind.Retry, result.Kind);
        Assert.Empty(elsewhere.Requests);
    }

    [Theory]
    [InlineData(429, "120", 120)]
    [InlineData(503, "Sun, 01 Mar 2026 12:05:00 GMT", 300)]
    [InlineData(503, "Sun, 01 Mar 2026 11:00:00 GMT", null)]
    [InlineData(503, "soon", null)]
    [InlineData(503, "-5", null)]
    [InlineData(503, "999999999", 24 * 60 * 60)]
    public async Task Retry_after_puts_the_next_attempt_off(int status, string header, int? seconds)
    {
        await using var receiver = Receiver.AnsweringStatus(status, $"Retry-After: {header}\r\n");
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

        var result = await SendAsync(receiver, time);

        Assert.Equal(EffectResultKind.Retry, result.Kind);
        Assert.Equal(seconds is { } s ? TimeSpan.FromSeconds(s) : null, result.RetryAfter);
    }

    [Fact]
    public async Task A_receiver_that_hangs_leaves_the_outcome_unknown()
    {
        await using var receiver = Receiver.Hanging();
        var time = new FakeTimeProvider(Claimed.At);
        using var runners = new Runners(receiver.Url, time);

        var sending = runners.Welcome.RunAsync(Claimed.Welcome(), CancellationToken.None);
        await receiver.FirstRequest.Task.WaitAsync(Patience);
        time.Advance(TimeSpan.FromSeconds(10));

        AssertUnknown(await sending.WaitAsync(Patience), "did not answer within 10 s");
    }

    [Fact]
    public async Task A_stop_of_the_service_leaves_the_outcome_unknown()
    {
        await using var receiver = Receiver.Hanging();
        using var runners = new Runners(receiver.Url);
        using var stop = new CancellationTokenSource();

        var sending = runners.Welcome.RunAsync(Claimed.Welcome(), stop.Token);
        await receiver.FirstRequest.Task.WaitAsync(Patience);
        await stop.CancelAsync();

        AssertUnknown(await sending.WaitAsync(Patience), "service stopped");
    }

    [Theory]
    [InlineData(null, "closed the connection")]
    [InlineData("HTTP/1.1 20", "closed the connection")]
    [InlineData("SSH-2.0-OpenSSH_9.6\r\n\r\n", "not HTTP")]
    [InlineData("\0\u0001\u0002garbage\r\n\r\n", "not HTTP")]
    public async Task A_receiver_that_took_the_request_and_answers_nonsense_leaves_the_outcome_unknown(string? raw, string expected)
    {
        await using var receiver = Receiver.Answering(raw);

        var result = await SendAsync(receiver);

        AssertUnknown(result, expected);
        Assert.Single(receiver.Requests);
    }

    [Fact]
    public async Task Endless_headers_leave_the_outcome_unknown()
    {
        await using var receiver = Receiver.Answering($"HTTP/1.1 200 OK\r\nX-Long: {new string('a', 64 * 1024)}\r\n\r\n");

        AssertUnknown(await SendAsync(receiver), "too many headers");
    }

    [Fact]
    public async Task The_body_of_the_answer_is_not_waited_for()
    {
        await using var receiver = Receiver.Answering("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\nand then nothing");

        Assert.Equal(EffectResult.Done, await SendAsync(receiver));
    }

    [Fact]
    public async Task Nobody_listening_is_known_to_have_had_no_effect()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0)); // bound and not listening: refused, and nobody else can take the port
        using var runners = new Runners(new Uri($"http://127.0.0.1:{((IPEndPoint)socket.LocalEndPoint!).Port}/?token=hidden-in-the-url"));

        var result = await runners.Welcome.RunAsync(Claimed.Welcome(), CancellationToken.None);

        Assert.Equal(EffectResult.Retry("No connection to the receiver (ConnectionRefused)."), result);
    }

    private static async Task<EffectResult> SendAsync(Receiver receiver, TimeProvider? time = null)
    {
        using var runners = new Runners(receiver.Url, time);
        var result = await runners.Welcome.RunAsync(Claimed.Welcome(), CancellationToken.None).WaitAsync(Patience);
        Assert.DoesNotContain("hidden-in-the-url", result.Error ?? "", StringComparison.Ordinal);
        return result;
    }

    private static void AssertUnknown(EffectResult result, string expected)
    {
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
        Assert.Equal(EffectResultKind.Retry, result.Kind);
        Assert.True(result.OutcomeUnknown);
    }
}
