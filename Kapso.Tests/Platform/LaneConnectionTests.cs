using Microsoft.Extensions.Time.Testing;

namespace Kapso.Tests.Platform;

/// <summary>Over real HTTP, to one host: no lane has the connections of another, and an attempt's time is the receiver's.</summary>
public sealed class LaneConnectionTests
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _time = new(Claimed.At);

    [Theory]
    [InlineData("notify", "welcome")]
    [InlineData("welcome", "notify")]
    public async Task A_lane_that_hangs_holds_up_no_other(string hanging, string going)
    {
        await using var receiver = await LaneReceiver.StartAsync(parallelism: 2, _time);
        receiver.Hold(hanging);
        var stuck = new[] { receiver.SendAsync(hanging), receiver.SendAsync(hanging) };
        await receiver.ForAsync(hanging, 2);

        var sending = Enumerable.Range(0, 5).Select(_ => receiver.SendAsync(going)).ToArray();

        // The clock stands still: whatever is answered here is answered in time.
        var results = await Wait.For(Task.WhenAll(sending), $"every {going} while each {hanging} hangs");
        Assert.All(results, result => Assert.Equal(EffectResultKind.Done, result.Kind));
        Assert.All(stuck, hung => Assert.False(hung.IsCompleted));
    }

    [Fact]
    public async Task What_never_had_a_connection_is_known_not_to_have_been_sent()
    {
        await using var receiver = await LaneReceiver.StartAsync(parallelism: 1, _time);
        receiver.Hold("welcome");
        var stuck = receiver.SendAsync("welcome");
        await receiver.ForAsync("welcome", 1);

        var waiting = receiver.SendAsync("welcome");
        _time.Advance(LaneReceiver.Timeout);

        var result = await Wait.For(waiting, "the end of the attempt that has no connection");
        Assert.Equal((EffectResultKind.Retry, false), (result.Kind, result.OutcomeUnknown));
        Assert.Contains("No connection to the receiver", result.Error, StringComparison.Ordinal);
        Assert.True((await Wait.For(stuck, "the end of the attempt that was sent")).OutcomeUnknown);
        Assert.Single(receiver.Came);
    }

    [Fact]
    public async Task The_time_of_an_answer_begins_when_the_request_is_sent()
    {
        await using var receiver = await LaneReceiver.StartAsync(parallelism: 1, _time);
        receiver.Hold("welcome");
        var first = receiver.SendAsync("welcome");
        await receiver.ForAsync("welcome", 1);
        var second = receiver.SendAsync("welcome");

        _time.Advance(TimeSpan.FromSeconds(3));
        receiver.Hold("welcome");
        Assert.Equal(EffectResult.Done, await Wait.For(first, "the answer to the first"));
        await receiver.ForAsync("welcome", 2);
        _time.Advance(LaneReceiver.Timeout - Moment);
        Assert.False(second.IsCompleted, "The second has waited for a connection, and is not given its whole time for that.");

        receiver.LetGo("welcome");
        Assert.Equal(EffectResult.Done, await Wait.For(second, "the answer to the second"));
    }
}
