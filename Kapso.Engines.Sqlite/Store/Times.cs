namespace Kapso.Engines.Sqlite.Store;

/// <summary>Times in the store: whole milliseconds since 1970, UTC.</summary>
internal static class Times
{
    public static DateTimeOffset FromStore(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
