namespace Kapso.Embedded.Engine.Store;

/// <summary>Times in the store: whole milliseconds since 1970, UTC.</summary>
internal static class Times
{
    /// <summary>Without what the store would drop, so that what is decided on is what will be read back.</summary>
    public static DateTimeOffset Truncate(DateTimeOffset time) => FromStore(time.ToUnixTimeMilliseconds());

    public static DateTimeOffset FromStore(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    /// <summary>Never earlier than the time itself: whoever is woken by it finds it past.</summary>
    public static long WakeAt(DateTimeOffset time) =>
        time.ToUnixTimeMilliseconds() + (time.Ticks % TimeSpan.TicksPerMillisecond == 0 ? 0 : 1);
}
