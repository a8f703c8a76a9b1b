namespace Kapso.Tests.Model;

internal sealed partial class World
{
    /// <summary>Effects that a person settled: nobody need have received them.</summary>
    private readonly HashSet<string> _settledByHand = [];

    private int LinksInUse => scenario.Numbers > 50 ? 40 : 4;

    private string StateOf(CustomerKey key, int roll) => $"state-{key.CustomerId}-{roll % LinksInUse}";

    private string PlatformIdOf(int roll) => $"platform-{roll % LinksInUse}";

    private void PlayLink(CustomerKey key, Step step)
    {
        var before = Load(key);
        var link = new SetupLink
        {
            Id = $"link-{step.A % LinksInUse}",
            State = StateOf(key, step.A),
            PlatformId = step.B % 2 == 0 ? PlatformIdOf(step.A) : null,
            CreatedAt = _now,
        };
        var decision = Decisions.AddLink(before, link, _policy, _now);
        log?.Invoke($"      {key.CustomerId} {link.Id}: {decision.Outcome}");
        if (CrashOf(step) == Crash.BeforeWrite)
        {
            Restart();
            return;
        }

        Require(decision.Connection.SetupLinks.Any(known => known.Id == link.Id), "A link was added and is not there.");
        Require(
            ReferenceEquals(before, decision.Connection) == before.SetupLinks.Any(known => known.Id == link.Id),
            "The same link again changes nothing, and another one is added.");
        Save(before, decision.Connection, 0);
    }

    /// <summary>A person sends again or settles: what is held or dead, and nothing else.</summary>
    private void PlayOperator(CustomerKey key, Step step)
    {
        var before = Load(key);
        var ids = before.Outbox.Select(effect => effect.Id).Concat(_settledByHand).Append("wel_unknown").ToList();
        var id = ids[step.A % ids.Count];
        var resend = step.B % 2 == 0;
        var (after, action) = resend
            ? Decisions.Resend(before, id, _policy, _now)
            : Decisions.SettleByHand(before, id, _policy, _now);
        log?.Invoke($"      {key.CustomerId} {(resend ? "resend" : "settle")} {id}: {action}");
        if (CrashOf(step) == Crash.BeforeWrite)
        {
            Restart();
            return;
        }

        var waits = before.FindEffect(id) is { Status: EffectStatus.Held or EffectStatus.Dead };
        Require(waits == (action == EffectAction.Applied), $"A person's action on {before.FindEffect(id)?.Status} was {action}.");
        Require(waits != ReferenceEquals(before, after), "Only what waits for a person changes by a person's action.");
        Require(
            id != "wel_unknown" || action == EffectAction.NotFound,
            "An effect that never was is not found.");
        if (waits && resend)
            Require(after.FindEffect(id) is { Status: EffectStatus.Pending } again && again.DueAt <= _now, "It is not due again.");
        if (waits && !resend)
        {
            _settledByHand.Add(id);
            Require(after.FindEffect(id) is null, "A person settled it, and it is still there.");
            HearSettled(before, after, before.FindEffect(id)!);
        }

        Save(before, after, 0);
    }
}
