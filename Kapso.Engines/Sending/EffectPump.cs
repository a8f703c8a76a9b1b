namespace Kapso.Engines.Sending;

/// <summary>Settles an attempt durably; throws where that failed.</summary>
/// <param name="claimed">What was sent.</param>
/// <param name="result">What came of it.</param>
public delegate Task SettleEffect(ClaimedEffect claimed, EffectResult result);

/// <summary>
/// Sends what an engine claimed, once the claim is durable, a bounded number of each kind at a time, and has it settle what came of
/// it. A settlement that cannot be written is nothing lost: the lease lapses, and the effect is repeated under the same id.
/// </summary>
public sealed partial class EffectPump : IDisposable
{
    private const int SettleAttempts = 10;
    private static readonly TimeSpan BetweenSettleAttempts = TimeSpan.FromSeconds(1);
    private static readonly EffectResult Stopped = EffectResult.Retry("Given back unsent: the service was stopped.") with { HandedOver = true };
    private static readonly EffectResult CutOff =
        EffectResult.Retry("Cut off: the service was stopped.", outcomeUnknown: true) with { HandedOver = true };
    private static readonly EffectResult Overdue = EffectResult.Retry("Given back unsent: its turn did not come in time.");

    private readonly Lane[] _lanes;
    private readonly SettleEffect _settle;
    private readonly TimeSpan _sendGrace;
    private readonly EngineClock _clock;
    private readonly TimeProvider _time;
    private readonly ILogger<EffectPump> _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationToken _stopped; // Outlives its source: a send may begin, or end, after the grace time.
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationToken _graceEnded;
    private int _outstanding = 1; // One for being open.

    /// <summary>Creates it.</summary>
    /// <param name="runners">Who sends what; nothing is claimed of a kind that none sends. Releases are the engine's own: see <paramref name="observe"/>.</param>
    /// <param name="observe">Folds an observation into a customer's connection.</param>
    /// <param name="options">How many effects of each kind are sent at a time, and how long they may take when the process stops.</param>
    /// <param name="settle">Settles an attempt.</param>
    /// <param name="clock">Tells what waited too long.</param>
    /// <param name="time">Waits between tries to settle.</param>
    /// <param name="logger">Told what failed.</param>
    public EffectPump(
        IEnumerable<IEffectRunner> runners,
        Func<CustomerKey, Observation, CancellationToken, Task> observe,
        EngineOptions options,
        SettleEffect settle,
        EngineClock clock,
        TimeProvider time,
        ILogger<EffectPump> logger)
    {
        var byKind = runners.Where(runner => runner.Kind != EffectKind.Release).Append(new ReleaseRunner(observe))
            .ToDictionary(runner => runner.Kind);
        _lanes = [.. Enum.GetValues<EffectKind>().Select(kind => new Lane(byKind.GetValueOrDefault(kind), options.Parallelism))];
        (_settle, _sendGrace, _clock, _time, _logger, _stopped) = (settle, options.SendGrace, clock, time, logger, _stop.Token);
    }

    /// <summary>Called when a slot has become free in a lane with a backlog.</summary>
    public Action? RoomMade { get; set; }

    /// <summary>The lanes, in the order of <see cref="EffectKind"/>.</summary>
    public IReadOnlyList<Lane> Lanes => _lanes;

    /// <summary>Sends effects whose claims are durable.</summary>
    public void Send(IReadOnlyList<ClaimedEffect> claimed)
    {
        if (claimed.Count == 0)
            return;
        var now = _clock.Now;
        foreach (var effect in claimed)
        {
            if (!_lanes[(int)effect.Effect.Kind].TryAdd(new QueuedEffect(effect, now)))
                _ = FinishAsync(effect, Stopped);
        }

        foreach (var lane in _lanes)
            Begin(lane);
    }

    /// <summary>
    /// Claims no more and gives back what was not begun. What is being sent may finish within <see cref="EngineOptions.SendGrace"/>; then it is
    /// cut off, and handed over with an outcome that is not known.
    /// </summary>
    /// <param name="graceEnded">Cancelled when the process's grace time ends: what is not written down by then waits for its lease.</param>
    public async Task StopAsync(CancellationToken graceEnded)
    {
        _graceEnded = graceEnded;
        foreach (var unsent in _lanes.SelectMany(lane => lane.Close()))
        {
            if (!graceEnded.IsCancellationRequested)
                _ = FinishAsync(unsent.Claimed, Stopped);
        }

        Leave();
        try
        {
            await _idle.Task.WaitAsync(_sendGrace, _time, graceEnded);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            await _stop.CancelAsync();
            await _idle.Task.WaitAsync(graceEnded).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await _idle.Task.WaitAsync(TimeSpan.FromSeconds(2), CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <inheritdoc/>
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
        var result = queued.IsOverdue(_clock.Now)
            ? Overdue
            : await EffectAttempt.RunAsync(
                lane.Runner!, queued.Claimed, (exception, effect) => LogRunnerFailed(exception, effect.Kind, effect.Id), _stopped);

        // The lease lapses, and the outcome is unknown then as it is now.
        if (_graceEnded.IsCancellationRequested)
        {
            Leave();
            return;
        }

        if (_stopped.IsCancellationRequested && result is { Kind: EffectResultKind.Retry, OutcomeUnknown: true })
            result = CutOff;

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
        var effect = claimed.Effect;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await _settle(claimed, result);
                if (effect.Kind == EffectKind.Welcome && result.Kind == EffectResultKind.Done)
                    KapsoTelemetry.WelcomeLag.Record((_clock.Now - effect.CreatedAt).TotalSeconds);
                return;
            }
#pragma warning disable CA1031 // A settlement fails in as many ways as a store and a cluster have; each means the same here.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                if (attempt == SettleAttempts || _stopped.IsCancellationRequested)
                {
                    LogNotSettled(exception, effect.Kind, effect.Id);
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

    [LoggerMessage(1, LogLevel.Warning, "The runner of {Kind} {EffectId} threw; the attempt's outcome is unknown.")]
    private partial void LogRunnerFailed(Exception exception, EffectKind kind, string effectId);

    [LoggerMessage(2, LogLevel.Warning, "The outcome of {Kind} {EffectId} could not be written; it is repeated when its lease has lapsed.")]
    private partial void LogNotSettled(Exception exception, EffectKind kind, string effectId);
}
