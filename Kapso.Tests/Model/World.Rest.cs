namespace Kapso.Tests.Model;

internal sealed partial class World
{
    private const int MostRounds = 2_000;

    /// <summary>Everything is delivered in the end, the receivers are well, and time goes on until nothing is left to do.</summary>
    private void ComeToRest()
    {
        foreach (var (key, observation) in _unanswered.ToList())
            Deliver(key, observation with { ReceivedAt = _now }, Crash.None, claim: false);
        foreach (var (key, observation) in _parked.ToList())
            Deliver(key, observation with { Replayed = true }, Crash.None, claim: false);

        foreach (var key in Customers)
            Save(Load(key), Decisions.LookAtReceivers(Load(key), _policy, _now), told: 0);
        for (var round = 0; round < MostRounds; round++)
        {
            MakeProduction();
            if (Customers.Where(key => Load(key).WakeAt is not null).OrderBy(key => Load(key).WakeAt).ToList() is not [var key, ..])
                return;
            var before = Load(key);
            _now = before.WakeAt > _now ? before.WakeAt.Value : _now;
            var claims = Decisions.Claim(before, _policy, Holder, RoomOf(8), _now);
            HearClaimed(before, claims.Connection);
            Save(before, claims.Connection, CheckClaims(before, claims, 8) + HearLapses(key, before, claims.Connection));
            foreach (var (_, effect, _) in claims.Effects)
            {
                log?.Invoke($"    {_now:MM-dd HH:mm:ss.fff} {key.CustomerId} {effect.Kind} {effect.PhoneNumberId} attempt {effect.Attempt}");
                Settle(key, effect, SendWell(key, effect), Crash.None);
            }
        }

        throw new ModelFailure($"It does not come to rest: {string.Join(", ", Customers.Select(key => Load(key)).SelectMany(c => c.Outbox).Select(e => $"{e.Kind} {e.PhoneNumberId} {e.Status}"))}");
    }

    /// <summary>What a sandbox number waits for comes in the end.</summary>
    private void MakeProduction()
    {
        foreach (var key in Customers)
        {
            foreach (var number in Load(key).Numbers.Where(number => number is { Status: NumberStatus.Connected, IsSandbox: true, Welcome: not null }))
                Deliver(key, Answer(number.PhoneNumberId, ObservationKind.ApiConnected, 2) with { NumberKind = "production" }, Crash.None, claim: false);
        }
    }

    private EffectResult SendWell(CustomerKey key, Effect effect)
    {
        switch (effect.Kind)
        {
            case EffectKind.Confirm:
                // The platform gives each number to one customer, and some to nobody.
                var owner = (effect.PhoneNumberId![^1] - '0') % 3;
                var mine = owner < Customers.Length && Customers[owner] == key;
                return EffectResult.Done with
                {
                    Answer = Answer(effect.PhoneNumberId, mine ? ObservationKind.ApiConnected : ObservationKind.ApiAbsent, 2) with { NumberKind = "production" },
                };
            case EffectKind.Release:
                return TellPreviousOwner(key, effect, 1);
            case EffectKind.Welcome:
                _receiver.Welcome(key.CustomerId, effect.PhoneNumberId!, effect.Id);
                return EffectResult.Done;
            default:
                _receiver.Notify(key.CustomerId, effect.Id, effect.Sequence, _givenUp.Contains(effect.Id));
                return EffectResult.Done;
        }
    }

    private void CheckTheEnd()
    {
        foreach (var connection in _store.Values)
        {
            var model = _models[connection.Key];
            Require(
                connection.Outbox.All(effect =>
                    (effect.Status is EffectStatus.Held or EffectStatus.Dead && _givenUp.Contains(effect.Id)) || (effect.WaitsForReceiver && !_policy.Notifies)),
                "Something is left in the outbox that no receiver refused.");
            foreach (var (id, number) in model.Numbers.Where(entry => entry.Value.Welcomed))
            {
                var welcome = connection.FindNumber(id)?.Welcome;
                Require(welcome is not null, $"{id} was connected, and no welcome was decided.");
                Require(
                    welcome.Status == EffectStatus.Done || _givenUp.Contains(welcome.Id) || welcome.LapsedAt is not null,
                    $"The welcome of {id} is {welcome.Status}, and no receiver refused it.");
                Require(number.EverConnected && !number.Adopted, "The model welcomes what was never connected.");
            }

            CheckNothingLost(model, connection);
            CheckProofLines(model, connection);
            for (var sequence = 1L; sequence <= connection.Sequence && !model.NotifiesTrimmed; sequence++)
            {
                var id = EffectIds.Notify(connection.Key, sequence);
                var waits = connection.FindEffect(id) is { WaitsForReceiver: true };
                Require(_receiver.Took(id) || _givenUp.Contains(id) || waits, $"Nobody was told of change {sequence}.");
            }
        }
    }

    private static void CheckNothingLost(ModelCustomer model, Connection connection)
    {
        if (model.TimelineTrimmed)
            return;
        foreach (var ((source, name, number), count) in model.Folded)
        {
            var counted = connection.Timeline
                .Where(line => line.Source == source && line.Event == name && line.PhoneNumberId == number)
                .Sum(line => line.Count);
            Require(counted == count, $"{count} deliveries of {name} {number} were answered, and the timeline counts {counted}.");
        }
    }

    private static void CheckProofLines(ModelCustomer model, Connection connection)
    {
        foreach (var (id, (first, last)) in model.ProofLines)
        {
            var lines = connection.Timeline.Where(line => line.Proof && line.PhoneNumberId == id).ToList();
            Require(lines.Count > 0 && lines[0].At == first && lines[^1].At == last, $"The first or the last proof of {id} is not kept.");
        }
    }
}
