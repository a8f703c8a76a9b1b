namespace Kapso.Platform.Engines;

/// <summary>
/// The effects of one kind that were claimed: those that are being sent, and those that wait for a slot. Not thread-safe:
/// the lane that has it guards it, together with what it counts of its own.
/// </summary>
internal sealed class EffectSlots(int count)
{
    private readonly Queue<QueuedEffect> _waiting = new();
    private int _running;

    /// <summary>Effects that run or wait.</summary>
    public int Taken => _running + _waiting.Count;

    public void Add(QueuedEffect effect) => _waiting.Enqueue(effect);

    /// <summary>Takes the next effect, with a slot. The slot is given back by <see cref="End"/>.</summary>
    public QueuedEffect? Begin()
    {
        if (_running >= count || !_waiting.TryDequeue(out var effect))
            return null;
        _running++;
        return effect;
    }

    public void End() => _running--;

    /// <summary>Takes out what waits.</summary>
    public IReadOnlyList<QueuedEffect> TakeWaiting()
    {
        var waiting = _waiting.ToList();
        _waiting.Clear();
        return waiting;
    }
}
