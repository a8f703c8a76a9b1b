using Kapso.Engines.Sqlite.Store;

namespace Kapso.Engines.Sqlite.Reading;

/// <summary>Customers with open setup links, or a number that is to be connected again, those first that were checked longest ago.</summary>
internal static class LinkCheckRows
{
    public static IReadOnlyList<LinksToCheck> List(Database database, long project, int limit)
    {
        var select = database.Prepare(
            """
            SELECT c.customer, l.checked_at FROM link_checks l JOIN connections c ON c.id = l.connection
            WHERE l.project = ? ORDER BY l.checked_at, l.connection LIMIT ?
            """).Bind(project).Bind(limit);
        var rows = new List<LinksToCheck>();
        while (select.Step())
            rows.Add(new LinksToCheck(select.Text(0), DateTimeOffset.FromUnixTimeMilliseconds(select.Int64(1))));
        return rows;
    }
}
