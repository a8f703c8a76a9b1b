using System.Globalization;

namespace Kapso.Connections.Deciding;

/// <content>
/// A phone that comes under another number of the same customer is not greeted again where it was welcomed lately
/// (<see cref="NumberRules.SamePhoneFor"/>), unless the policy says so. A <c>created</c> tells no phone: where it matters and the
/// platform can be asked, the welcome is decided once its row has told the phone, and without it when
/// <see cref="NumberRules.PhoneTold"/> is over. Whether the earlier number is gone already plays no part, so that the order
/// of the news does not either. A phone that comes by a reconnect link (<see cref="AwaitedAgain"/>) came back, however long ago its
/// number was welcomed, and whatever the policy says of others.
/// </content>
public static partial class Decisions
{
    /// <summary>Decides the welcome of a connected number, or has it wait for what may still be told. A person's word has it sent whatever this says.</summary>
    private static Connection Consider(Connection connection, string phoneNumberId, ConnectionPolicy policy, Cause cause)
    {
        var number = connection.FindNumber(phoneNumberId)!;
        var awaited = connection.Numbers.Length == 1 ? [] : AwaitedAgain(connection, number).ToList();
        var others = policy.GreetsSamePhone || connection.Numbers.Length == 1
            ? awaited
            : [.. awaited, .. connection.Numbers.Where(other => other != number && IsRecent(connection, other, cause.Now)).Except(awaited)];
        if (others.Count == 0)
            return DecideWelcome(connection, number, cause);

        var phone = number.ProvenPhone;
        var same = others.Where(other => phone is not null && other.ProvenPhone == phone).ToList();
        if (same.Find(other => awaited.Contains(other) && !IsUnsent(connection, other)) is { } back)
            return AdoptSamePhone(connection, number, back, cause, "which was to be connected again by a link: it came back");
        if (same.Find(other => MayHaveBeenGreeted(connection, other)) is { } greeted)
            return AdoptSamePhone(connection, number, greeted, cause, HowGreeted(connection, greeted));

        var sending = same.Find(other => FindWelcome(connection, other)?.Status == EffectStatus.InFlight);
        var isOpen = sending is not null
            || (policy.CanConfirm && (IsToBeTold(connection, number) || others.Exists(other => IsToBeTold(connection, other))));
        if (isOpen && !(number.PhoneAwaitedUntil is { } until && IsOver(until, cause.Now)))
            return Await(connection, number, others, sending, WhyOf(others[0], awaited), policy, cause);
        if (sending is not null)
            return AdoptSamePhone(connection, number, sending, cause, HowGreeted(connection, sending));

        foreach (var other in same)
            connection = GiveWay(connection, other, number, cause.Now);
        if ((phone is null ? number : others.Find(other => other.ProvenPhone is null)) is { } unknown)
        {
            connection = PhoneNote(
                connection, number, "decided", Outcome.Noted,
                $"Greeted as a new phone: number {others[0].PhoneNumberId} {WhyOf(others[0], awaited)}, and the phone of {unknown.PhoneNumberId} is not known"
                + (policy.CanConfirm ? "." : ", nor can the platform be asked without an API key."),
                cause.Now);
        }

        return DecideWelcome(connection, connection.FindNumber(phoneNumberId)!, cause);
    }

    /// <summary>Looks again at the connected numbers whose phone is awaited.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="policy">The project's policy.</param>
    /// <param name="now">The engine's time.</param>
    /// <param name="onlyOver">Only those whose time is over.</param>
    private static Connection ConsiderAwaited(Connection connection, ConnectionPolicy policy, DateTimeOffset now, bool onlyOver = false)
    {
        foreach (var number in connection.Numbers)
        {
            if (number is { Status: NumberStatus.Connected, PhoneAwaitedUntil: { } until, WelcomeDecided: false } && (!onlyOver || IsOver(until, now)))
                connection = Consider(connection, number.PhoneNumberId, policy, new Cause(number.PhoneNumberId, null, now));
        }

        return TakeBack(connection, now);
    }

    /// <summary>
    /// A connected number that left its welcome to another one takes it back where that one went with the welcome unsent, or is a
    /// sandbox number: the welcome of a phone goes to the number under which it is connected, as long as it waits.
    /// </summary>
    private static Connection TakeBack(Connection connection, DateTimeOffset now)
    {
        foreach (var number in connection.Numbers)
        {
            if (number is not { Status: NumberStatus.Connected, WelcomeLeftTo: not null, IsSandbox: false, ProvenPhone: { } phone }
                || connection.Numbers.FirstOrDefault(other => other.ProvenPhone == phone && FindWelcome(connection, other) is { } effect
                    && WaitOf(connection, effect) is not null) is not { } waiting)
                continue;
            connection = GiveWay(connection, waiting, number, now);
            connection = PhoneNote(
                connection, number, "taken_back", Outcome.Noted,
                $"Its phone is the one of number {waiting.PhoneNumberId}, whose welcome was not sent: this one is greeted instead.", now);
            connection = DecideAgain(connection, number, now);
        }

        return connection;
    }

    /// <summary>Decides a welcome that was left unsent, or was not to be: under its id, and with its attempts, so that no late result may be taken for a new one's.</summary>
    private static Connection DecideAgain(Connection connection, Number number, DateTimeOffset now)
    {
        var open = NumberChanges.AsNew(number);
        connection = DecideWelcome(WithNumber(connection, number, open), open, new Cause(number.PhoneNumberId, null, now));
        var effect = connection.FindEffect(EffectIds.Welcome(connection.Key, number.PhoneNumberId))!;
        return number.Welcome is { } left ? WithEffect(connection, effect, effect with { Attempt = left.Attempts }) : connection;
    }

    /// <summary>Says which numbers have the phone of one before them.</summary>
    private static Connection MarkSamePhones(Connection connection, ConnectionPolicy policy, DateTimeOffset now)
    {
        var numbers = connection.Numbers;
        for (var i = 1; i < numbers.Length; i++)
        {
            var number = numbers[i];
            if (number.SamePhoneAs is not null || number is { Adopted: true, Returned: false } || number.ProvenPhone is not { } phone)
                continue;
            var before = numbers.Take(i).LastOrDefault(other => other.ProvenPhone == phone && other.SamePhoneAs != number.PhoneNumberId);
            if (before is null)
                continue;
            connection = WithNumber(connection, number, number with { SamePhoneAs = before.PhoneNumberId });
            var greeted = policy.GreetsSamePhone && !number.Adopted ? " It is greeted all the same (Welcome:SamePhone)." : "";
            connection = PhoneNote(
                connection, number, "same_phone", Outcome.Noted, $"Its phone is the one of number {before.PhoneNumberId}.{greeted}", now);
        }

        return connection;
    }

    private static Connection Await(
        Connection connection, Number number, List<Number> others, Number? sending, string why, ConnectionPolicy policy, Cause cause)
    {
        if (number.PhoneAwaitedUntil is not null)
            return connection;
        var until = cause.Now + NumberRules.PhoneTold;

        // The platform may still list one that went before its phone was told.
        foreach (var gone in others.Where(other => policy.CanConfirm && other is { Status: NumberStatus.Gone, ProvenPhone: null }))
            connection = Outboxes.AddConfirm(connection, gone, cause.Now + NumberRules.ApiLag, cause);
        connection = WithNumber(connection, number, number with { PhoneAwaitedUntil = until });
        return PhoneNote(
            connection, number, "postponed", Outcome.Noted,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{(sending is null
                    ? $"Number {others[0].PhoneNumberId} {why}, and whether this is the same phone is not known yet"
                    : $"Its phone is the one of number {sending.PhoneNumberId}, whose welcome is being sent")}: decided by {until.UtcDateTime:s}Z."),
            cause.Now);
    }

    /// <summary>Why the phone of another number matters.</summary>
    private static string WhyOf(Number other, List<Number> awaited) =>
        awaited.Contains(other) ? "was to be connected again by a link" : "has a recent welcome";

    private static string HowGreeted(Connection connection, Number greeted) => greeted.Welcome!.Status == EffectStatus.Done
        ? string.Create(CultureInfo.InvariantCulture, $"welcomed {DoneAt(connection, greeted).UtcDateTime:s}Z")
        : "whose welcome has been sent, or may have been";

    private static Connection AdoptSamePhone(Connection connection, Number number, Number greeted, Cause cause, string how)
    {
        connection = WithNumber(connection, number, number with
        {
            Adopted = true,
            PhoneAwaitedUntil = null,
            SamePhoneAs = number.SamePhoneAs ?? greeted.PhoneNumberId,
            WelcomeLeftTo = greeted.PhoneNumberId,
        });
        connection = PhoneNote(
            connection, number, "adopted", Outcome.Adopted,
            $"Its phone is the one of number {greeted.PhoneNumberId}, {how}: no welcome, unless a person sends it.", cause.Now);
        return TellConnected(connection, number.PhoneNumberId, cause.Now);
    }

    /// <summary>A welcome that was not sent is left to the number under which its phone is connected now.</summary>
    private static Connection GiveWay(Connection connection, Number number, Number to, DateTimeOffset now)
    {
        if (!IsUnsent(connection, number) || FindWelcome(connection, number) is not { } effect)
            return connection;
        connection = Lapse(connection, effect, $"Its phone is connected as number {to.PhoneNumberId}, which is greeted instead.", now);
        var left = connection.FindNumber(number.PhoneNumberId)!;
        return WithNumber(connection, left, left with { WelcomeLeftTo = to.PhoneNumberId });
    }

    /// <summary>Has the company told of a number's connection that waited for its phone.</summary>
    private static Connection TellConnected(Connection connection, string? phoneNumberId, DateTimeOffset now)
    {
        foreach (var effect in connection.Outbox)
        {
            if (effect is { Kind: EffectKind.Notify, NotifyType: NotifyType.Connected, Status: EffectStatus.Pending, Attempt: 0 }
                && effect.PhoneNumberId == phoneNumberId && effect.DueAt > now)
            {
                var told = effect with { DueAt = now };
                if (connection.FindNumber(phoneNumberId) is { Status: NumberStatus.Connected } number) // What it waited for.
                {
                    told = told with
                    {
                        Facts = Outboxes.FactsOf(connection, NotifyType.Connected, effect.Detail, phoneNumberId),
                        Detail = IsBackByLink(connection, number) ? Effect.Returned : effect.Detail,
                    };
                }

                connection = connection with { Outbox = connection.Outbox.Replace(effect, told) };
            }
        }

        return connection;
    }

    /// <summary>Whether a number's welcome went out so lately, or may still, that its phone is not to be greeted under another number.</summary>
    private static bool IsRecent(Connection connection, Number number, DateTimeOffset now) => number.Welcome?.Status switch
    {
        null or EffectStatus.Dead => false,
        EffectStatus.Done => now - DoneAt(connection, number) <= NumberRules.SamePhoneFor,
        EffectStatus.Held => FindWelcome(connection, number) is { } held && now - held.CreatedAt <= NumberRules.SamePhoneFor,
        _ => true,
    };

    private static bool MayHaveBeenGreeted(Connection connection, Number number) =>
        number.Welcome!.Status is EffectStatus.Done or EffectStatus.Held || FindWelcome(connection, number) is { OutcomeUnknown: true };

    private static bool IsUnsent(Connection connection, Number number) =>
        FindWelcome(connection, number) is { Status: EffectStatus.Pending, OutcomeUnknown: false };

    private static Effect? FindWelcome(Connection connection, Number number) =>
        number.Welcome is { } welcome ? connection.FindEffect(welcome.Id) : null;

    /// <summary>
    /// When a welcome took effect. Earlier versions did not keep it: then its line in the timeline tells, and where that has made room,
    /// when the number was connected.
    /// </summary>
    private static DateTimeOffset DoneAt(Connection connection, Number number) =>
        number.Welcome!.DoneAt
        ?? connection.Timeline.LastOrDefault(line =>
            line.DeliveryId == number.Welcome.Id && line.Event is "welcome.done" or "welcome.settled")?.At
        ?? number.ConnectedAt
        ?? DateTimeOffset.MinValue;

    /// <summary>Whether the platform may still tell a number's phone.</summary>
    private static bool IsToBeTold(Connection connection, Number number) => number.ProvenPhone is null && number switch
    {
        { Status: NumberStatus.Connected } => number.Unconfirmed,
        _ => connection.Outbox.Any(effect => effect.Kind == EffectKind.Confirm && effect.PhoneNumberId == number.PhoneNumberId),
    };

    /// <summary>Whether a number waits for the phone of this one, which is gone.</summary>
    private static bool IsAwaitedElsewhere(Connection connection, Number gone) =>
        gone is { Status: NumberStatus.Gone, ProvenPhone: null } && connection.PhoneAwaitedUntil is not null;

    /// <summary>A time further ahead than anything is put off was set under another clock: it counts as past.</summary>
    private static bool IsOver(DateTimeOffset until, DateTimeOffset now) => until <= now || until - now > ConnectionPolicy.MaxPutOff;

    private static Connection PhoneNote(
        Connection connection, Number number, string what, Outcome outcome, string detail, DateTimeOffset now) =>
        Note(connection, new TimelineEntry
        {
            At = now,
            Source = Source.Service,
            Event = $"welcome.{what}",
            Outcome = outcome,
            Detail = detail,
            PhoneNumberId = number.PhoneNumberId,
        });
}
