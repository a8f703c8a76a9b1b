using System.Globalization;

namespace Kapso.Connections.Deciding;

/// <content>
/// A welcome of a number that is gone waits, as long as none of its attempts can have reached anybody: it goes out once when the
/// number is connected again, and lapses after <see cref="ConnectionPolicy.GoneFor"/>. One that may have been sent is finished.
/// </content>
public static partial class Decisions
{
    private static bool Waits(Connection connection, Effect effect) =>
        effect is { Kind: EffectKind.Welcome, Status: EffectStatus.Pending, OutcomeUnknown: false }
        && connection.FindNumber(effect.PhoneNumberId)?.Status == NumberStatus.Gone;

    /// <summary>Has the welcome of a number that went wait, where none of it can have been sent.</summary>
    private static Connection Suspend(Connection connection, Number gone, ConnectionPolicy policy, DateTimeOffset now) =>
        gone.Welcome is { } welcome && connection.FindEffect(welcome.Id) is { } effect && Waits(connection, effect)
            ? Suspend(connection, effect, gone.GoneAt ?? now, policy, now)
            : connection;

    private static Connection Suspend(
        Connection connection, Effect effect, DateTimeOffset since, ConnectionPolicy policy, DateTimeOffset now)
    {
        var next = NextLook(since, policy, now);
        var isFurther = effect.DueAt > next && effect.DueAt - now <= ConnectionPolicy.MaxPutOff; // By its receiver's own wish.
        var waiting = effect with { WaitsSince = since, DueAt = isFurther ? effect.DueAt : next };
        var until = (since + policy.GoneFor).UtcDateTime;
        return Note(
            WithEffect(connection, effect, waiting), Outcome.Noted, effect, "waits",
            string.Create(CultureInfo.InvariantCulture, $"The number is gone. It goes out once the number is connected again, until {until:s}Z."), now);
    }

    /// <summary>Has a welcome that waited go out: its number is connected again.</summary>
    private static Connection Resume(Connection connection, Number connected, DateTimeOffset now) =>
        connected.Welcome is { } welcome && connection.FindEffect(welcome.Id) is { WaitsSince: not null } effect
            ? Note(
                WithEffect(connection, effect, effect with { WaitsSince = null, DueAt = now }),
                Outcome.Noted, effect, "resumed", "The number is connected again.", now)
            : connection;

    /// <summary>
    /// What has become of welcomes that wait: those whose time is over lapse, the others are looked at again later. One that an
    /// earlier version left pending, or a person sent again, waits from now on.
    /// </summary>
    private static Connection LookAtWaiting(Connection connection, ConnectionPolicy policy, LeaseHolder holder, DateTimeOffset now)
    {
        foreach (var effect in connection.Outbox)
        {
            if (!Waits(connection, effect) || !IsClaimable(effect, policy, holder, now))
                continue;
            connection =
                effect.WaitsSince is not { } since ? Suspend(connection, effect, now, policy, now)
                : now - since >= policy.GoneFor ? Lapse(connection, effect, "The number did not come back in time.", now)
                : WithEffect(connection, effect, effect with { DueAt = NextLook(since, policy, now) });
        }

        return connection;
    }

    private static Connection Lapse(Connection connection, Effect effect, string why, DateTimeOffset now)
    {
        connection = WithWelcome(connection with { Outbox = connection.Outbox.Remove(effect) }, effect, EffectStatus.Dead, why);
        if (connection.FindNumber(effect.PhoneNumberId) is { Welcome: { } welcome } number)
            connection = WithNumber(connection, number, number with { Welcome = welcome with { LapsedAt = now } });
        return Note(connection, Outcome.Noted, effect, "lapsed", why, now);
    }

    /// <summary>Nothing is put off further than <see cref="ConnectionPolicy.MaxPutOff"/>.</summary>
    private static DateTimeOffset NextLook(DateTimeOffset since, ConnectionPolicy policy, DateTimeOffset now)
    {
        var (end, next) = (since + policy.GoneFor, now + (ConnectionPolicy.MaxPutOff / 2));
        return end < next ? end : next;
    }
}
