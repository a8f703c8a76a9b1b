namespace Kapso.Tests.Model;

/// <summary>The company's application: deduplicates by id, so that what came twice takes effect once.</summary>
internal sealed class Receiver
{
    private readonly HashSet<string> _took = [];
    private readonly Dictionary<(string Customer, string Number), string> _welcomed = [];
    private readonly Dictionary<string, long> _lastSequence = [];

    public bool Took(string id) => _took.Contains(id);

    public void Welcome(string customer, string number, string id)
    {
        _took.Add(id);
        if (!_welcomed.TryAdd((customer, number), id) && _welcomed[(customer, number)] != id)
            throw new ModelFailure($"The welcome of {number} came under two ids: {_welcomed[(customer, number)]} and {id}.");
    }

    /// <param name="customer">Whose change.</param>
    /// <param name="id">The notify's id.</param>
    /// <param name="sequence">Its number.</param>
    /// <param name="resent">It was given up before, and a person sent it again: it may come late.</param>
    public void Notify(string customer, string id, long sequence, bool resent)
    {
        if (!_took.Add(id) || resent)
            return;
        var last = _lastSequence.GetValueOrDefault(customer);
        if (sequence <= last)
            throw new ModelFailure($"Notify {sequence} of {customer} came after {last}.");
        _lastSequence[customer] = sequence;
    }
}

/// <summary>An invariant that does not hold.</summary>
internal sealed class ModelFailure(string message) : Exception(message);
