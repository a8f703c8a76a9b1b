namespace Kapso.Connections.Deciding;

public static partial class Decisions
{
    /// <summary>
    /// Sets where template welcomes go. Those that are dead because nobody could be reached are made due again: they never
    /// went out, so that nothing is sent twice.
    /// </summary>
    /// <param name="connection">The connection as last written.</param>
    /// <param name="phone">As <see cref="ContactPhones"/> keeps it; null to forget it.</param>
    /// <param name="policy">The project's policy.</param>
    /// <param name="now">The engine's time.</param>
    public static Decision SetContactPhone(Connection connection, string? phone, ConnectionPolicy policy, DateTimeOffset now)
    {
        if (phone is not null && !ContactPhones.IsNormal(phone))
            throw new ArgumentException("Expected E.164: a plus and 7 to 15 digits.", nameof(phone));
        if (phone == connection.ContactPhone)
            return new Decision(connection, Outcome.Duplicate);

        connection = connection with { ContactPhone = phone };
        connection = Note(connection, new TimelineEntry
        {
            At = now,
            Source = Source.Operator,
            Event = phone is null ? "contact_phone.removed" : "contact_phone.set",
            Outcome = Outcome.Applied,
        });
        if (phone is null)
            return new Decision(connection, Outcome.Applied);

        foreach (var effect in connection.Outbox)
        {
            if (effect is { Kind: EffectKind.Welcome, Status: EffectStatus.Dead, NoRecipient: true })
                connection = Note(WithEffect(connection, effect, Reopened(effect, now)), ByHand(effect, "reopened", by: null, now));
        }

        return new Decision(connection, Outcome.Applied);
    }

    /// <summary>Due again, as if it had never been tried but for its attempts, which name what may still come back.</summary>
    private static Effect Reopened(Effect effect, DateTimeOffset now) => effect with
    {
        Status = EffectStatus.Pending,
        DueAt = now,
        Lease = null,
        OutcomeUnknown = false,
        UnknownAt = null,
        NoRecipient = false,
        WaitsForReceiver = false,
    };
}
