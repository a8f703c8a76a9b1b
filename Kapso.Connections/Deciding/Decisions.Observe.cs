namespace Kapso.Connections.Deciding;

/// <summary>
/// The pure functions that change a connection. No clock, no I/O: an engine calls them on what it last wrote, writes what
/// they return, and only then acts on it.
/// </summary>
public static partial class Decisions
{
    /// <summary>Folds one observation into a connection.</summary>
    /// <param name="connection">The connection as last written; <see cref="Connection.Empty"/> for a customer never heard of.</param>
    /// <param name="observation">What is said.</param>
    /// <param name="policy">The project's policy.</param>
    /// <param name="now">The engine's time: effects are due from it.</param>
    public static Decision Observe(Connection connection, Observation observation, ConnectionPolicy policy, DateTimeOffset now)
    {
        if (IsOfErased(connection, observation, policy))
            return new Decision(connection, Outcome.Stale);
        if (observation.Kind == ObservationKind.SetupFailed)
            return ObserveFailedSetup(connection, observation, policy, now);
        if (observation.Kind == ObservationKind.Named)
            return ObserveNames(connection, observation);
        if (observation.PhoneNumberId is null)
            return ObserveNumberless(connection, observation);

        var known = connection.FindNumber(observation.PhoneNumberId);
        var verdict = NumberTable.Judge(new Sighting(known, observation, policy, now)
        {
            Link = NamedBy(connection, observation),
            IsFirstOfLink = FindLinkByState(connection, observation) is { SucceededAt: null, Status: not SetupLinkStatus.Completed },
        });
        if (verdict.Number?.Status == NumberStatus.Hinted && known?.Status != NumberStatus.Hinted && TooManyHints(connection))
            verdict = new Verdict(null, Outcome.Noted) { Detail = "Too many hints are open." };
        verdict = WithoutWelcome(verdict, connection, policy);
        if (known is null && verdict.Number is { } newcomer && !MakeRoom(ref connection, newcomer))
        {
            if (newcomer.Status != NumberStatus.Hinted)
                return new Decision(connection, Outcome.Full);
            verdict = new Verdict(null, Outcome.Noted) { Detail = "The connection has no room for another number." };
        }

        connection = WithNames(connection, observation);
        if (verdict.Number is { } number)
            connection = WithNumber(connection, known, number);
        connection = ConcludeNumber(connection, known, verdict, observation, policy, now);
        connection = ConcludeLinks(connection, known, verdict, observation);
        connection = SettleFailures(
            connection, known?.Status, verdict.Number?.Status, policy, observation.ReceivedAt,
            new Cause(observation.PhoneNumberId, observation.TraceParent, now));
        connection = connection with { Timeline = Timelines.Add(connection.Timeline, Line(observation, verdict)) };

        return new Decision(connection, verdict.Outcome, ProvesConnected(verdict) ? observation.PhoneNumberId : null);
    }

    private static TimelineEntry Line(Observation observation, Verdict verdict) => new()
    {
        At = observation.ReceivedAt,
        Source = observation.Source,
        Event = observation.Event,
        Outcome = verdict.Outcome,
        DeliveryId = observation.DeliveryId,
        Detail = verdict.Detail,
        PhoneNumberId = observation.PhoneNumberId,
        TraceId = TraceIds.Of(observation.TraceParent),
        Proof = verdict.Proof,
    };

    private static bool ProvesConnected(Verdict verdict) =>
        verdict is { Proof: true, Number.Status: NumberStatus.Connected };

    private static bool TooManyHints(Connection connection) =>
        connection.Numbers.Count(number => number.Status == NumberStatus.Hinted) >= Connection.MaxOpenHints;

    /// <summary>
    /// Room for one more number is made only by one that no decision rests on: refused, or hinted where a proof needs the
    /// room. Where there is none, the caller parks a proof, and a browser's word is let go.
    /// </summary>
    private static bool MakeRoom(ref Connection connection, Number newcomer)
    {
        if (connection.Numbers.Length < Connection.MaxNumbers)
            return true;

        var spare = connection.Numbers.FirstOrDefault(number =>
            !number.WelcomeDecided && number.ProofVersion == 0
            && (number.Status == NumberStatus.Refused || newcomer.Status != NumberStatus.Hinted));
        if (spare is null)
            return false;

        connection = connection with
        {
            Numbers = connection.Numbers.Remove(spare),
            Outbox = connection.Outbox.RemoveAll(effect =>
                effect.Kind == EffectKind.Confirm && effect.PhoneNumberId == spare.PhoneNumberId),
        };
        return true;
    }

    private static Connection WithNumber(Connection connection, Number? known, Number number) => connection with
    {
        Numbers = known is null ? connection.Numbers.Add(number) : connection.Numbers.Replace(known, number),
    };

    /// <summary>What follows from the verdict outside of the number itself: the welcome, the notifies, the questions.</summary>
    private static Connection ConcludeNumber(
        Connection connection, Number? known, Verdict verdict, Observation observation, ConnectionPolicy policy, DateTimeOffset now)
    {
        var before = known?.Status;
        var after = verdict.Number?.Status ?? before;
        var cause = new Cause(observation.PhoneNumberId, observation.TraceParent, now);

        if (verdict.Number is { DetailsProven: true } told && (known is not { DetailsProven: true } || known.Details != told.Details))
            connection = MarkSamePhones(connection, policy, now);
        if (after == NumberStatus.Connected && verdict.Number is { } connected)
        {
            if (connected is { WelcomeDecided: false, AgeUnknown: false, PhoneAwaitedUntil: null, IsSandbox: false })
                connection = Consider(connection, connected.PhoneNumberId, policy, cause);
            if (observation.PreviousOwner is { } owner && ProvesConnected(verdict))
                connection = Outboxes.AddRelease(connection, connected, owner, cause);
        }

        if (after != before)
        {
            NotifyType? type = after switch
            {
                NumberStatus.Connected => NotifyType.Connected,
                NumberStatus.Gone => NotifyType.Gone,
                _ => null,
            };
            if (after == NumberStatus.Gone)
                connection = PlanReconnect(connection, known, policy);
            if (type is { } change)
            {
                var returned = change == NotifyType.Connected
                    && (IsBack(known, observation) || IsBackByLink(connection, connection.FindNumber(observation.PhoneNumberId)));
                var dueAt = change == NotifyType.Connected ? connection.FindNumber(observation.PhoneNumberId)?.PhoneAwaitedUntil : null;
                connection = Outboxes.AddNotify(
                    TellConnected(connection, observation.PhoneNumberId, now), change, returned ? Effect.Returned : null, null, policy, cause, dueAt);
            }
        }

        if (verdict.Number is not null && connection.FindNumber(observation.PhoneNumberId) is { } number && HindranceOf(number) is var hindrance
            && hindrance != HindranceOf(known))
            connection = hindrance is null ? Resume(connection, number, now) : Suspend(connection, number, policy, now);

        if (verdict.Attention is { } attention)
            connection = Outboxes.AddNotify(connection, NotifyType.Attention, attention, null, policy, cause);
        connection = AskOrWait(connection, before, after, verdict, policy, cause);
        return ConsiderAwaited(connection, policy, now);
    }

    /// <summary>Whether a number that becomes connected was connected before: here, or as the news says, unless a <c>created</c> calls it new.</summary>
    private static bool IsBack(Number? known, Observation observation) =>
        known?.ConnectedAt is not null
        || (known is not { IsNew: true } && observation.Kind != ObservationKind.Created
            && (observation.Kind == ObservationKind.Reconnected || known?.Status == NumberStatus.Gone));

    private static Connection AskOrWait(
        Connection connection, NumberStatus? before, NumberStatus? after, Verdict verdict, ConnectionPolicy policy, Cause cause)
    {
        if (connection.FindNumber(cause.PhoneNumberId) is not { } number)
            return connection;
        if (policy.CanConfirm)
        {
            return verdict.AskAt is { } askAt
                ? Outboxes.AddConfirm(connection, number, IsAwaitedElsewhere(connection, number) ? cause.Now + NumberRules.ApiLag : askAt, cause)
                : connection;
        }

        return after == before ? connection
            : after == NumberStatus.Hinted ? AwaitWebhook(connection, number, cause)
            : before == NumberStatus.Hinted ? Outboxes.WithoutConfirm(connection, number)
            : connection;
    }

    /// <summary>Decided once for a customer and number: only here, and only while the number has no welcome.</summary>
    private static Connection DecideWelcome(Connection connection, Number number, Cause cause)
    {
        var id = EffectIds.Welcome(connection.Key, number.PhoneNumberId);
        connection = WithNumber(connection, number, number with { Welcome = new Welcome { Id = id }, PhoneAwaitedUntil = null, WelcomeLeftTo = null });
        return Outboxes.Add(TellConnected(connection, number.PhoneNumberId, cause.Now), new Effect
        {
            Id = id,
            Kind = EffectKind.Welcome,
            CreatedAt = cause.Now,
            DueAt = cause.Now,
            PhoneNumberId = number.PhoneNumberId,
            TraceParent = cause.TraceParent,
        });
    }
}
