namespace Kapso.Embedded.Engine.Reading;

/// <summary>The order in which SQLite has texts: that of their bytes in UTF-8, where code points above U+FFFF come last.</summary>
internal sealed class Utf8Order : IComparer<string>
{
    public static Utf8Order Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        var left = x.AsSpan();
        var right = y.AsSpan();
        var same = left.CommonPrefixLength(right);
        return same < left.Length && same < right.Length
            ? Rank(left[same]).CompareTo(Rank(right[same]))
            : left.Length.CompareTo(right.Length);
    }

    // Halves of code points above U+FFFF are U+D800 to U+DFFF, below the last of the others.
    private static int Rank(char unit) => char.IsSurrogate(unit) ? unit + 0x10000 : unit;
}
