using System.Diagnostics;

namespace Kapso.Engines.Sending;

/// <summary>
/// The sends of one kind of effect: how many run, and which were claimed and wait for a slot. A lane of its own for each kind: a
/// receiver of notifies that hangs holds up no welcome.
/// </summary>
/// <param name="runner">Who sends; null where nobody can, and then nothing is claimed.</param>
/// <param name="slots">How many are sent at a time.</param>
public sealed class Lane(IEffectRunner? runner, int slots)
{
    /// <summary>Most effects that are claimed beyond the slots.</summary>
    private const int MaxAhead = 2_048;

    /// <summary>How long what was sent counts for how much may be claimed ahead.</summary>
    private static readonly long Window = Stopwatch.Frequency / 4;

    private readonly Lock _lock = new();
    private readonly Queue<QueuedEffect> _waiting = new();
    private int _running;
    private int _ended;
    private int _ahead;
    private long _windowStart = Stopwatch.GetTimestamp();
    private bool _closed = runner is null;

    /// <summary>Who sends; null where nobody can.</summary>
    public IEffectRunner? Runner => runner;

    /// <summary>Whether effects were due and had no room when the engine last looked.</summary>
    public bool HasBacklog { get; set; }

    /// <summary>How many more effects can be sent at once.</summary>
    public int FreeSlots
    {
        get
        {
            lock (_lock)
                return _closed ? 0 : slots - _running - _waiting.Count;
        }
    }

    /// <summary>Whether sends went through lately; else the receiver hangs or is down.</summary>
    public bool IsMoving
    {
        get
        {
            lock (_lock)
                return CountAhead() > 0;
        }
    }

    /// <summary>
    /// How many effects may be claimed now, and how many at most. Beyond the slots it is twice what was sent in the last quarter of
    /// a second: a fast receiver is not kept waiting for the next one, and with one that hangs no leases run down in the queue.
    /// </summary>
    public (int Free, int Most) Room
    {
        get
        {
            lock (_lock)
            {
                var most = slots + CountAhead();
                return _closed ? (0, 0) : (most - _running - _waiting.Count, most);
            }
        }
    }

    /// <summary>Adds an effect whose claim is durable; false where the lane takes no more.</summary>
    internal bool TryAdd(QueuedEffect effect)
    {
        lock (_lock)
        {
            if (_closed)
                return false;
            _waiting.Enqueue(effect);
            return true;
        }
    }

    /// <summary>Takes the next effect, with a slot. The slot is given back by <see cref="End"/>.</summary>
    internal QueuedEffect? Begin()
    {
        lock (_lock)
        {
            if (_running >= slots || !_waiting.TryDequeue(out var effect))
                return null;
            _running++;
            return effect;
        }
    }

    internal void End()
    {
        lock (_lock)
        {
            CountAhead();
            _running--;
            _ended++;
        }
    }

    /// <summary>Takes no more, and returns what was claimed and not begun.</summary>
    internal IReadOnlyList<QueuedEffect> Close()
    {
        lock (_lock)
        {
            _closed = true;
            var waiting = _waiting.ToList();
            _waiting.Clear();
            return waiting;
        }
    }

    private int CountAhead()
    {
        var now = Stopwatch.GetTimestamp();
        var windows = (now - _windowStart) / Window;
        if (windows > 0)
        {
            _ahead = windows > 8 ? 0 : Math.Max(2 * _ended, _ahead) >> (int)(windows - 1);
            (_ended, _windowStart) = (0, now);
        }

        return Math.Min(MaxAhead, Math.Max(_ahead, 2 * _ended));
    }
}

/// <summary>An effect that was claimed and waits for a slot.</summary>
/// <param name="Claimed">The effect.</param>
/// <param name="At">When it was claimed.</param>
internal sealed record QueuedEffect(ClaimedEffect Claimed, DateTimeOffset At)
{
    /// <summary>Whether so much of its lease has run down in the queue that what is left may not suffice for a send.</summary>
    public bool IsOverdue(DateTimeOffset now) => Claimed.Effect.Lease is not { } lease || now - At > (lease.Until - At) / 2;
}
