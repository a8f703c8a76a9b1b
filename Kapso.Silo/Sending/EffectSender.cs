using Kapso.Connections;
using Kapso.Grains.Calls;
using Kapso.Platform.Engines;
using Kapso.Silo.Hosting;
using Microsoft.Extensions.Options;

namespace Kapso.Silo.Sending;

/// <summary>
/// Sends what the grains of this silo claimed, once the claim is durable: outside of the grains' turns, a bounded number of
/// each kind at a time. What came of it goes back as an ordinary call. A settlement that cannot be written is nothing lost:
/// the lease lapses, and the effect is repeated under the same id.
/// </summary>
internal sealed partial class EffectSender : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private const int SettleAttempts = 10;
    private static readonly TimeSpan BetweenSettleAttempts = TimeSpan.FromSeconds(1);

    private readonly ConnectionGrains _grains;
    private readonly EngineClock _clock;
    private readonly ILogger<EffectSender> _logger;
    private readonly SendLane[] _lanes;
    private readonly LeaseHolder _holder = new(Guid.NewGuid().ToString("N"), Sole: false);
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _outstanding = 1; // One for being open.

    public EffectSender(
        IEnumerable<IEffectRunner> runners,
        IGrainFactory grains,
        IOptions<SiloEngineOptions> options,
        EngineClock clock,
        ILogger<EffectSender> logger)
    {
        (_grains, _clock, _logger) = (new ConnectionGrains(grains), clock, logger);
        var release = new ReleaseRunner(
            (key, news, _) => _grains.Get(GrainKey.Of(key)).ObserveAsync(news));
        var byKind = runners.Where(runner => runner.Kind != EffectKind.Release).Append(release)
            .ToDictionary(runner => runner.Kind);
        _lanes = [.. Enum.GetValues<EffectKind>()
            .Select(kind => new SendLane(byKind.GetValueOrDefault(kind), options.Value.Parallelism))];
    }

    /// <summary>
    /// Claims the effects of a connection that may be sent now and for which there is room. Whoever claims hands them to
    /// <see cref="Send"/> once the connection is written, or else gives them back by <see cref="Release"/>.
    /// </summary>
    public Claims Claim(Connection connection, ConnectionPolicy policy, DateTimeOffset now, bool swept)
    {
        if (connection.Outbox.IsEmpty)
            return new Claims(connection, []);

        var room = new int[_lanes.Length];
        foreach (var effect in connection.Outbox)
            room[(int)effect.Kind] += effect.Status is EffectStatus.Pending or EffectStatus.InFlight ? 1 : 0;
        for (var i = 0; i < room.Length; i++)
            room[i] = room[i] == 0 ? 0 : _lanes[i].Reserve(room[i], swept);
        try
        {
            var claims = Decisions.Claim(connection, policy, _holder, room, now);
            foreach (var claimed in claims.Effects)
                room[(int)claimed.Effect.Kind]--;
            return claims;
        }
        finally
        {
            for (var i = 0; i < room.Length; i++)
            {
                if (room[i] != 0)
                    _lanes[i].Correct(-room[i]);
            }
        }
    }

    /// <summary>Gives back what was claimed and not written.</summary>
    public void Release(IReadOnlyList<ClaimedEffect> claimed)
    {
        foreach (var effect in claimed)
            _lanes[(int)effect.Effect.Kind].Correct(-1);
    }

    /// <summary>Sends effects whose claims are durable.</summary>
    public void Send(IReadOnlyList<ClaimedEffect> claimed)
    {
        foreach (var effect in claimed)
        {
            var lane = _lanes[(int)effect.Effect.Kind];
            lane.Add(new QueuedEffect(effect, _clock.Now));
            Begin(lane);
        }
    }

    /// <summary>How long an effect of this kind that found no room should wait before it is looked at again.</summary>
    public TimeSpan WaitFor(EffectKind kind) => _lanes[(int)kind].Wait;

    /// <inheritdoc/>
    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(
        nameof(EffectSender), ServiceLifecycleStage.Active, static _ => Task.CompletedTask, StopAsync);

    public void Dispose() => _stop.Dispose();

    /// <summary>Claims no more, lets what is being sent finish, and cancels it when the grace time is over.</summary>
    private async Task StopAsync(CancellationToken graceEnded)
    {
        foreach (var unsent in _lanes.SelectMany(lane => lane.Close()))
        {
            if (!graceEnded.IsCancellationRequested)
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

    private void Begin(SendLane lane)
    {
        while (lane.Begin() is { } effect)
        {
            Interlocked.Increment(ref _outstanding);
            ThreadPool.UnsafeQueueUserWorkItem(
                static state => _ = state.Sender.RunAsync(state.Lane, state.Effect), (Sender: this, Lane: lane, Effect: effect), preferLocal: false);
        }
    }

    private async Task RunAsync(SendLane lane, QueuedEffect queued)
    {
        var result = queued.IsOverdue(_clock.Now)
            ? EffectResult.Retry("Given back unsent: its turn did not come in time.")
            : await EffectAttempt.RunAsync(
                lane.Runner!,
                queued.Claimed,
                (exception, effect) => LogRunnerFailed(exception, effect.Kind, effect.Id),
                _stop.Token);

        // Cut off with the silo's grace time: the lease lapses, and the outcome is unknown then as it is now.
        if (_stop.IsCancellationRequested)
        {
            Leave();
            return;
        }

        // The slot is held until the settlement is durable: a crash can repeat what was sent and not settled, and that is
        // never more than there are slots.
        await SettleAsync(queued.Claimed, result);
        lane.End();
        Begin(lane);
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
        var grain = _grains.Get(GrainKey.Of(claimed.Key));
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await grain.SettleAsync(effect.Id, effect.Attempt, result);
                if (effect.Kind == EffectKind.Welcome && result.Kind == EffectResultKind.Done)
                    KapsoTelemetry.WelcomeLag.Record((_clock.Now - effect.CreatedAt).TotalSeconds);
                return;
            }
#pragma warning disable CA1031 // A call fails in as many ways as a cluster has; each means the same here.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                if (attempt == SettleAttempts || _stop.IsCancellationRequested)
                {
                    LogNotSettled(exception, effect.Kind, effect.Id);
                    return;
                }
            }

            await Task.Delay(BetweenSettleAttempts, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _outstanding) == 0)
            _idle.TrySetResult();
    }
}
