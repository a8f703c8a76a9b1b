namespace Kapso.Engines.Keeping;

/// <summary>What was found of a list of lines, the newest first.</summary>
/// <param name="Lines">The lines that are as wanted.</param>
/// <param name="StoppedAt">The last line that was looked at, where the search stopped before the end of the list; null where it did not.</param>
public sealed record AuditPart(IReadOnlyList<AuditLine> Lines, string? StoppedAt);

/// <summary>Puts pages of the audit together from the lines of a project and those of none.</summary>
public static class AuditPages
{
    /// <summary>Most lines of one list that are looked at for a page.</summary>
    public const int MaxLookedAt = 5_000;

    /// <summary>The id that a page begins before; null for the newest line.</summary>
    public static string? Before(AuditQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        var cursor = Cursor.Read(query.Cursor) is { } id && AuditLine.IsId(id) ? id : null;
        var until = query.Until is { } end ? AuditLine.FirstId(end) : null;
        return cursor is null || until is null ? cursor ?? until : string.CompareOrdinal(cursor, until) < 0 ? cursor : until;
    }

    /// <summary>The least id that is wanted; null for every one.</summary>
    public static string? From(AuditQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        return query.From is { } start ? AuditLine.FirstId(start) : null;
    }

    /// <summary>A page of the lines of several lists. What one of them was not searched for yet is left to the next page.</summary>
    public static Page<AuditLine> Merge(int limit, params IReadOnlyList<AuditPart> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        var known = parts.Select(part => part.StoppedAt).OfType<string>().Max(StringComparer.Ordinal); // Of older ones not all lists tell.
        var lines = parts.SelectMany(part => part.Lines)
            .Where(line => known is null || string.CompareOrdinal(line.Id, known) >= 0)
            .OrderByDescending(line => line.Id, StringComparer.Ordinal).Take(limit + 1).ToList();
        return lines.Count > limit ? Pages.Cut(lines, limit, line => line.Id)
            : new Page<AuditLine>(lines, known is null ? null : Cursor.Write(known));
    }
}
