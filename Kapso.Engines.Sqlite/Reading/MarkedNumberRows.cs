using System.Globalization;
using Kapso.Connections.Storage;
using Kapso.Engines.Sqlite.Store;

namespace Kapso.Engines.Sqlite.Reading;

/// <summary>Numbers that a person should look at, as rows.</summary>
internal static class MarkedNumberRows
{
    public static void Add(Database database, long project, NumberMark mark, long connection, string phoneNumberId) =>
        database.Prepare("INSERT OR IGNORE INTO marked_numbers (project, mark, connection, phone_number_id) VALUES (?, ?, ?, ?)")
            .Bind(project).Bind((long)mark).Bind(connection).Bind(phoneNumberId).Run();

    public static void Remove(Database database, long project, NumberMark mark, long connection, string phoneNumberId) =>
        database.Prepare("DELETE FROM marked_numbers WHERE project = ? AND mark = ? AND connection = ? AND phone_number_id = ?")
            .Bind(project).Bind((long)mark).Bind(connection).Bind(phoneNumberId).Run();

    /// <summary>Those with a mark, in the order in which their customers were first heard of.</summary>
    public static Page<MarkedNumber> List(Database database, long project, NumberMark mark, string? cursor, int limit)
    {
        var (afterConnection, afterNumber) = ReadCursor(cursor);
        var select = database.Prepare(
            """
            SELECT m.connection, m.phone_number_id, c.record FROM marked_numbers m JOIN connections c ON c.id = m.connection
            WHERE m.project = ?1 AND m.mark = ?2 AND (m.connection, m.phone_number_id) > (?3, ?4)
            ORDER BY m.connection, m.phone_number_id LIMIT ?5
            """)
            .Bind(project).Bind((long)mark).Bind(afterConnection).Bind(afterNumber).Bind(limit + 1L);

        var rows = new List<(long Connection, MarkedNumber Row)>();
        while (select.Step())
            rows.Add((select.Int64(0), MarkedNumber.Of(ConnectionJson.Read(select.Blob(2)), select.Text(1))));
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
