using Kapso.Connections;
using Kapso.Connections.Engine;
using Kapso.Platform.Engines;

namespace Kapso.Embedded.Engine.Outbox;

/// <summary>Settles an attempt durably.</summary>
internal delegate Task SettleEffect(ClaimedEffect claimed, EffectResult result);

/// <summary>
/// Sends what was claimed, once the claim is durable, a bounded number of each kind at a time, and settles what came of it.
/// A settlement that cannot be written is nothing lost: the lease lapses, and the effect is repeated under the same id.
/// </summary>
internal sealed partial class OutboxPump : IDisposable
{
    private const int SettleAttempts = 10;
    private static readonly TimeSpan BetweenSettleAttempts = TimeSpan.FromSeconds(1);

    private readonly Lane[] _lanes;
    private readonly SettleEffect _settle;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationToken _stopped; // Outlives its source: a send may begin, or end, after the grace time.
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _outstanding = 1; // One for being open.

    public OutboxPump(
        IEnumerable<IEffectRunner> runners, int parallelism, SettleEffect settle, TimeProvider time, ILogger logger)
    {
        var byKind = runners.ToDictionary(runner => runner.Kind);
        _lanes = [.. Lanes.All.Select(kind => new Lane(byKind.GetValueOrDefault(kind), parallelism))];
        (_settle, _time, _logger, _stopped) = (settle, time, logger, _stop.Token);
    }

    /// <summary>Called when a slot has become free while effects are due that had no room.</summary>
    public Action? RoomMade { get; set; }

    public bool Runs(EffectKind lane) => _lanes[(int)lane].Runner is not null;

    public bool HasBacklog(EffectKind lane) => _lanes[(int)lane].HasBacklog;

    public void SetBacklog(EffectKind lane, bool hasBacklog) => _lanes[(int)lane].HasBacklog = hasBacklog;

    /// <summary>Whether a slot is free, also once what was just claimed has taken its own.</summary>
    public bool HasFreeSlot(EffectKind lane, IReadOnlyList<ClaimedEffect> claimed) =>
        _lanes[(int)lane].FreeSlots > claimed.Count(effect => effect.Effect.Kind == lane);

    /// <summary>How many effects may be claimed now, by lane.</summary>
    public int[] TakeRoom() => Array.ConvertAll(_lanes, static lane => lane.TakeRoom());

    /// <summary>Sends effects whose claims are durable.</summary>
    public void Send(IReadOnlyList<ClaimedEffect> claimed)
    {
        if (claimed.Count == 0)
            return;
        var now = _time.GetUtcNow();
        foreach (var effect in claimed)
            _lanes[(int)effect.Effect.Kind].Add(new QueuedEffect(effect, now));
        foreach (var lane in _lanes)
            Begin(lane);
    }

    /// <summary>Claims no more, lets what is being sent finish, and cancels it when the grace time is over.</summary>
    public async Task StopAsync(CancellationToken graceEnded)
    {
        foreach (var lane in _lanes)
        {
            foreach (var unsent in lane.Close())
                _ = FinishAsync(unsent.Claimed, EffectResult.Retry("Given back unsent: the service was stopped."));
        }

        Leave();
        try
        {
            await _idle.Task.WaitAsync(graceEnded);
        }
        catch (OperationCanceledException)
        {
            await _stop.CancelAsync();
            await _idle.Task.WaitAsync(TimeSpan.FromSeconds(2), CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Dispose() => _stop.Dispose();

    private void Begin(Lane lane)
    {
        while (lane.Begin() is { } effect)
        {
            Interlocked.Increment(ref _outstanding);
            ThreadPool.UnsafeQueueUserWorkItem(
                static state => _ = state.Pump.RunAsync(state.Lane, state.Effect), (Pump: this, Lane: lane, Effect: effect), preferLocal: false);
        }
    }

    private async Task RunAsync(Lane lane, QueuedEffect queued)
    {
        var result = queued.IsOverdue(_time.GetUtcNow())
            ? EffectResult.Retry("Given back unsent: its turn did not come in time.")
            : await EffectAttempt.RunAsync(
                lane.Runner!,
                queued.Claimed,
                (exception, effect) => LogRunnerFailed(exception, effect.Kind, effect.Id),
                _stopped);

        // The slot is held until the settlement is durable: a crash can repeat what was sent and not settled, and that is
        // never more than there are slots.
        await SettleAsync(queued.Claimed, result);
        lane.End();
        Begin(lane);
        if (lane.HasBacklog)
            RoomMade?.Invoke();
        Leave();
    }

    private async Task FinishAsync(ClaimedEffect claimed, EffectResult result)
    {
        Interlocked.Increment(ref _outstanding);
        await SettleAsync(claimed, result);
        Leave();
    }

    private async Task SettleAsync(ClaimedEffect claimed, EffectResult result)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await _settle(claimed, result);
                return;
            }
            catch (EngineUnavailableException exception)
            {
                if (attempt == SettleAttempts || _stopped.IsCancellationRequested)
                {
                    LogNotSettled(exception, claimed.Effect.Kind, claimed.Effect.Id);
                    return;
                }
            }

            await Task.Delay(BetweenSettleAttempts, _time, _stopped).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _outstanding) == 0)
            _idle.TrySetResult();
    }
}
