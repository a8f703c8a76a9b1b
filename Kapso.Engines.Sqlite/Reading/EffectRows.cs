using System.Globalization;
using Kapso.Connections.Storage;
using Kapso.Engines.Sqlite.Store;

namespace Kapso.Engines.Sqlite.Reading;

/// <summary>The operator's list of effects that need a person.</summary>
internal static class EffectRows
{
    public static Page<EffectRow> List(Database database, long project, EffectStatus status, string? cursor, int limit)
    {
        var (afterConnection, afterEffect) = ReadCursor(cursor);
        var select = database.Prepare(
            """
            SELECT s.connection, s.effect, c.record FROM stuck_effects s JOIN connections c ON c.id = s.connection
            WHERE s.project = ?1 AND s.status = ?2 AND (s.connection, s.effect) > (?3, ?4)
            ORDER BY s.connection, s.effect LIMIT ?5
            """)
            .Bind(project).Bind((long)status).Bind(afterConnection).Bind(afterEffect).Bind(limit + 1L);

        var rows = new List<(long Connection, EffectRow Row)>();
        var (parsed, connection) = (0L, (Connection?)null);
        while (select.Step())
        {
            if (connection is null || parsed != select.Int64(0))
                (parsed, connection) = (select.Int64(0), ConnectionJson.Read(select.Blob(2)));
            if (connection.FindEffect(select.Text(1)) is { } effect)
                rows.Add((parsed, new EffectRow(connection.Key.CustomerId, effect) { Names = connection.Names }));
        }

        var page = Pages.Cut(rows, limit, static row =>
            string.Create(CultureInfo.InvariantCulture, $"{row.Connection} {row.Row.Effect.Id}"));
        return new Page<EffectRow>([.. page.Items.Select(row => row.Row)], page.NextCursor);
    }

    private static (long Connection, string Effect) ReadCursor(string? cursor)
    {
        var parts = Cursor.Read(cursor)?.Split(' ', 2);
        return parts is [var connection, var effect]
            && long.TryParse(connection, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                ? (id, effect)
                : (0, "");
    }
}
