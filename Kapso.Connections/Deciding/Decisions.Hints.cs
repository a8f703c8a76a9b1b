namespace Kapso.Connections.Deciding;

/// <content>
/// Without an API key nobody can be asked about a hint. It waits for a webhook, a day as a hint that finds no customer does, and then
/// it lapses: nobody is left waiting for ever.
/// </content>
public static partial class Decisions
{
    /// <summary>How long a hint waits for a webhook where the platform cannot be asked.</summary>
    internal static readonly TimeSpan UnaskedHintLife = SetupLink.UnaskedLife;

    /// <summary>Has the hint looked at when its time is over, by the question that a key would answer.</summary>
    private static Connection AwaitWebhook(Connection connection, Number hinted, Cause cause) =>
        Outboxes.AddConfirm(connection, hinted, NextLook(hinted, cause.Now), cause);

    /// <summary>What has become of hints that nobody can be asked about.</summary>
    private static Connection LookAtHints(Connection connection, ConnectionPolicy policy, LeaseHolder holder, DateTimeOffset now)
    {
        if (policy.CanConfirm)
            return connection;
        foreach (var effect in connection.Outbox)
        {
            if (effect is not { Kind: EffectKind.Confirm, Status: EffectStatus.Pending } || !IsClaimable(effect, policy, holder, now)
                || connection.FindNumber(effect.PhoneNumberId) is not { Status: NumberStatus.Hinted } hinted)
                continue;
            connection = now - hinted.HintedAt >= UnaskedHintLife
                ? Lapse(connection, effect, hinted, policy, now)
                : WithEffect(connection, effect, effect with { DueAt = NextLook(hinted, now) });
        }

        return connection;
    }

    private static Connection Lapse(Connection connection, Effect question, Number hinted, ConnectionPolicy policy, DateTimeOffset now)
    {
        var cause = new Cause(hinted.PhoneNumberId, question.TraceParent, now);
        connection = connection with { Outbox = connection.Outbox.Remove(question) };
        connection = WithNumber(connection, hinted, hinted with { Status = NumberStatus.Refused });
        connection = Note(connection, new TimelineEntry
        {
            At = now,
            Source = Source.Service,
            Event = "hint.lapsed",
            Outcome = Outcome.Applied,
            Detail = "No webhook came within 24 hours, and without an API key the platform cannot be asked.",
            PhoneNumberId = hinted.PhoneNumberId,
            TraceId = TraceIds.Of(question.TraceParent),
        });
        connection = Outboxes.AddNotify(connection, NotifyType.Attention, NumberRules.NotBorneOut, null, policy, cause);
        return SettleFailures(connection, NumberStatus.Hinted, NumberStatus.Refused, policy, now, cause);
    }

    /// <summary>Nothing is put off further than <see cref="ConnectionPolicy.MaxPutOff"/>.</summary>
    private static DateTimeOffset NextLook(Number hinted, DateTimeOffset now)
    {
        var latest = now + ConnectionPolicy.MaxPutOff;
        return hinted.HintedAt + UnaskedHintLife is { } end && end < latest ? end : latest;
    }
}
