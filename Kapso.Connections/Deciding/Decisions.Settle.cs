namespace Kapso.Connections.Deciding;

public static partial class Decisions
{
    /// <summary>Longest error text that is kept.</summary>
    internal const int MaxError = 256;

    /// <summary>
    /// Settles one attempt at an effect. <see cref="EffectResultKind.Done"/> counts whatever its attempt, since what took
    /// effect took effect; any other result counts only for the attempt that is in flight, so that a slow old attempt cannot
    /// undo a newer one. For a confirm, the answer is observed in the same step.
    /// </summary>
    /// <param name="connection">The connection as last written.</param>
    /// <param name="effectId">The effect.</param>
    /// <param name="attempt">The attempt that ended.</param>
    /// <param name="result">How it ended.</param>
    /// <param name="policy">The project's policy.</param>
    /// <param name="now">The engine's time.</param>
    public static Decision Settle(
        Connection connection, string effectId, int attempt, EffectResult result, ConnectionPolicy policy, DateTimeOffset now)
    {
        if (connection.FindEffect(effectId) is not { } effect)
            return new Decision(connection, Outcome.Duplicate);

        var current = effect.Status == EffectStatus.InFlight && effect.Attempt == attempt;
        if (!current && result.Kind != EffectResultKind.Done)
            return new Decision(connection, Outcome.Stale);
        if (effect.Kind == EffectKind.Confirm)
            return SettleConfirm(connection, effect, result, policy, now);

        connection = result.Kind switch
        {
            EffectResultKind.Done => Conclude(connection, effect, result.MessageId, now),
            EffectResultKind.Held => GiveUp(connection, effect, EffectStatus.Held, result.Error, policy, now),
            EffectResultKind.Retry when effect.Attempt < policy.MaxAttempts || (result.OutcomeUnknown && IsToBeLookedFor(effect, policy)) =>
                PutOff(connection, effect, result, now + DelayAfter(result, effect, policy), policy, now),
            EffectResultKind.Retry when effect.OutcomeUnknown && IsLookedFor(effect, policy) =>
                GiveUp(connection, effect, EffectStatus.Held, result.Error, policy, now),
            _ => GiveUp(connection, effect, EffectStatus.Dead, result.Error, policy, now, result.NoRecipient),
        };
        return new Decision(ConsiderAwaited(connection, policy, now), Outcome.Applied);
    }

    private static TimeSpan DelayAfter(EffectResult result, Effect effect, ConnectionPolicy policy) =>
        result.HandedOver ? TimeSpan.Zero : Backoff.Delay(effect, result.RetryAfter, policy);

    private static bool IsLookedFor(Effect effect, ConnectionPolicy policy) => effect.Kind == EffectKind.Welcome && policy.LooksUpWelcomes;

    /// <summary>
    /// Whether its outcome, which has become unknown, is to be looked for, even where all attempts are used up: a look sends
    /// nothing. What was looked for before is a person's then.
    /// </summary>
    private static bool IsToBeLookedFor(Effect effect, ConnectionPolicy policy) => IsLookedFor(effect, policy) && !effect.OutcomeUnknown;

    /// <summary>
    /// Makes a held or dead effect due again, under the same id. A failed attempt more, and it is dead again. Whoever asks for
    /// it has looked: it is sent, not looked for.
    /// </summary>
    /// <param name="connection">The connection as last written.</param>
    /// <param name="effectId">The effect.</param>
    /// <param name="policy">The project's policy.</param>
    /// <param name="now">The engine's time.</param>
    /// <param name="by">Who asks, where a person did and gave a name.</param>
    public static (Connection Connection, EffectAction Action) Resend(
        Connection connection, string effectId, ConnectionPolicy policy, DateTimeOffset now, string? by = null)
    {
        if (connection.FindEffect(effectId) is not { } effect)
            return (connection, WasSettled(connection, effectId));
        if (IsUnsettled(effect))
            return (connection, effect.Resent ? EffectAction.AlreadySo : EffectAction.NotWaiting);

        connection = WithEffect(connection, effect, Reopened(effect, now) with { Resent = true });
        return (Note(connection, ByHand(effect, "resent", by, now)), EffectAction.Applied);
    }

    /// <summary>Settles a held or dead effect as done, on a person's word.</summary>
    /// <param name="connection">The connection as last written.</param>
    /// <param name="effectId">The effect.</param>
    /// <param name="policy">The project's policy.</param>
    /// <param name="now">The engine's time.</param>
    /// <param name="by">Whose word it is, where a person gave a name.</param>
    public static (Connection Connection, EffectAction Action) SettleByHand(
        Connection connection, string effectId, ConnectionPolicy policy, DateTimeOffset now, string? by = null)
    {
        if (connection.FindEffect(effectId) is not { } effect)
            return (connection, WasSettled(connection, effectId));
        if (IsUnsettled(effect))
            return (connection, EffectAction.NotWaiting);
        connection = Note(WithoutEffect(connection, effect, now), ByHand(effect, "settled", by, now));
        return (ConsiderAwaited(connection, policy, now), EffectAction.Applied);
    }

    /// <summary>Writes a line into the timeline.</summary>
    public static Connection Note(Connection connection, TimelineEntry note) =>
        connection with { Timeline = Timelines.Add(connection.Timeline, note) };

    private static EffectAction WasSettled(Connection connection, string effectId) =>
        connection.Numbers.Any(number => number.Welcome?.Id == effectId)
        || connection.Timeline.Any(line => line.DeliveryId == effectId)
            ? EffectAction.AlreadySo
            : EffectAction.NotFound;

    private static Connection Conclude(Connection connection, Effect effect, string? messageId, DateTimeOffset now)
    {
        connection = WithoutEffect(connection, effect, now, BoundedId.IsValid(messageId) ? messageId : null);
        return effect.Kind == EffectKind.Welcome
            ? Note(connection, Outcome.Applied, effect, "done", null, now)
            : connection;
    }

    /// <summary>A welcome that certainly did not go out waits where its number has gone meanwhile, or turned out to be a sandbox number.</summary>
    private static Connection PutOff(
        Connection connection, Effect effect, EffectResult result, DateTimeOffset dueAt, ConnectionPolicy policy, DateTimeOffset now)
    {
        connection = WithEffect(connection, effect, effect with
        {
            Status = EffectStatus.Pending,
            DueAt = dueAt,
            Lease = null,
            OutcomeUnknown = effect.OutcomeUnknown || result.OutcomeUnknown,
            UnknownAt = effect.UnknownAt ?? (result.OutcomeUnknown ? ClaimedAt(effect, policy) : null),
            LastError = Shortened(result.Error),
        });
        return effect.Kind == EffectKind.Welcome && connection.FindNumber(effect.PhoneNumberId) is { } number
            ? Suspend(connection, number, policy, now)
            : connection;
    }

    /// <summary>
    /// Leaves an effect to a person: held or dead. A confirm is nothing for a person: the number stays as it is, and the next
    /// news or reconciliation asks again. A dead notify is not told by another notify.
    /// </summary>
    private static Connection GiveUp(
        Connection connection, Effect effect, EffectStatus status, string? error, ConnectionPolicy policy, DateTimeOffset now,
        bool noRecipient = false)
    {
        var name = status == EffectStatus.Held ? "held" : "dead";
        if (effect.Kind == EffectKind.Confirm)
            return Note(WithoutEffect(connection, effect, now), Outcome.Noted, effect, "abandoned", Shortened(error), now);

        connection = WithEffect(connection, effect, effect with
        {
            Status = status,
            Lease = null,
            Resent = false,
            NoRecipient = noRecipient,
            LastError = Shortened(error),
        });
        connection = Note(connection, Outcome.Noted, effect, name, Shortened(error), now);
        return effect.Kind == EffectKind.Welcome
            ? Outboxes.AddNotify(
                connection, NotifyType.Attention, $"welcome_{name}", null, policy,
                new Cause(effect.PhoneNumberId, effect.TraceParent, now))
            : connection;
    }

    private static Decision SettleConfirm(
        Connection connection, Effect effect, EffectResult result, ConnectionPolicy policy, DateTimeOffset now)
    {
        if (result.Answer is { } answer)
            return SettleByAnswer(connection, effect, answer, policy, now);

        return new Decision(
            result.Kind switch
            {
                EffectResultKind.Done => WithoutEffect(connection, effect, now),
                EffectResultKind.Retry when effect.Attempt < policy.MaxAttempts =>
                    PutOff(connection, effect, result, now + DelayAfter(result, effect, policy), policy, now),
                _ => GiveUp(connection, effect, EffectStatus.Dead, result.Error, policy, now),
            },
            Outcome.Applied);
    }

    private static Decision SettleByAnswer(
        Connection connection, Effect effect, Observation answer, ConnectionPolicy policy, DateTimeOffset now)
    {
        // Settled before the answer is observed: what it makes us ask next is another question.
        var settled = WithoutEffect(connection, effect, now);
        var decision = Observe(settled, answer with { ProofVersion = effect.ProofVersion }, policy, now);
        var number = decision.Connection.FindNumber(effect.PhoneNumberId);
        var askedAnew = decision.Connection.Outbox.Any(other =>
            other.Kind == EffectKind.Confirm && other.PhoneNumberId == effect.PhoneNumberId);
        if (decision.Outcome is Outcome.Stale or Outcome.Full || askedAnew
            || AskAgainAt(number, effect, answer, policy, now) is not { } again)
            return decision;

        var open = decision.Connection with { Outbox = decision.Connection.Outbox.Add(effect) };
        var unclear = RowSentences.Of(answer);
        return decision with
        {
            Connection = effect.Attempt < policy.MaxAttempts
                ? PutOff(open, effect, EffectResult.Retry(unclear), again, policy, now)
                : GiveUp(open, effect, EffectStatus.Dead, unclear, policy, now),
        };
    }

    /// <summary>When an answer leaves the question open: the time to ask again; null where it is answered.</summary>
    private static DateTimeOffset? AskAgainAt(
        Number? number, Effect effect, Observation answer, ConnectionPolicy policy, DateTimeOffset now)
    {
        switch (number?.Status)
        {
            case NumberStatus.Hinted when answer.Kind is ObservationKind.ApiAbsent or ObservationKind.ApiUnconfirmed:
                // The last question of a hint's ten minutes is asked at their end, not after it.
                var next = now + Backoff.Delay(effect, null, policy);
                var end = number.HintedAt + NumberRules.HintLife;
                return end > now && end < next ? end : next;
            case NumberStatus.Connected when number.AbsentAt is { } absentAt && answer.Kind == ObservationKind.ApiAbsent:
                var second = absentAt + NumberRules.BetweenAbsences;
                return second > now ? second : now + NumberRules.BetweenAbsences;
            case NumberStatus.Connected when number.PhoneAwaitedUntil is { } until && answer.Kind == ObservationKind.ApiUnconfirmed:
                var soon = now + Backoff.Delay(effect, null, policy);
                return soon < until ? soon : null;
            case NumberStatus.Gone when answer.Kind == ObservationKind.ApiConnected:
                var over = number.GoneAt + NumberRules.Teardown;
                return over > now ? over : null;
            default:
                return null;
        }
    }

    private static Connection Note(
        Connection connection, Outcome outcome, Effect effect, string what, string? detail, DateTimeOffset now) =>
        Note(connection, new TimelineEntry
        {
            At = now,
            Source = Source.Service,
            Event = $"{KindName(effect)}.{what}",
            Outcome = outcome,
            DeliveryId = effect.Id,
            Detail = detail,
            PhoneNumberId = effect.PhoneNumberId,
            TraceId = TraceIds.Of(effect.TraceParent),
        });

    private static TimelineEntry ByHand(Effect effect, string what, string? by, DateTimeOffset now) => new()
    {
        At = now,
        Source = Source.Operator,
        Event = $"{KindName(effect)}.{what}",
        Outcome = Outcome.Applied,
        DeliveryId = effect.Id,
        PhoneNumberId = effect.PhoneNumberId,
        TraceId = TraceIds.Of(effect.TraceParent),
        By = by,
    };

    private static string KindName(Effect effect) => effect.Kind switch
    {
        EffectKind.Confirm => "confirm",
        EffectKind.Welcome => "welcome",
        EffectKind.Notify => "notify",
        EffectKind.Release => "release",
        var kind => throw new ArgumentOutOfRangeException(nameof(effect), kind, "No such kind of effect."),
    };

    private static string? Shortened(string? error) => PlainName.Of(error, MaxError);
}
