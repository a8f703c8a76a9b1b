using System.Collections.Concurrent;
using Kapso.Tests.Platform;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Kapso.Tests.Sending;

/// <summary>What becomes of sends when their process stops.</summary>
public sealed class EffectPumpTests : IDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(6);

    private readonly FakeTimeProvider _time = new(Claimed.At);
    private readonly CancellationTokenSource _graceEnded = new();
    private readonly ConcurrentQueue<EffectResult> _settled = new();
    private readonly TaskCompletionSource<EffectResult> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly RecordingRunner _welcomes;
    private readonly EffectPump _pump;

    public EffectPumpTests()
    {
        _welcomes = new RecordingRunner(EffectKind.Welcome) { Answer = _ => _answer.Task };
        _pump = new EffectPump(
            [_welcomes],
            (_, _, _) => Task.CompletedTask,
            new EngineOptions { Parallelism = 1, SendGrace = Grace },
            (_, result) =>
            {
                _settled.Enqueue(result);
                return Task.CompletedTask;
            },
            new EngineClock(_time),
            _time,
            NullLogger<EffectPump>.Instance);
    }

    [Fact]
    public async Task What_was_not_begun_is_handed_over_as_unsent_and_what_ends_in_time_is_settled_as_it_ended()
    {
        await SendAsync(2);
        var stopped = _pump.StopAsync(_graceEnded.Token);
        var unsent = Assert.Single(_settled);
        Assert.Equal((EffectResultKind.Retry, true, false), (unsent.Kind, unsent.HandedOver, unsent.OutcomeUnknown));
        Assert.False(stopped.IsCompleted);

        _time.Advance(Grace - TimeSpan.FromMilliseconds(1));
        _answer.SetResult(EffectResult.Done);
        await stopped;

        Assert.Equal(EffectResult.Done, _settled.Last());
        Assert.Single(_welcomes.Calls);
    }

    [Fact]
    public async Task What_does_not_end_in_time_is_cut_off_and_handed_over_with_an_unknown_outcome()
    {
        await SendAsync(1);
        var stopped = _pump.StopAsync(_graceEnded.Token);
        _time.Advance(Grace);
        await stopped;

        var cutOff = Assert.Single(_settled);
        Assert.Equal((EffectResultKind.Retry, true, true), (cutOff.Kind, cutOff.HandedOver, cutOff.OutcomeUnknown));
        Assert.False(_graceEnded.IsCancellationRequested);
    }

    [Fact]
    public async Task Where_the_whole_grace_time_is_over_the_lease_says_what_is_to_be_done()
    {
        await SendAsync(1);
        await _graceEnded.CancelAsync();
        await _pump.StopAsync(_graceEnded.Token);

        Assert.Empty(_settled);
    }

    public void Dispose()
    {
        _pump.Dispose();
        _graceEnded.Dispose();
    }

    private async Task SendAsync(int count)
    {
        var leased = Claimed.Welcome();
        leased = leased with { Effect = leased.Effect with { Lease = new Lease("holder", Claimed.At.AddMinutes(1)) } };
        _pump.Send([.. Enumerable.Repeat(leased, count)]);
        await Wait.ForAsync(() => _welcomes.Calls.Count == 1, "the first to be sent");
    }
}
