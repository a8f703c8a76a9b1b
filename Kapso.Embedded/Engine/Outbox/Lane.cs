using Kapso.Connections;
using Kapso.Platform.Engines;

namespace Kapso.Embedded.Engine.Outbox;

/// <summary>The sends of one kind of effect: how many run, and which were claimed and wait for a slot.</summary>
internal sealed class Lane(IEffectRunner? runner, int parallelism)
{
    /// <summary>Most effects that are claimed beyond the free slots.</summary>
    private const int MaxAhead = 2_048;

    private readonly Lock _lock = new();
    private readonly EffectSlots _slots = new(parallelism);
    private int _completed;
    private int _ahead;
    private bool _closed = runner is null;

    /// <summary>Who sends; null where nobody can, and then nothing is claimed.</summary>
    public IEffectRunner? Runner => runner;

    /// <summary>Whether effects were due and had no room at the last commit.</summary>
    public bool HasBacklog { get; set; }

    /// <summary>How many more effects can be sent at once.</summary>
    public int FreeSlots
    {
        get
        {
            lock (_lock)
                return _closed ? 0 : parallelism - _slots.Taken;
        }
    }

    /// <summary>
    /// How many effects may be claimed now. Beyond the free slots it is twice what was sent since the last commit: a fast
    /// receiver is not kept waiting for the next one, and with one that hangs no leases run down in the queue.
    /// </summary>
    public int TakeRoom()
    {
        lock (_lock)
        {
            _ahead = Math.Min(MaxAhead, Math.Max(2 * _completed, _ahead / 2));
            _completed = 0;
            return _closed ? 0 : parallelism + _ahead - _slots.Taken;
        }
    }

    public void Add(QueuedEffect effect)
    {
        lock (_lock)
            _slots.Add(effect);
    }

    /// <summary>Takes the next effect, with a slot. The slot is given back by <see cref="End"/>.</summary>
    public QueuedEffect? Begin()
    {
        lock (_lock)
            return _slots.Begin();
    }

    public void End()
    {
        lock (_lock)
        {
            _slots.End();
            _completed++;
        }
    }

    /// <summary>Claims no more, and returns what was claimed and not begun.</summary>
    public IReadOnlyList<QueuedEffect> Close()
    {
        lock (_lock)
        {
            _closed = true;
            return _slots.TakeWaiting();
        }
    }
}
