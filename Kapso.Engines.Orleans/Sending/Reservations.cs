using System.Diagnostics;

namespace Kapso.Engines.Orleans.Sending;

/// <summary>The room of a lane for which several grains ask at once: what one is about to claim no other gets.</summary>
internal sealed class Reservations(Lane lane)
{
    private readonly Lock _lock = new();
    private int _reserved;
    private long? _refusedAt;

    /// <summary>
    /// Reserves room for effects that are about to be claimed. Where effects were turned away in the last second, half of the room
    /// is kept for those that come from the sweep.
    /// </summary>
    /// <returns>For how many there is room.</returns>
    public int Reserve(int wanted, bool swept)
    {
        lock (_lock)
        {
            var (free, most) = lane.Room;
            if (!swept && _refusedAt is { } at && Stopwatch.GetElapsedTime(at) < TimeSpan.FromSeconds(1))
                free -= most / 2;
            var granted = Math.Clamp(free - _reserved, 0, wanted);
            if (granted < wanted)
                _refusedAt = Stopwatch.GetTimestamp();
            _reserved += granted;
            return granted;
        }
    }

    /// <summary>Corrects a reservation by what was claimed more or less, or is in the lane by now.</summary>
    public void Correct(int difference)
    {
        lock (_lock)
            _reserved += difference;
    }
}
