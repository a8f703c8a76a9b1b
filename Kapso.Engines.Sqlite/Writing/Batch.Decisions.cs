namespace Kapso.Engines.Sqlite.Writing;

internal sealed partial class Batch
{
    /// <summary>Folds an observation into a connection.</summary>
    public Receipt Observe(Entry entry, Observation observation)
    {
        var told = WithPreviousOwner(entry, observation);
        var decision = Decisions.Observe(entry.Current, told, PolicyOf(entry.Key), Now);
        if (decision.Outcome != Outcome.Full)
            Take(entry, decision);
        return new Receipt(decision.Outcome, entry.Current.Status, entry.Current.Sequence);
    }

    /// <summary>Settles an attempt at an effect, and observes a confirm's answer.</summary>
    public void Settle(CustomerKey key, string effectId, int attempt, EffectResult result)
    {
        var entry = Load(key);
        if (result.Answer is { } answer && WithPreviousOwner(entry, answer) is var told && !ReferenceEquals(told, answer))
            result = result with { Answer = told };
        var effect = entry.Current.FindEffect(effectId);
        var decision = Decisions.Settle(entry.Current, effectId, attempt, result, PolicyOf(key), Now);
        Take(entry, decision);
        if (effect is { Kind: EffectKind.Notify } && decision.Outcome == Outcome.Applied)
            RecordAttempt(entry, effect, attempt, result);
        if (result.Answer is { } heard)
            CountArrival(key.ProjectId, heard, decision.Outcome);
    }

    /// <summary>Adds a setup link.</summary>
    public Receipt AddLink(Entry entry, SetupLink link)
    {
        var decision = Decisions.AddLink(entry.Current, link, PolicyOf(entry.Key), Now);
        Take(entry, decision);
        return new Receipt(decision.Outcome, entry.Current.Status, entry.Current.Sequence);
    }

    /// <summary>Changes the setup links.</summary>
    public LinkReceipt ChangeLink(Entry entry, LinkChange change)
    {
        var decision = Decisions.ChangeLink(entry.Current, change, PolicyOf(entry.Key), Now);
        Become(entry, decision.Connection);
        return decision.Receipt;
    }

    /// <summary>Sets the phone that template welcomes go to.</summary>
    public Receipt SetContactPhone(Entry entry, string? phone)
    {
        var decision = Decisions.SetContactPhone(entry.Current, phone, PolicyOf(entry.Key), Now);
        entry.Current = decision.Connection;
        return new Receipt(decision.Outcome, entry.Current.Status, entry.Current.Sequence);
    }

    /// <summary>Sets what the company calls and marks a customer with.</summary>
    public Receipt ChangeCustomer(Entry entry, CustomerChange change, string? by)
    {
        var decision = Decisions.ChangeCustomer(entry.Current, change, Now, by);
        entry.Current = decision.Connection;
        return new Receipt(decision.Outcome, entry.Current.Status, entry.Current.Sequence);
    }

    private void Take(Entry entry, Decision decision)
    {
        var before = entry.Current;
        Become(entry, decision.Connection);
        if (decision.ProvenNumber is { } proven)
        {
            TakeOver(entry, proven);
            ClaimHints(entry, proven);
        }

        // A number that is proven gone was somebody's: theirs who says so, unless somebody else is known to have had it.
        foreach (var number in decision.Connection.Numbers)
        {
            if (number.Status == NumberStatus.Gone && number.PhoneNumberId != decision.ProvenNumber
                && before.FindNumber(number.PhoneNumberId)?.Status != NumberStatus.Gone
                && FindOwner(entry.Project, number.PhoneNumberId) is null)
                TakeOver(entry, number.PhoneNumberId);
        }
    }
}
