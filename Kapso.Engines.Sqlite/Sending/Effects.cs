namespace Kapso.Engines.Sqlite.Sending;

/// <summary>What the columns beside a record say of its outbox.</summary>
internal static class Effects
{
    /// <summary>Whether it waits for a person.</summary>
    public static bool IsStuck(Effect effect) => effect.Status is EffectStatus.Held or EffectStatus.Dead;

    /// <summary>How many are pending or in flight.</summary>
    public static int CountWaiting(Connection connection)
    {
        var waiting = 0;
        foreach (var effect in connection.Outbox)
            waiting += IsStuck(effect) ? 0 : 1;
        return waiting;
    }

    /// <summary>How many wait for a person.</summary>
    public static int CountStuck(Connection connection) => connection.Outbox.Length - CountWaiting(connection);

    /// <summary>When the effects of a lane next need looking at, in stored time; null for never.</summary>
    public static long? WakeAt(Connection connection, EffectKind lane)
    {
        long? earliest = lane == EffectKind.Welcome && connection.AwaitedUntil is { } until ? EngineClock.ToWake(until) : null;
        var ahead = default(ReceiversAhead);
        foreach (var effect in connection.Outbox)
        {
            // Notifies go in order for each receiver: those behind the first wait for it, whatever their own time.
            if (effect.Kind != lane || IsStuck(effect) || (lane == EffectKind.Notify && !ahead.IsFirst(effect)))
                continue;
            var wake = EngineClock.ToWake(effect.Status == EffectStatus.InFlight ? effect.Lease?.Until ?? effect.DueAt : effect.DueAt);
            if (earliest is null || wake < earliest)
                earliest = wake;
        }

        return earliest;
    }

    /// <summary>Whether a wake time has come, or was written under a clock that was ahead.</summary>
    public static bool IsDue(long wakeAt, DateTimeOffset now) =>
        wakeAt <= now.ToUnixTimeMilliseconds() || wakeAt > (now + ConnectionPolicy.MaxPutOff).ToUnixTimeMilliseconds();
}
