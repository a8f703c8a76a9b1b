namespace Kapso.Simulator.Clock;

/// <summary>
/// The simulator's time: it follows another clock, faster or slower, and can be put forward. It never goes back.
/// </summary>
public sealed class SimulatedClock
{
    private readonly Lock _gate = new();
    private DateTimeOffset _from;
    private long _fromTimestamp;
    private double _factor;

    public SimulatedClock(TimeProvider real, double factor = 1)
    {
        Check(factor);
        (Real, _factor) = (real, factor);
        (_from, _fromTimestamp) = (real.GetUtcNow(), real.GetTimestamp());
    }

    /// <summary>Whoever waits for a time has to look at the clock again.</summary>
    public event Action? Changed;

    /// <summary>The clock that it follows: for sockets, which do not hurry.</summary>
    public TimeProvider Real { get; }

    public DateTimeOffset UtcNow
    {
        get
        {
            lock (_gate)
                return _from + (Real.GetElapsedTime(_fromTimestamp) * _factor);
        }
    }

    public double Factor
    {
        get
        {
            lock (_gate)
                return _factor;
        }

        set
        {
            Check(value);
            Rebase(by: TimeSpan.Zero, value);
        }
    }

    /// <summary>Puts the clock forward.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        Rebase(by, factor: null);
    }

    /// <summary>How long to wait by the clock that it follows.</summary>
    public TimeSpan ToReal(TimeSpan simulated) => simulated / Factor;

    private static void Check(double factor)
    {
        if (!(factor is > 0 and <= 100_000))
            throw new ArgumentOutOfRangeException(nameof(factor), factor, "Expected more than 0 and at most 100000.");
    }

    private void Rebase(TimeSpan by, double? factor)
    {
        lock (_gate)
        {
            _from = UtcNow + by;
            _fromTimestamp = Real.GetTimestamp();
            _factor = factor ?? _factor;
        }

        Changed?.Invoke();
    }
}
