using System.Collections.Immutable;

namespace Kapso.Connections.Deciding;

public static partial class Decisions
{
    /// <summary>
    /// Claims the effects that may be sent now: pending and due, or in flight with a lapsed lease, whose outcome is then
    /// unknown. Notifies are claimed one at a time for each receiver, in order. First what is due is looked at (<see cref="LookAtDue"/>). The claims
    /// count only once the returned connection is written.
    /// </summary>
    /// <param name="connection">The connection as last written, or as it is about to be.</param>
    /// <param name="policy">The project's policy.</param>
    /// <param name="holder">Who claims.</param>
    /// <param name="room">How many effects of each <see cref="EffectKind"/> may be claimed at most.</param>
    /// <param name="now">The engine's time.</param>
    public static Claims Claim(
        Connection connection, ConnectionPolicy policy, LeaseHolder holder, ReadOnlySpan<int> room, DateTimeOffset now)
    {
        connection = LookAtDue(connection, policy, holder, now);
        List<ClaimedEffect>? claimed = null;
        Span<int> taken = stackalloc int[room.Length];
        var ahead = default(ReceiversAhead);
        foreach (var effect in connection.Outbox)
        {
            var blocked = effect.Kind == EffectKind.Notify && IsUnsettled(effect) && !ahead.IsFirst(effect);
            if (blocked || taken[(int)effect.Kind] >= room[(int)effect.Kind] || !IsClaimable(effect, policy, holder, now))
                continue;

            taken[(int)effect.Kind]++;
            var lapsed = effect.Status == EffectStatus.InFlight;
            var mine = effect with
            {
                Status = EffectStatus.InFlight,
                Attempt = effect.Attempt + 1,
                Lease = new Lease(holder.Id, now + policy.Lease),
                OutcomeUnknown = effect.OutcomeUnknown || lapsed,
                UnknownAt = effect.UnknownAt ?? (lapsed ? ClaimedAt(effect, policy) : null),
                Recipient = effect.OutcomeUnknown || lapsed ? effect.Recipient
                    : effect.Kind == EffectKind.Welcome ? connection.ContactPhone
                    : null,
            };
            connection = WithEffect(connection, effect, mine);
            (claimed ??= []).Add(new ClaimedEffect(
                connection.Key, mine, mine.Facts is { } facts ? facts.Number : connection.FindNumber(mine.PhoneNumberId))
            {
                Customer = mine.Facts is { } decided ? decided.Names : connection.Names,
                Link = mine.NotifyType == NotifyType.ReconnectLink ? FindTold(connection, mine, now) : null,
                OtherWelcomes = mine is { Kind: EffectKind.Welcome, OutcomeUnknown: true } ? OtherWelcomes(connection, mine) : [],
            });
        }

        return new Claims(connection, claimed ?? (IReadOnlyList<ClaimedEffect>)[]);
    }

    /// <summary>
    /// What a claim itself decides before it claims: what lapsed on its last attempt is given up, a welcome that may not go out waits or
    /// lapses, a notify whose receiver is disabled is held, a hint that nobody can be asked about lapses, and a success without one, a phone that was not told in time is greeted.
    /// Some of it is told, and so there can be more to claim afterwards.
    /// </summary>
    /// <param name="connection">The connection as last written, or as it is about to be.</param>
    /// <param name="policy">The project's policy.</param>
    /// <param name="holder">Who is about to claim.</param>
    /// <param name="now">The engine's time.</param>
    public static Connection LookAtDue(Connection connection, ConnectionPolicy policy, LeaseHolder holder, DateTimeOffset now)
    {
        connection = GiveUpLapsed(connection, policy, holder, now);
        connection = LookAtWaiting(connection, policy, holder, now);
        connection = LookAtHints(connection, policy, holder, now);
        connection = LookAtSetups(connection, policy, now);
        connection = ConsiderAwaited(connection, policy, now, onlyOver: true);
        return LookAtDueReceivers(connection, policy, holder, now); // The last: what was told just now is not to overtake what is held.
    }

    /// <summary>
    /// Whoever had the last attempt never came back: an effect that fells its sender must not do so for ever.
    /// </summary>
    private static Connection GiveUpLapsed(Connection connection, ConnectionPolicy policy, LeaseHolder holder, DateTimeOffset now)
    {
        // Giving up adds a notify, and may remove one that waits; none that is in flight.
        foreach (var effect in connection.Outbox)
        {
            if (effect.Status != EffectStatus.InFlight || effect.Attempt < policy.MaxAttempts || !IsClaimable(effect, policy, holder, now))
                continue;
            if (IsToBeLookedFor(effect, policy))
                continue;
            connection = GiveUp(
                connection, effect, IsLookedFor(effect, policy) ? EffectStatus.Held : EffectStatus.Dead,
                "The last attempt's outcome is unknown: its lease lapsed.", policy, now);
        }

        return connection;
    }

    private static DateTimeOffset ClaimedAt(Effect effect, ConnectionPolicy policy) =>
        effect.Lease is { } lease ? lease.Until - policy.Lease : effect.DueAt;

    private static ImmutableArray<Welcome> OtherWelcomes(Connection connection, Effect effect) =>
        [.. connection.Numbers.Select(number => number.Welcome).OfType<Welcome>().Where(welcome => welcome.Id != effect.Id)];

    private static SetupLink? FindTold(Connection connection, Effect effect, DateTimeOffset now) =>
        connection.SetupLinks.FirstOrDefault(link => ToldId(link) == effect.SetupLinkId && link.IsUsable(now));

    private static bool IsUnsettled(Effect effect) => effect.Status is EffectStatus.Pending or EffectStatus.InFlight;

    /// <summary>A due time or a lease further ahead than it can have been set was set under another clock: it counts as past.</summary>
    private static bool IsClaimable(Effect effect, ConnectionPolicy policy, LeaseHolder holder, DateTimeOffset now) =>
        effect.Status switch
        {
            EffectStatus.Pending => effect.DueAt <= now || effect.DueAt - now > ConnectionPolicy.MaxPutOff,
            EffectStatus.InFlight =>
                effect.Lease is not { } lease || lease.Until <= now || lease.Until - now > policy.Lease
                || (holder.Sole && lease.Holder != holder.Id),
            _ => false,
        };

    /// <summary>Replaces an effect, and keeps the number's welcome in step with it.</summary>
    private static Connection WithEffect(Connection connection, Effect known, Effect effect)
    {
        connection = connection with { Outbox = connection.Outbox.Replace(known, effect) };
        return effect.Kind == EffectKind.Welcome
            ? WithWelcome(connection, effect, effect.Status, effect.LastError)
            : connection;
    }

    private static Connection WithoutEffect(Connection connection, Effect effect, DateTimeOffset now, string? messageId = null)
    {
        connection = connection with { Outbox = connection.Outbox.Remove(effect) };
        return effect.Kind == EffectKind.Welcome
            ? WithWelcome(connection, effect, EffectStatus.Done, null, messageId, now)
            : connection;
    }

    private static Connection WithWelcome(
        Connection connection, Effect effect, EffectStatus status, string? error, string? messageId = null, DateTimeOffset? doneAt = null)
    {
        if (connection.FindNumber(effect.PhoneNumberId) is not { Welcome: { } welcome } number)
            return connection;
        return WithNumber(connection, number, number with
        {
            Welcome = welcome with { Status = status, Attempts = effect.Attempt, LastError = error, MessageId = messageId, DoneAt = doneAt },
        });
    }
}
