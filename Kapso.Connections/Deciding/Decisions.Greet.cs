namespace Kapso.Connections.Deciding;

public static partial class Decisions
{
    /// <summary>
    /// Has a connected number welcomed that was adopted, or whose age is not known: a person knows that it is new. A welcome that lapsed
    /// unsent is sent after all, under its id.
    /// </summary>
    /// <param name="connection">The connection as last written.</param>
    /// <param name="phoneNumberId">The number.</param>
    /// <param name="now">The engine's time.</param>
    /// <param name="by">Who asks, where a person did and gave a name.</param>
    /// <returns>
    /// The connection, and what became of it: <see cref="EffectAction.NotWaiting"/> where the number is not connected, or is a sandbox number.
    /// </returns>
    public static (Connection Connection, EffectAction Action) Greet(
        Connection connection, string phoneNumberId, DateTimeOffset now, string? by = null)
    {
        if (connection.FindNumber(phoneNumberId) is not { } number)
            return (connection, EffectAction.NotFound);
        if (number.Welcome is { LapsedAt: null })
            return (connection, EffectAction.AlreadySo);
        if (number.Status != NumberStatus.Connected || number.IsSandbox)
            return (connection, EffectAction.NotWaiting);

        if (number is { WelcomeLeftTo: not null, ProvenPhone: { } phone })
        {
            foreach (var other in connection.Numbers.Where(other => other.ProvenPhone == phone))
                connection = GiveWay(connection, other, number, now);
        }

        connection = DecideAgain(connection, number, now);
        var effect = connection.FindEffect(EffectIds.Welcome(connection.Key, phoneNumberId))!;
        return (Note(connection, ByHand(effect, "greeted", by, now)), EffectAction.Applied);
    }
}
