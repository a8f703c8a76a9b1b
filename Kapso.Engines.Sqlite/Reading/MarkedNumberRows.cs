using System.Globalization;
using Kapso.Connections.Storage;
using Kapso.Engines.Sqlite.Store;

namespace Kapso.Engines.Sqlite.Reading;

/// <summary>Numbers that a person should look at, as rows.</summary>
internal static class MarkedNumberRows
{
    public static void Add(
        Database database, long project, NumberMark mark, long connection, string phoneNumberId, DateTimeOffset? until)
    {
        // Without an end, the column is not named: while a file of an earlier version is brought up to date, there is none.
        var insert = until is null
            ? database.Prepare("INSERT OR REPLACE INTO marked_numbers (project, mark, connection, phone_number_id) VALUES (?, ?, ?, ?)")
            : database.Prepare("INSERT OR REPLACE INTO marked_numbers (project, mark, connection, phone_number_id, until) VALUES (?, ?, ?, ?, ?)");
        insert.Bind(project).Bind((long)mark).Bind(connection).Bind(phoneNumberId);
        if (until is { } end)
            insert.Bind(end.ToUnixTimeMilliseconds());
        insert.Run();
    }

    public static void Remove(Database database, long project, NumberMark mark, long connection, string phoneNumberId) =>
        database.Prepare("DELETE FROM marked_numbers WHERE project = ? AND mark = ? AND connection = ? AND phone_number_id = ?")
            .Bind(project).Bind((long)mark).Bind(connection).Bind(phoneNumberId).Run();

    /// <summary>How many have a mark that is not over.</summary>
    public static long Count(Database database, long project, NumberMark mark, DateTimeOffset now) =>
        database.Prepare("SELECT count(*) FROM marked_numbers WHERE project = ? AND mark = ? AND (until IS NULL OR until > ?)")
            .Bind(project).Bind((long)mark).Bind(now.ToUnixTimeMilliseconds()).Scalar() ?? 0;

    /// <summary>Those with a mark that is not over, in the order in which their customers were first heard of.</summary>
    public static Page<MarkedNumber> List(
        Database database, long project, NumberMark mark, string? cursor, int limit, DateTimeOffset now)
    {
        var (afterConnection, afterNumber) = ReadCursor(cursor);
        var select = database.Prepare(
            """
            SELECT m.connection, m.phone_number_id, c.record, m.until FROM marked_numbers m JOIN connections c ON c.id = m.connection
            WHERE m.project = ?1 AND m.mark = ?2 AND (m.connection, m.phone_number_id) > (?3, ?4)
                AND (m.until IS NULL OR m.until > ?6)
            ORDER BY m.connection, m.phone_number_id LIMIT ?5
            """)
            .Bind(project).Bind((long)mark).Bind(afterConnection).Bind(afterNumber).Bind(limit + 1L)
            .Bind(now.ToUnixTimeMilliseconds());

        var rows = new List<(long Connection, MarkedNumber Row)>();
        while (select.Step())
        {
            var marked = MarkedNumber.Of(ConnectionJson.Read(select.Blob(2)), select.Text(1));
            rows.Add((select.Int64(0), marked with { Until = select.IsNull(3) ? null : Times.FromStore(select.Int64(3)) }));
        }

        var page = Pages.Cut(rows, limit, static row =>
            string.Create(CultureInfo.InvariantCulture, $"{row.Connection} {row.Row.PhoneNumberId}"));
        return new Page<MarkedNumber>([.. page.Items.Select(row => row.Row)], page.NextCursor);
    }

    private static (long Connection, string PhoneNumberId) ReadCursor(string? cursor)
    {
        var parts = Cursor.Read(cursor)?.Split(' ', 2);
        return parts is [var connection, var number]
            && long.TryParse(connection, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                ? (id, number)
                : (0, "");
    }
}
