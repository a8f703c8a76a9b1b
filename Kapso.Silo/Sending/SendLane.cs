using System.Diagnostics;
using Kapso.Connections;
using Kapso.Platform.Engines;

namespace Kapso.Silo.Sending;

/// <summary>
/// The sends of one kind of effect on this silo: how many run, which were claimed and wait for a slot, and how many are
/// about to be claimed. A lane of its own for each kind: a receiver of notifies that hangs holds up no welcome.
/// </summary>
internal sealed class SendLane(IEffectRunner? runner, int parallelism)
{
    /// <summary>Most effects that are claimed beyond the slots.</summary>
    private const int MaxAhead = 2_048;

    /// <summary>How long effects are put off that find no room while sends go through.</summary>
    private static readonly TimeSpan BusyWait = TimeSpan.FromSeconds(0.25);

    /// <summary>The same, while none does: the receiver hangs or is down.</summary>
    private static readonly TimeSpan StuckWait = TimeSpan.FromSeconds(15);

    /// <summary>How long what was sent counts for how much may be claimed ahead.</summary>
    private static readonly long Window = Stopwatch.Frequency / 4;

    private readonly Lock _lock = new();
    private readonly EffectSlots _slots = new(parallelism);
    private int _reserved;
    private int _ended;
    private int _ahead;
    private long _windowStart = Stopwatch.GetTimestamp();
    private long _refusedAt = long.MinValue;
    private bool _closed = runner is null;

    /// <summary>Who sends; null where nobody can, and then nothing is claimed.</summary>
    public IEffectRunner? Runner => runner;

    /// <summary>How long an effect that found no room should wait before it is looked at again.</summary>
    public TimeSpan Wait
    {
        get
        {
            lock (_lock)
            {
                Roll();
                return _ahead > 0 || _ended > 0 ? BusyWait : StuckWait;
            }
        }
    }

    /// <summary>
    /// Reserves room for effects that are about to be claimed. Beyond the slots there is room for twice what was sent in the
    /// last quarter of a second: a fast receiver is not kept waiting for the next one, and with one that hangs no leases
    /// run down in the queue. Where effects were turned away lately, half of the room is kept for those that come from the sweep.
    /// </summary>
    /// <returns>For how many there is room.</returns>
    public int Reserve(int wanted, bool swept)
    {
        lock (_lock)
        {
            if (_closed)
                return 0;
            Roll();
            var all = parallelism + _ahead;
            var room = all - _slots.Taken - _reserved;
            if (!swept && _refusedAt != long.MinValue && Stopwatch.GetTimestamp() - _refusedAt < Stopwatch.Frequency)
                room -= all / 2;
            var granted = Math.Clamp(room, 0, wanted);
            if (granted < wanted)
                _refusedAt = Stopwatch.GetTimestamp();
            _reserved += granted;
            return granted;
        }
    }

    /// <summary>Corrects a reservation by what was claimed more or less.</summary>
    public void Correct(int difference)
    {
        lock (_lock)
            _reserved += difference;
    }

    /// <summary>Adds an effect for which room was reserved, once its claim is durable.</summary>
    public void Add(QueuedEffect effect)
    {
        lock (_lock)
        {
            _reserved--;
            if (!_closed)
                _slots.Add(effect);
        }
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
            _ended++;
        }
    }

    /// <summary>Takes no more, and returns what was claimed and not begun.</summary>
    public IReadOnlyList<QueuedEffect> Close()
    {
        lock (_lock)
        {
            _closed = true;
            return _slots.TakeWaiting();
        }
    }

    private void Roll()
    {
        var windows = (Stopwatch.GetTimestamp() - _windowStart) / Window;
        if (windows == 0)
            return;
        _ahead = windows > 8 ? 0 : Math.Min(MaxAhead, Math.Max(2 * _ended, _ahead >> (int)windows));
        _ended = 0;
        _windowStart = Stopwatch.GetTimestamp();
    }
}
