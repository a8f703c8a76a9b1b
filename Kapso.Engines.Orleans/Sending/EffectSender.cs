using Kapso.Engines.Orleans.Calls;
using Microsoft.Extensions.Options;

namespace Kapso.Engines.Orleans.Sending;

/// <summary>
/// Sends what the grains of this silo claimed, once the claim is durable: outside of the grains' turns. What came of it goes back
/// as an ordinary call.
/// </summary>
internal sealed class EffectSender : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    /// <summary>How long effects are put off that find no room while sends go through.</summary>
    private static readonly TimeSpan BusyWait = TimeSpan.FromSeconds(0.25);

    /// <summary>The same, while none does: the receiver hangs or is down.</summary>
    private static readonly TimeSpan StuckWait = TimeSpan.FromSeconds(15);

    private readonly EffectPump _pump;
    private readonly Reservations[] _reservations;
    private volatile bool _isStopping;
    private readonly LeaseHolder _holder = new(Guid.NewGuid().ToString("N"), Sole: false);

    public EffectSender(
        IEnumerable<IEffectRunner> runners,
        IGrainFactory grains,
        SentMessages messages,
        IOptions<EngineOptions> options,
        EngineClock clock,
        TimeProvider time,
        ILogger<EffectPump> logger)
    {
        var connections = new ConnectionGrains(grains);
        _pump = new EffectPump(
            runners,
            (key, news, _) => connections.Get(GrainKey.Of(key)).ObserveAsync(news),
            options.Value,
            async (claimed, result) =>
            {
                await messages.EndedAsync(claimed, result);
                await connections.Get(GrainKey.Of(claimed.Key)).SettleAsync(
                    claimed.Effect.Id, claimed.Effect.Attempt, result.Exchange is null ? result : result with { Exchange = null });
            },
            clock,
            time,
            logger);
        _reservations = [.. _pump.Lanes.Select(lane => new Reservations(lane))];
    }

    /// <summary>
    /// Claims the effects of a connection that may be sent now and for which there is room. Whoever claims hands them to
    /// <see cref="Send"/> once the connection is written, or else gives them back by <see cref="Release"/>.
    /// </summary>
    public Claims Claim(Connection connection, ConnectionPolicy policy, DateTimeOffset now, bool swept)
    {
        if (connection.WakeAt is null)
            return new Claims(connection, []);

        connection = Decisions.LookAtDue(connection, policy, _holder, now);
        var room = new int[_reservations.Length];
        foreach (var effect in connection.Outbox)
            room[(int)effect.Kind] += effect.Status is EffectStatus.Pending or EffectStatus.InFlight ? 1 : 0;
        for (var i = 0; i < room.Length; i++)
            room[i] = room[i] == 0 ? 0 : _reservations[i].Reserve(room[i], swept);
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
                _reservations[i].Correct(-room[i]);
        }
    }

    /// <summary>Gives back what was claimed and not written.</summary>
    public void Release(IReadOnlyList<ClaimedEffect> claimed)
    {
        foreach (var effect in claimed)
            _reservations[(int)effect.Effect.Kind].Correct(-1);
    }

    /// <summary>Sends effects whose claims are durable.</summary>
    public void Send(IReadOnlyList<ClaimedEffect> claimed)
    {
        _pump.Send(claimed);
        Release(claimed);
    }

    /// <summary>
    /// How long an effect of this kind that found no room should wait before it is looked at again: not at all where this process sends
    /// no more, and another is to come for it.
    /// </summary>
    public TimeSpan WaitFor(EffectKind kind) => _isStopping ? TimeSpan.Zero : _pump.Lanes[(int)kind].IsMoving ? BusyWait : StuckWait;

    /// <inheritdoc/>
    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(
        nameof(EffectSender), ServiceLifecycleStage.Active, static _ => Task.CompletedTask, StopAsync);

    private Task StopAsync(CancellationToken graceEnded)
    {
        _isStopping = true;
        return _pump.StopAsync(graceEnded);
    }

    public void Dispose() => _pump.Dispose();
}
