namespace Kapso.Connections.Deciding;

public static partial class Decisions
{
    private const string Disabled = "Its receiver is disabled. It goes out when the receiver is enabled.";
    private const string NotConfigured = "No receiver of this id is configured. It goes out when there is one again.";

    /// <summary>
    /// What has become of the receivers of notifies that wait: those of a receiver that is disabled, or not configured, are held, those of
    /// one that was enabled again are due, and those of one that was taken away are dropped.
    /// </summary>
    /// <param name="connection">The connection as last written.</param>
    /// <param name="policy">The project's policy.</param>
    /// <param name="now">The engine's time.</param>
    public static Connection LookAtReceivers(Connection connection, ConnectionPolicy policy, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(policy);
        foreach (var receiver in connection.Outbox.Where(static effect => effect.Kind == EffectKind.Notify).Select(static effect => effect.Receiver).Distinct())
            connection = LookAtReceiver(connection, receiver, policy, now);
        return connection;
    }

    /// <summary>The same, of the receivers to which something is to be sent now.</summary>
    private static Connection LookAtDueReceivers(Connection connection, ConnectionPolicy policy, LeaseHolder holder, DateTimeOffset now)
    {
        var ahead = default(ReceiversAhead);
        foreach (var effect in connection.Outbox)
        {
            if (effect.Kind == EffectKind.Notify && IsUnsettled(effect) && ahead.IsFirst(effect) && IsClaimable(effect, policy, holder, now))
                connection = LookAtReceiver(connection, effect.Receiver, policy, now);
        }

        return connection;
    }

    private static Connection LookAtReceiver(Connection connection, string? id, ConnectionPolicy policy, DateTimeOffset now)
    {
        ReceiverTerms? receiver = null;
        foreach (var effect in connection.Outbox)
        {
            if (effect.Kind != EffectKind.Notify || effect.Receiver != id)
                continue;
            receiver ??= policy.FindReceiver(effect);
            if (receiver is { IsRemoved: true } && effect.Status != EffectStatus.InFlight)
                connection = Note(WithoutEffect(connection, effect, now), Outcome.Noted, effect, "dropped", "Its receiver was taken away.", now);
            else if (effect.Status == EffectStatus.Pending && receiver is null or { IsDisabled: true })
                connection = WithEffect(connection, effect, effect with
                {
                    Status = EffectStatus.Held,
                    WaitsForReceiver = true,
                    LastError = receiver is null ? NotConfigured : Disabled,
                });
            else if (effect is { Status: EffectStatus.Held, WaitsForReceiver: true } && receiver is { IsDisabled: false })
                connection = WithEffect(connection, effect, effect with { Status = EffectStatus.Pending, DueAt = now, WaitsForReceiver = false });
        }

        return connection;
    }

    /// <summary>
    /// Sends a notify again that was sent before, under the same id and with what it told. It goes after those of its receiver that wait.
    /// </summary>
    /// <param name="connection">The connection as last written.</param>
    /// <param name="notify">The notify, as it was sent.</param>
    /// <param name="policy">The project's policy.</param>
    /// <param name="now">The engine's time.</param>
    /// <param name="by">Who asks; null where nobody gave a name.</param>
    public static (Connection Connection, EffectAction Action) SendAgain(
        Connection connection, Effect notify, ConnectionPolicy policy, DateTimeOffset now, string? by)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(notify);
        if (notify.Kind != EffectKind.Notify)
            throw new ArgumentException("Only a notify can be sent again.", nameof(notify));
        if (connection.FindEffect(notify.Id) is not null)
            return Resend(connection, notify.Id, policy, now, by);
        if (connection.Timeline.IsEmpty)
            return (connection, EffectAction.NotFound);

        var again = Reopened(notify, now) with { Resent = true, Dropped = 0 };
        return (Note(connection with { Outbox = connection.Outbox.Add(again) }, ByHand(again, "resent", by, now)), EffectAction.Applied);
    }
}
