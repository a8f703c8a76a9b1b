namespace Kapso.Tests.Model;

internal sealed partial class World
{
    /// <summary>Attempts whose result has not come (yet): a slow sender, or one whose process is thought dead.</summary>
    private readonly List<(CustomerKey Key, Effect Effect, EffectResult Result)> _late = [];

    /// <summary>Effects that were given up: by the receiver's word, or because their attempts were used up.</summary>
    private readonly HashSet<string> _givenUp = [];

    private void Pump(CustomerKey key, int limit, int roll, Crash crash)
    {
        var before = Load(key);
        var claims = Decisions.Claim(before, _policy, Holder, RoomOf(limit), _now);
        var told = CheckClaims(before, claims, limit);
        log?.Invoke($"      {key.CustomerId} claims {claims.Effects.Count}, crash {crash}");
        if (crash == Crash.BeforeWrite)
        {
            Restart();
            return;
        }

        HearClaimed(before, claims.Connection);
        Save(before, claims.Connection, told + HearLapses(key, before, claims.Connection));
        if (crash == Crash.AfterWrite)
            Restart();
        else
            Send(claims, roll, (roll % 7) switch { 0 => Crash.BeforeWrite, 1 => Crash.AfterWrite, _ => Crash.None });
    }

    /// <summary>What was claimed durably is sent; some results are lost in a crash, some come late.</summary>
    private void Send(Claims claims, int roll, Crash crash)
    {
        foreach (var (key, effect, _) in claims.Effects)
        {
            roll = unchecked((roll * 31) + 17) & 0xFFFFF;
            var result = effect.Kind switch
            {
                EffectKind.Confirm => AnswerQuestion(effect, roll),
                EffectKind.Release => TellPreviousOwner(key, effect, roll),
                _ => SendToReceiver(key, effect, roll),
            };
            log?.Invoke($"      {key.CustomerId} {effect.Kind} {effect.PhoneNumberId} {effect.Sequence} attempt {effect.Attempt}:"
                + $" {result.Kind} {result.Answer?.Kind}{(roll % 11 == 0 ? ", late" : "")}");
            if (roll % 11 == 0)
                _late.Add((key, effect, result));
            else
                Settle(key, effect, result, crash);
        }
    }

    private EffectResult AnswerQuestion(Effect effect, int roll)
    {
        var kind = (roll / 64 % 9) switch
        {
            < 3 => ObservationKind.ApiConnected,
            3 => ObservationKind.ApiUnconfirmed,
            < 7 => ObservationKind.ApiAbsent,
            _ => (ObservationKind?)null,
        };
        return kind is { } known
            ? EffectResult.Done with { Answer = Answer(effect.PhoneNumberId!, known, roll / 8) }
            : (roll / 64 % 9) == 7 ? EffectResult.Retry("no answer") : EffectResult.Dead("401");
    }

    private EffectResult TellPreviousOwner(CustomerKey key, Effect effect, int roll)
    {
        var other = Customers.Single(customer => customer.CustomerId == effect.Detail);
        Require(other != key, "A customer is told that it has its own number.");
        if (roll % 5 == 0)
            return EffectResult.Retry("store busy");
        var claim = effect.ToClaim();
        var provenAt = _models[key].ClaimsProvenAt[effect.Id];
        Require(claim == Claim(effect.PhoneNumberId!, provenAt) with { Event = claim.Event }, $"The claim does not tell of the proof of {provenAt:O}.");
        Deliver(other, claim, Crash.None, claim: false);
        return EffectResult.Done;
    }

    private EffectResult SendToReceiver(CustomerKey key, Effect effect, int roll)
    {
        var way = roll / 64 % 16;
        if (way is < 9 or 15)
        {
            if (effect.Kind == EffectKind.Welcome)
                _receiver.Welcome(key.CustomerId, effect.PhoneNumberId!, effect.Id);
            else
                _receiver.Notify(key.CustomerId, effect.Id, effect.Sequence, _givenUp.Contains(effect.Id));
        }

        return way switch
        {
            < 7 => EffectResult.Done,
            < 9 => EffectResult.Retry("closed after it took it", outcomeUnknown: true),
            9 => EffectResult.Retry("timed out", outcomeUnknown: true),
            10 => EffectResult.Retry("503", TimeSpan.FromMinutes(roll % 3000)),
            11 => EffectResult.Dead("410"),
            12 or 15 => EffectResult.Held("cannot tell"),
            _ => EffectResult.Retry("refused"),
        };
    }

    private void Settle(CustomerKey key, Effect sent, EffectResult result, Crash crash)
    {
        var before = Load(key);
        var decision = Decisions.Settle(before, sent.Id, sent.Attempt, result, _policy, _now);
        if (crash == Crash.BeforeWrite)
        {
            Restart();
            return;
        }

        var known = before.FindEffect(sent.Id);
        var current = known is { Status: EffectStatus.InFlight } && known.Attempt == sent.Attempt;
        if (known is null || (!current && result.Kind != EffectResultKind.Done))
        {
            Require(
                ReferenceEquals(before, decision.Connection),
                $"Attempt {sent.Attempt} of {sent.Kind} is over, and its late result {result.Kind} undid something.");
            return;
        }

        var told = 0;
        if (result.Answer is { } answer)
            told = Hear(key, before, answer, decision, _models[key].Questions[sent.Id], sent.Id);
        else
        {
            told = CheckSettled(decision.Connection, known, result);
            HearSettled(before, decision.Connection, known);
        }

        Save(before, decision.Connection, told);
        if (decision.ProvenNumber is { } proven)
            _index[proven] = key;
        if (crash == Crash.AfterWrite)
            Restart();
    }

    /// <summary>Done leaves the outbox; what is given up waits for a person; the rest is due again in time.</summary>
    private int CheckSettled(Connection after, Effect known, EffectResult result)
    {
        var effect = after.FindEffect(known.Id);
        if (result.Kind == EffectResultKind.Done)
        {
            Require(effect is null, $"{known.Kind} took effect, and is still in the outbox.");
            return 0;
        }

        if (result.Kind == EffectResultKind.Retry && known.Attempt < _policy.MaxAttempts)
        {
            // It gave way to a number of the same phone that waited for it.
            if (effect is null && after.FindNumber(known.PhoneNumberId)?.Welcome?.LapsedAt == _now)
            {
                Require(
                    after.Outbox.Any(other => other.Kind == EffectKind.Welcome && other.CreatedAt == _now),
                    $"The welcome of {known.PhoneNumberId} was dropped, and for no other.");
                return 0;
            }

            Require(
                effect is { Status: EffectStatus.Pending } && effect.DueAt > _now && effect.DueAt <= _now.AddHours(24)
                && (result.RetryAfter is not { } wait || wait > TimeSpan.FromHours(24) || effect.DueAt >= _now + wait),
                $"{known.Kind} failed, and is not put off for a fitting time.");
            Require(effect.OutcomeUnknown || !(result.OutcomeUnknown || known.OutcomeUnknown), "An unknown outcome was forgotten.");
            return 0;
        }

        if (known.Kind == EffectKind.Confirm)
        {
            Require(effect is null, "A question that nobody answers is nothing for a person.");
            return 0;
        }

        _givenUp.Add(known.Id);
        var status = result.Kind == EffectResultKind.Held ? EffectStatus.Held : EffectStatus.Dead;
        Require(effect?.Status == status, $"{known.Kind} is given up, and is {effect?.Status}.");
        return known.Kind == EffectKind.Welcome ? 1 : 0;
    }

    private void PlayLateResult(Step step)
    {
        if (_late.Count == 0)
            return;
        var at = step.A % _late.Count;
        var (key, effect, result) = _late[at];
        if (step.B % 2 == 0)
            _late.RemoveAt(at);
        log?.Invoke($"      late: {key.CustomerId} {effect.Kind} {effect.PhoneNumberId} attempt {effect.Attempt}: {result.Kind} {result.Answer?.Kind}");
        Settle(key, effect, result, CrashOf(step));
    }

    /// <summary>What may be claimed, and what may not. Returns how many changes the claim itself makes.</summary>
    private int CheckClaims(Connection before, Claims claims, int limit)
    {
        foreach (var lane in claims.Effects.CountBy(claimed => claimed.Effect.Kind))
            Require(lane.Value <= limit, $"{lane.Value} effects of kind {lane.Key} were claimed, and {limit} allowed.");
        foreach (var (_, effect, _) in claims.Effects)
        {
            // What is given up by the claim is told of by a notify, and a welcome that waits may be taken back: both may be claimed at once.
            var left = effect.Kind == EffectKind.Welcome ? before.FindNumber(effect.PhoneNumberId)?.Welcome : null;
            var known = before.FindEffect(effect.Id)
                ?? (IsOfThisClaim(before, effect) ? effect with { Status = EffectStatus.Pending, Attempt = left?.Attempts ?? 0, Lease = null } : null);
            if (known is { NotifyType: NotifyType.Connected, Attempt: 0 } && IsOfThisClaim(before, known))
                known = known with { DueAt = _now };
            if (known is { WaitsForReceiver: true } && _policy.Notifies)
                known = known with { Status = EffectStatus.Pending, DueAt = _now }; // Its receiver is there again.
            Require(known is not null && effect.Attempt == known.Attempt + 1, $"{effect.Kind} was claimed without a new attempt.");
            Require(
                effect is { Status: EffectStatus.InFlight, Lease: { } lease } && lease == new Lease(Holder.Id, _now + _policy.Lease),
                $"{effect.Kind} was claimed without a lease.");
            Require(IsFree(known), $"{effect.Kind} {effect.PhoneNumberId} was claimed while another holder has it until {known.Lease?.Until:O}.");
            Require(
                effect.Kind != EffectKind.Welcome || effect.OutcomeUnknown
                    || _models[before.Key].Number(effect.PhoneNumberId!) is { Standing: not Standing.Gone, Sandbox: false },
                $"The welcome of {effect.PhoneNumberId} goes out, and the number is gone, or a sandbox number.");
            Require(
                effect.OutcomeUnknown == (known.OutcomeUnknown || known.Status == EffectStatus.InFlight),
                "A lapsed lease means that the outcome is unknown.");
            Require(
                effect.Kind != EffectKind.Notify || !claims.Connection.Outbox.Any(other =>
                    other.Kind == EffectKind.Notify && other.Sequence < effect.Sequence
                    && other.Status is EffectStatus.Pending or EffectStatus.InFlight),
                $"Notify {effect.Sequence} was claimed before an earlier one was settled.");
        }

        // A lease that lapsed on the last attempt is given up, since whoever had it never came back.
        var lapsed = before.Outbox.Where(effect =>
            effect.Status == EffectStatus.InFlight && claims.Connection.FindEffect(effect.Id)?.Status == EffectStatus.Dead).ToList();
        foreach (var effect in lapsed)
        {
            Require(IsFree(effect) && effect.Attempt >= _policy.MaxAttempts, $"{effect.Kind} was given up, and has attempts left.");
            _givenUp.Add(effect.Id);
        }

        return lapsed.Count(effect => effect.Kind == EffectKind.Welcome);
    }

    /// <summary>What a claim itself decides: to give up, or to wait for a phone no longer.</summary>
    private static bool IsOfThisClaim(Connection before, Effect effect) => effect switch
    {
        { NotifyType: NotifyType.Attention } => true,
        { Kind: EffectKind.Welcome } or { NotifyType: NotifyType.Connected } =>
            before.FindNumber(effect.PhoneNumberId) is { Welcome: null, PhoneAwaitedUntil: not null } or { WelcomeLeftTo: not null },
        _ => false,
    };

    private static int[] RoomOf(int limit) => [limit, limit, limit, limit];

    private bool IsFree(Effect effect) => effect switch
    {
        { Status: EffectStatus.Pending } => effect.DueAt <= _now || effect.DueAt > _now.AddHours(24),
        { Status: EffectStatus.InFlight, Lease: { } lease } =>
            lease.Until <= _now || lease.Until > _now + _policy.Lease || (scenario.Sole && lease.Holder != Holder.Id),
        _ => false,
    };
}
