namespace Kapso.Connections.Deciding;

public static partial class Decisions
{
    /// <summary>Has a connected number welcomed that was adopted, or whose age is not known: a person knows that it is new.</summary>
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
        if (number.Welcome is not null)
            return (connection, EffectAction.AlreadySo);
        if (number.Status != NumberStatus.Connected || number.IsSandbox)
            return (connection, EffectAction.NotWaiting);

        var open = NumberChanges.AsNew(number);
        connection = DecideWelcome(WithNumber(connection, number, open), open, new Cause(phoneNumberId, null, now));
        return (Note(connection, ByHand(connection.FindEffect(EffectIds.Welcome(connection.Key, phoneNumberId))!, "greeted", by, now)), EffectAction.Applied);
    }
}
