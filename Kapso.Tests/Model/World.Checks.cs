namespace Kapso.Tests.Model;

internal sealed partial class World
{
    /// <summary>Welcomes that entered an outbox, by customer and number: one each, for ever.</summary>
    private readonly Dictionary<(string Customer, string Number), string> _decided = [];

    /// <summary>What must hold after every write.</summary>
    private void CheckWritten(Connection before, Connection after, int told)
    {
        var model = _models[after.Key];
        CheckNumbers(model, after);
        Require(after.OwnId?.Value == model.OwnId.Text, $"The customer's own id is {after.OwnId?.Value}, not {model.OwnId.Text}.");
        Require(after.Name?.Value == model.Name.Text, $"The customer is called {after.Name?.Value}, not {model.Name.Text}.");
        CheckWelcomes(before, after);
        CheckNotifies(model, before, after, told);
        CheckBounds(model, after);
        CheckWakeUp(after);
        Require(after.Status == model.Status(after.SetupLinks), $"The customer is {after.Status}, not {model.Status(after.SetupLinks)}.");

        foreach (var question in after.Outbox.Where(effect => effect.Kind == EffectKind.Confirm))
            model.Questions.TryAdd(question.Id, model.Number(question.PhoneNumberId!).Proofs);
        foreach (var effect in after.Outbox)
            Require(before.FindEffect(effect.Id) is not { } known || effect.Attempt >= known.Attempt, "An attempt was forgotten.");
    }

    private static void CheckNumbers(ModelCustomer model, Connection after)
    {
        Require(after.Numbers.Length == model.Known, $"{after.Numbers.Length} numbers are known, not {model.Known}.");
        foreach (var number in after.Numbers)
        {
            var expected = model.Number(number.PhoneNumberId);
            Require(number.Status.ToString() == expected.Standing.ToString(), $"{number.PhoneNumberId} is {number.Status}, not {expected.Standing}.");
            Require(
                number.PhoneAwaitedUntil == expected.AwaitedUntil,
                $"The phone of {number.PhoneNumberId} is awaited until {number.PhoneAwaitedUntil:O}, not {expected.AwaitedUntil:O}.");
            Require(
                number.WelcomeLeftTo is not null == expected.HasLeft,
                $"The welcome of {number.PhoneNumberId} is {(expected.HasLeft ? "not " : "")}left to {number.WelcomeLeftTo ?? "another number"}.");
            Require(number.Adopted == expected.Adopted, $"{number.PhoneNumberId} is {(number.Adopted ? "" : "not ")}adopted.");
            Require((number.Welcome is not null) == expected.Welcomed,
                $"{number.PhoneNumberId} {(expected.Welcomed ? "was first connected and has no" : "was never connected or is adopted, and has a")} welcome.");
            CheckAccount(number, expected.Account);
            Require(number.IsSandbox == expected.Sandbox, $"{number.PhoneNumberId} is {(expected.Sandbox ? "not " : "")}a sandbox number.");
            Require(number.PlatformStatus == expected.Word, $"The platform's word for {number.PhoneNumberId} is {number.PlatformStatus}, not {expected.Word}.");
            Require((number.DisputedAt is not null) == expected.Disputed, $"{number.PhoneNumberId} is {(expected.Disputed ? "not " : "")}disputed.");
        }
    }

    private static void CheckAccount(Number number, ModelAccount expected)
    {
        var held = number.Attention?.Notices.Select(notice => (notice.Kind, notice.Type, notice.At, notice.Until, notice.EventId)) ?? [];
        Require(
            number.Attention?.ReinstatedAt == expected.Reinstated && held.ToHashSet().SetEquals(expected.Held),
            $"{number.PhoneNumberId}: {string.Join(", ", held)} is held against its account, reinstated {number.Attention?.ReinstatedAt:O}, not "
            + $"{string.Join(", ", expected.Held)}, {expected.Reinstated:O}.");
    }

    private void CheckWelcomes(Connection before, Connection after)
    {
        foreach (var effect in after.Outbox)
        {
            Require(
                effect.Kind != EffectKind.Welcome || before.FindEffect(effect.Id) is not null
                    || before.FindNumber(effect.PhoneNumberId) is not { Welcome: not null, WelcomeLeftTo: null },
                $"The welcome of {effect.PhoneNumberId} was decided twice.");
        }

        foreach (var number in after.Numbers)
        {
            if (number.Welcome is not { } welcome)
                continue;
            Require(
                before.FindNumber(number.PhoneNumberId)?.Welcome is not null
                    || _decided.TryAdd((after.Key.CustomerId, number.PhoneNumberId), welcome.Id),
                $"The welcome of {number.PhoneNumberId} was decided twice.");
            Require(_decided[(after.Key.CustomerId, number.PhoneNumberId)] == welcome.Id, $"The welcome of {number.PhoneNumberId} changed its id.");
            var effect = after.FindEffect(welcome.Id);
            if (welcome.LapsedAt is not null)
            {
                Require(effect is null && welcome.Status == EffectStatus.Dead, $"The welcome of {number.PhoneNumberId} lapsed, and is {welcome.Status}.");
                continue;
            }

            Require((effect?.Status ?? EffectStatus.Done) == welcome.Status, $"The welcome is {welcome.Status}, its effect {effect?.Status}.");
            Require(
                welcome.Status != EffectStatus.Done || _receiver.Took(welcome.Id) || _settledByHand.Contains(welcome.Id),
                $"The welcome of {number.PhoneNumberId} is done, and nobody received it.");
        }
    }

    private void CheckNotifies(ModelCustomer model, Connection before, Connection after, int told)
    {
        Require(after.Sequence - before.Sequence == told, $"{after.Sequence - before.Sequence} changes are told of, not {told}.");
        var added = after.Outbox.Where(effect => effect.Kind == EffectKind.Notify && before.FindEffect(effect.Id) is null).ToList();
        Require(added.Count == (_policy.Notifies ? told : 0), $"{added.Count} notifies for {told} changes.");
        for (var i = 0; i < added.Count; i++)
            Require(added[i].Sequence == before.Sequence + 1 + i, "A notify's sequence is not the next one.");
        // One claim can give up several welcomes, and tell of each: what was trimmed shows in what is left, not in what was.
        model.NotifiesTrimmed |= !_policy.Notifies
            || after.Outbox.Count(effect => effect.Kind == EffectKind.Notify) >= Connection.MaxNotifies;
    }

    private void CheckBounds(ModelCustomer model, Connection after)
    {
        model.TimelineTrimmed |= after.Timeline.Length >= Connection.MaxTimeline;
        Bound("open hints", after.Numbers.Count(number => number.Status == NumberStatus.Hinted), 3);
        Bound("links", after.SetupLinks.Length, 20);
        Bound("numbers", after.Numbers.Length, 50);
        Bound("lines in the timeline", after.Timeline.Length, 200);
        Bound("notifies that wait", after.Outbox.Count(effect => effect.Kind == EffectKind.Notify), 100);
    }

    private void Bound(string what, int count, int most)
    {
        Require(count <= most, $"{count} {what}, and at most {most} are kept.");
        if (count == most)
            Reached.Add(what);
    }

    /// <summary>An engine that sleeps until <see cref="Connection.WakeAt"/> misses nothing, and is never woken for nothing.</summary>
    private void CheckWakeUp(Connection connection)
    {
        // Under a clock that was set back, a claim takes what lies too far ahead: earlier than any time it could be woken at.
        var setBack = connection.Outbox.Any(effect =>
            effect.DueAt > _now.AddHours(24) || effect.Lease?.Until > _now + _policy.Lease)
            || connection.Numbers.Any(number => number.PhoneAwaitedUntil > _now.AddHours(24)) || connection.SetupLinks.Any(link => link.LapsesAt > _now.AddHours(24));
        var claims = Decisions.Claim(connection, _policy, new LeaseHolder(Holder.Id, Sole: false), RoomOf(1_000), _now);
        var claimed = !ReferenceEquals(claims.Connection, connection);
        Require(claimed == claims.Effects.Count > 0 || claims.Effects.Count == 0, "Claimed without a change.");
        if (connection.WakeAt <= _now)
            Require(claimed, $"Woken at {connection.WakeAt:O}, and there is nothing to do: a busy loop.");
        else
            Require(!claimed || setBack, $"There is something to do at {_now:O}, and nobody wakes before {connection.WakeAt:O}.");
    }

    /// <summary>Every delivery that is answered stands in the timeline, alone or in a count.</summary>
    private static void CheckCounted(Connection before, Connection after, Observation observation, Outcome outcome)
    {
        long Counted(Connection connection) => connection.Timeline
            .Where(line => line.Source == observation.Source && line.Event == observation.Event
                && line.PhoneNumberId == observation.PhoneNumberId && line.Outcome == outcome)
            .Sum(line => line.Count);

        Require(
            Counted(after) == Counted(before) + 1 || before.Timeline.Length >= Connection.MaxTimeline - 2,
            $"{observation.Kind} of {observation.PhoneNumberId} was {outcome}, and the timeline does not say so.");
    }

    private static bool SameAsStored(Connection written, Connection read) =>
        written.Key == read.Key && written.Version == read.Version && written.Sequence == read.Sequence
        && written.Confirms == read.Confirms && written.OwnId == read.OwnId && written.Name == read.Name
        && written.Numbers.SequenceEqual(read.Numbers)
        && written.Timeline.SequenceEqual(read.Timeline)
        && written.Outbox.SequenceEqual(read.Outbox)
        && written.SetupLinks.Length == read.SetupLinks.Length
        && written.SetupLinks.Zip(read.SetupLinks).All(pair =>
            pair.First.ErrorCodes.SequenceEqual(pair.Second.ErrorCodes)
            && pair.First == pair.Second with { ErrorCodes = pair.First.ErrorCodes });
}
