namespace Kapso.Connections.Values;

/// <summary>
/// Times in whole milliseconds, which is what records keep: dropped where a time comes in, so that a connection is the same
/// before it was stored and after.
/// </summary>
public static class WholeMilliseconds
{
    /// <summary>The time without its fraction of a millisecond, in UTC.</summary>
    public static DateTimeOffset ToWholeMilliseconds(this DateTimeOffset time) =>
        DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());
}
