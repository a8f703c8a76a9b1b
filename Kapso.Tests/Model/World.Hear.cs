namespace Kapso.Tests.Model;

internal sealed partial class World
{
    /// <summary>Tells the model what was observed, and compares what follows. Returns how many changes are to be told of.</summary>
    private int Hear(CustomerKey key, Connection before, Observation observation, Decision decision, int? askedAfterProofs, string? answered = null)
    {
        var (model, after) = (_models[key], decision.Connection);
        if (decision.Outcome != Outcome.Full)
        {
            var folded = (observation.Source, observation.Event, observation.PhoneNumberId);
            model.Folded[folded] = model.Folded.GetValueOrDefault(folded) + 1;
            CheckCounted(before, after, observation, decision.Outcome);
            if (observation is { Customer: { } called, Source: Source.Webhook or Source.Api })
            {
                model.OwnId.Hear(called.OwnId, observation.ReceivedAt, observation.OccurredAt, observation.Replayed);
                model.Name.Hear(called.Name, observation.ReceivedAt, observation.OccurredAt, observation.Replayed);
            }
        }

        if (observation.Kind == ObservationKind.SetupFailed)
            return HearFailedSetup(model, before, after, observation);
        if (observation.PhoneNumberId is not { } id)
            return 0;

        var told = new Told(NewsOf(observation.Kind), observation.ReceivedAt)
        {
            Waited = observation.Replayed,
            Occurred = observation.OccurredAt,
            RowCreated = observation.RowCreatedAt,
            Details = observation.Details?.DisplayPhoneNumber,
            Account = observation.Account,
            Word = observation.PlatformStatus,
            Kind = observation.NumberKind,
            AskedAfterProofs = askedAfterProofs,
            Now = _now,
            IsFirstOfLink = before.SetupLinks.Any(link =>
                link.State == observation.State && link is { SucceededAt: null, Status: not SetupLinkStatus.Completed }),
        };
        var (books, asked) = (BooksOf(before), AskedIn(after, answered));
        var number = model.Number(id);
        _visits[(int)told.News, (int)number.Standing]++;
        if (number.Standing == Standing.NotKnown && model.Known >= Connection.MaxNumbers && WouldBeKept(told) && !FindsRoom(model, decision, told))
        {
            if (decision.Outcome != Outcome.Full)
                ConsiderAwaited(model, after, books, asked);
            return 0;
        }

        Require(decision.Outcome != Outcome.Full, "Parked as full, and there is room.");
        var (was, proofs) = (number.Standing, number.Proofs);
        var expected = number.Hear(told, _policy.CanConfirm, _policy.WelcomeSince, model.Count(Standing.Hinted) < Connection.MaxOpenHints);
        if (number.Proofs > proofs || (number.Standing == Standing.Refused && was == Standing.Hinted))
        {
            model.ProofLines[id] = model.ProofLines.TryGetValue(id, out var lines)
                ? lines with { Last = told.Received }
                : (told.Received, told.Received);
        }

        if (number.IsToBeDecided)
            Consider(model, id, books, asked);
        ConsiderAwaited(model, after, books, asked);
        CheckConsequences(after, id, observation, decision, expected);
        foreach (var release in after.Outbox.Where(effect => effect.Kind == EffectKind.Release && before.FindEffect(effect.Id) is null))
            model.ClaimsProvenAt.Add(release.Id, told.Received);
        return expected.Told + HearOutcomeOfHint(model, before, after, was, number.Standing);
    }

    /// <summary>A failure that waited is dropped by a proof, and counts when the last hint came to nothing.</summary>
    private int HearOutcomeOfHint(ModelCustomer model, Connection before, Connection after, Standing was, Standing standing)
    {
        if (standing == Standing.Connected && was != standing)
        {
            Require(after.SetupLinks.All(link => link.PendingFailure is null), "A number is connected, and a failure still waits.");
            return 0;
        }

        if (was != Standing.Hinted || standing is not (Standing.Refused or Standing.Gone)
            || model.Count(Standing.Hinted) + model.Count(Standing.Connected) > 0)
            return 0;

        // Of a link that no browser called completed, the platform has the word where it can be asked.
        var counted = before.SetupLinks.Where(link => link.PendingFailure is not null && (link.SucceededAt is not null || !_policy.CanConfirm)).ToList();
        Require(
            counted.All(link => after.SetupLinks.Single(same => same.Id == link.Id) is { PendingFailure: null } failed
                && failed.ErrorCodes.Count(code => code == link.PendingFailure) == 1),
            "The last hint came to nothing, and a failure that waited for it does not count.");
        return counted.Count;
    }

    /// <summary>Hints that nobody can be asked about lapse after a day, when they are looked at, and so do successes without a number.</summary>
    private int HearLapses(CustomerKey key, Connection before, Connection after)
    {
        var (model, told) = (_models[key], 0);
        foreach (var question in before.Outbox.Where(effect => effect is { Kind: EffectKind.Confirm, Status: EffectStatus.Pending } && IsFree(effect)))
        {
            if (_policy.CanConfirm || !model.Number(question.PhoneNumberId!).Lapse(_now))
                continue;
            told += 1 + HearOutcomeOfHint(model, before, after, Standing.Hinted, Standing.Refused);
        }

        return told + HearLapsedSetups(model, before, after, hasHintLapsed: told > 0);
    }

    private int HearLapsedSetups(ModelCustomer model, Connection before, Connection after, bool hasHintLapsed)
    {
        var told = 0;
        foreach (var link in before.SetupLinks.Where(link => link is { HasNoHint: true, LapsedAt: null, SucceededAt: not null }))
        {
            var end = link.SucceededAt!.Value.AddHours(24);
            var known = after.SetupLinks.Single(same => same.Id == link.Id);
            var failed = link.PendingFailure is { } code && known.PendingFailure is null && known.ErrorCodes.Contains(code);
            if (hasHintLapsed && failed && known.SucceededAt is null && known.LapsedAt is null && !(model.Count(Standing.Hinted) > 0))
                continue; // It has counted with the hint.
            var isOver = end <= _now || end > _now.AddHours(25);
            var lapses = isOver && model.Count(Standing.Connected) == 0;
            Require((known.LapsedAt ?? (failed ? _now : null)) is not null == lapses, $"The success of {link.Id} has {(lapses ? "not " : "")}lapsed.");
            Require(!isOver || lapses || !known.HasNoHint, $"The success of {link.Id} still waits beside a connected number.");
            told += lapses ? failed ? 2 : 1 : 0;
        }

        return told;
    }

    private static News NewsOf(ObservationKind kind) => kind switch
    {
        ObservationKind.Created => News.Created,
        ObservationKind.Reconnected => News.Reconnected,
        ObservationKind.Gone => News.Gone,
        ObservationKind.RedirectSucceeded => News.Redirect,
        ObservationKind.ApiConnected => News.ApiConnected,
        ObservationKind.ApiUnconfirmed => News.ApiUnconfirmed,
        ObservationKind.ApiAbsent => News.ApiAbsent,
        ObservationKind.AccountChanged => News.Account,
        _ => News.ClaimedElsewhere,
    };

    private static bool WouldBeKept(Told told) =>
        told.News is News.Created or News.Reconnected or News.Gone or News.Redirect or News.ApiConnected;

    /// <summary>Fifty numbers are kept. Only one that nothing was ever proven of may make room; a proof that finds none is parked.</summary>
    private static bool FindsRoom(ModelCustomer model, Decision decision, Told told)
    {
        var hint = told.News == News.Redirect;
        if (hint && model.Count(Standing.Hinted) >= Connection.MaxOpenHints)
            return false;

        var evicted = model.Numbers.Where(entry =>
            entry.Value.Standing != Standing.NotKnown && decision.Connection.FindNumber(entry.Key) is null).ToList();
        if (evicted is [var one])
        {
            Require(one.Value.Proofs == 0 && !one.Value.EverConnected, $"{one.Key} was proven and made room.");
            Require(!hint || one.Value.Standing == Standing.Refused, $"{one.Key} is hinted and made room for another hint.");
            model.Numbers.Remove(one.Key);
            return true;
        }

        Require(evicted.Count == 0, "More than one number made room.");
        Require(hint ? decision.Outcome == Outcome.Noted : decision.Outcome == Outcome.Full, $"No room, and it is {decision.Outcome}.");
        Require(
            !model.Numbers.Values.Any(number => number.Standing == Standing.Refused || (!hint && number.Standing == Standing.Hinted)),
            "There was room to make.");
        return false;
    }

    private void CheckConsequences(Connection after, string id, Observation observation, Decision decision, Expected expected)
    {
        if (expected.Asked && _policy.CanConfirm)
        {
            Require(
                after.Outbox.Any(effect => effect.Kind == EffectKind.Confirm && effect.PhoneNumberId == id),
                $"The platform is to be asked about {id}, and no confirm is in the outbox.");
        }

        if (expected.Connected)
        {
            Require(decision.ProvenNumber == id, $"{id} became connected, and the index of numbers is not told.");
            Require(
                observation.PreviousOwner is null || after.Outbox.Any(effect =>
                    effect.Kind == EffectKind.Release && effect.PhoneNumberId == id && effect.Detail == observation.PreviousOwner),
                $"{id} became connected, and its previous owner is not told.");
        }

        Require(
            decision.ProvenNumber is null || after.FindNumber(id) is { Status: NumberStatus.Connected },
            $"{id} is not connected, and the index of numbers is told so.");
    }

    /// <summary>
    /// A failed setup stands in the timeline and touches no number. Where its link's state came, it counts once for each code, unless
    /// a setup of the link was completed or is being checked, or the platform can be asked: then it waits, or is none.
    /// </summary>
    private int HearFailedSetup(ModelCustomer model, Connection before, Connection after, Observation observation)
    {
        Require(before.Numbers.SequenceEqual(after.Numbers), "A failed setup changed a number.");
        var link = before.SetupLinks.FirstOrDefault(link => link.State == observation.State);
        if (link is null || link is { Status: SetupLinkStatus.Revoked } || link is { Status: SetupLinkStatus.Completed, SucceededAt: null })
        {
            Require(before.SetupLinks.SequenceEqual(after.SetupLinks), "A failed setup without a state, or of a link that has ended, changed a link.");
            return 0;
        }

        var code = observation.ErrorCode == "<script>" ? "unknown" : observation.ErrorCode!;
        var isKnown = link.ErrorCodes.Contains(code) || link.PendingFailure == code;
        var known = after.SetupLinks.Single(same => same.Id == link.Id);
        var isBeingChecked = model.Count(Standing.Hinted) > 0 || (link is { SucceededAt: not null, LapsedAt: null } && model.Count(Standing.Refused) == 0);
        var waits = isBeingChecked || _policy.CanConfirm;
        var pending = code == "unknown" ? link.PendingFailure ?? code : code;
        Require(
            isKnown || (waits ? known.PendingFailure == pending && !known.ErrorCodes.Contains(code) : known.ErrorCodes.Count(same => same == code) == 1),
            $"The failed setup {code} does not {(waits ? "wait" : "stand")} on its link.");
        return isKnown || waits ? 0 : 1;
    }
}
