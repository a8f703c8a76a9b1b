namespace Kapso.Engines.Keeping;

/// <summary>The engine's time, in whole milliseconds: without what the store would drop, so that what is decided on is what will be read back.</summary>
public sealed class EngineClock(TimeProvider time)
{
    /// <summary>The clock itself.</summary>
    public TimeProvider Time => time;

    public DateTimeOffset Now => DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>The time in milliseconds since 1970, never earlier than it is: whoever is woken by it finds it past.</summary>
    public static long ToWake(DateTimeOffset time) =>
        time.ToUnixTimeMilliseconds() + (time.Ticks % TimeSpan.TicksPerMillisecond == 0 ? 0 : 1);
}
