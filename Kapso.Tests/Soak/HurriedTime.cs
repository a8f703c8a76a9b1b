using System.Globalization;

namespace Kapso.Tests.Soak;

/// <summary>
/// A clock that runs faster than the machine's, its timers with it. Two processes that are given the same words read the same
/// time from it.
/// </summary>
internal sealed class HurriedTime : TimeProvider
{
    private readonly DateTimeOffset _from;
    private readonly long _since = System.GetTimestamp();
    private readonly double _factor;

    private HurriedTime(DateTimeOffset from, double factor) => (_from, _factor) = (from, factor);

    /// <summary>Says what time it is now and how fast it goes.</summary>
    public static string Write(DateTimeOffset now, double factor) =>
        string.Create(CultureInfo.InvariantCulture, $"{now.UtcTicks};{System.GetUtcNow().UtcTicks};{factor:R}");

    /// <summary>The clock that <see cref="Write"/> told of, some time later.</summary>
    public static HurriedTime Read(string text)
    {
        var parts = text.Split(';');
        var said = new DateTimeOffset(long.Parse(parts[1], CultureInfo.InvariantCulture), TimeSpan.Zero);
        var factor = double.Parse(parts[2], CultureInfo.InvariantCulture);
        var then = new DateTimeOffset(long.Parse(parts[0], CultureInfo.InvariantCulture), TimeSpan.Zero);
        return new HurriedTime(then + ((System.GetUtcNow() - said) * factor), factor);
    }

    public override DateTimeOffset GetUtcNow() => _from + (System.GetElapsedTime(_since) * _factor);

    public override long GetTimestamp() => (long)((System.GetTimestamp() - _since) * _factor);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new HurriedTimer(this, System.CreateTimer(callback, state, ToReal(dueTime), ToReal(period)));

    // A timer counts whole milliseconds: one too early would find nothing due.
    private TimeSpan ToReal(TimeSpan time) => time <= TimeSpan.Zero
        ? time
        : TimeSpan.FromMilliseconds(Math.Ceiling((time / _factor).TotalMilliseconds));

    private sealed class HurriedTimer(HurriedTime time, ITimer timer) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(time.ToReal(dueTime), time.ToReal(period));

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
