namespace Kapso.Engines.Keeping;

public static class Pages
{
    /// <summary>Most rows of one page.</summary>
    public const int MaxLimit = 1_000;

    public static int Clamp(int limit) => Math.Clamp(limit, 1, MaxLimit);

    /// <summary>Makes a page of the rows found, of which one more than wanted was asked for.</summary>
    public static Page<T> Cut<T>(List<T> rows, int limit, Func<T, string> key)
    {
        if (rows.Count <= limit)
            return new Page<T>(rows, null);
        rows.RemoveRange(limit, rows.Count - limit);
        return new Page<T>(rows, Cursor.Write(key(rows[^1])));
    }
}
