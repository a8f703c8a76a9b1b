using System.Globalization;

namespace Kapso.Connections.Deciding;

/// <content>
/// A welcome of a number that is gone waits, as long as none of its attempts can have reached anybody: it goes out once when the
/// number is connected again, and lapses after <see cref="ConnectionPolicy.GoneFor"/>. One of a number that turned out to be a sandbox
/// number waits until the platform says that it is a production one. One that may have been sent is finished.
/// </content>
public static partial class Decisions
{
    /// <summary>Why the welcome of a number does not go out.</summary>
    private enum Hindrance
    {
        Gone,
        Sandbox,
    }

    private static Hindrance? HindranceOf(Number? number) => number switch
    {
        { Status: NumberStatus.Gone } => Hindrance.Gone,
        { IsSandbox: true } => Hindrance.Sandbox,
        _ => null,
    };

    /// <summary>Why an effect is not sent; null where it is.</summary>
    private static Hindrance? WaitOf(Connection connection, Effect effect) =>
        effect is { Kind: EffectKind.Welcome, Status: EffectStatus.Pending, OutcomeUnknown: false }
            ? HindranceOf(connection.FindNumber(effect.PhoneNumberId))
            : null;

    /// <summary>Has the welcome of a number that went, or is a sandbox number, wait, where none of it can have been sent.</summary>
    private static Connection Suspend(Connection connection, Number number, ConnectionPolicy policy, DateTimeOffset now) =>
        number.Welcome is { } welcome && connection.FindEffect(welcome.Id) is { } effect && WaitOf(connection, effect) is { } hindrance
            ? Suspend(connection, effect, hindrance, hindrance == Hindrance.Gone ? number.GoneAt ?? now : now, policy, now)
            : connection;

    private static Connection Suspend(
        Connection connection, Effect effect, Hindrance hindrance, DateTimeOffset since, ConnectionPolicy policy, DateTimeOffset now)
    {
        var next = NextLook(hindrance, since, policy, now);
        var isFurther = effect.DueAt > next && effect.DueAt - now <= ConnectionPolicy.MaxPutOff; // By its receiver's own wish.
        var waiting = effect with { WaitsSince = since, DueAt = isFurther ? effect.DueAt : next };
        var why = hindrance == Hindrance.Gone
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"The number is gone. It goes out once the number is connected again, until {(since + policy.GoneFor).UtcDateTime:s}Z.")
            : "It is a sandbox number. It goes out once the platform says that it is a production number.";
        return Note(WithEffect(connection, effect, waiting), Outcome.Noted, effect, "waits", why, now);
    }

    /// <summary>Has a welcome that waited go out: nothing hinders it any more.</summary>
    private static Connection Resume(Connection connection, Number number, DateTimeOffset now) =>
        number.Welcome is { } welcome && connection.FindEffect(welcome.Id) is { WaitsSince: not null } effect
            ? Note(
                WithEffect(connection, effect, effect with { WaitsSince = null, DueAt = now }),
                Outcome.Noted, effect, "resumed", "The number is connected, and no sandbox number.", now)
            : connection;

    /// <summary>
    /// What has become of welcomes that wait: those whose time is over lapse, the others are looked at again later. One that an
    /// earlier version left pending, or a person sent again, waits from now on.
    /// </summary>
    private static Connection LookAtWaiting(Connection connection, ConnectionPolicy policy, LeaseHolder holder, DateTimeOffset now)
    {
        foreach (var effect in connection.Outbox)
        {
            if (WaitOf(connection, effect) is not { } hindrance || !IsClaimable(effect, policy, holder, now))
                continue;
            connection =
                effect.WaitsSince is not { } since ? Suspend(connection, effect, hindrance, now, policy, now)
                : hindrance == Hindrance.Gone && now - since >= policy.GoneFor ? Lapse(connection, effect, "The number did not come back in time.", now)
                : WithEffect(connection, effect, effect with { DueAt = NextLook(hindrance, since, policy, now) });
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
    private static DateTimeOffset NextLook(Hindrance hindrance, DateTimeOffset since, ConnectionPolicy policy, DateTimeOffset now)
    {
        var (end, next) = (since + policy.GoneFor, now + (ConnectionPolicy.MaxPutOff / 2));
        return hindrance == Hindrance.Gone && end < next ? end : next;
    }
}
