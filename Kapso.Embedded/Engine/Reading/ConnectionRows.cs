using Kapso.Connections;
using Kapso.Connections.Engine;
using Kapso.Connections.Storage;
using Kapso.Embedded.Engine.Store;
using Kapso.Platform.Engines;

namespace Kapso.Embedded.Engine.Reading;

/// <summary>The operator's list of connections, in the order of the customer's id.</summary>
internal static class ConnectionRows
{
    // The customers' index is walked from where the last page ended; it has all that decides whether a row belongs.
    private const string Select = """
        SELECT customer, status, updated_at, record FROM connections INDEXED BY connections_by_customer
        WHERE project = ?1 AND customer > ?2 AND (?3 IS NULL OR status = ?3)
        """;

    private const string WithText = Select + """
         AND ((customer >= ?5 AND customer < ?6)
            OR id IN (SELECT connection FROM numbers WHERE project = ?1 AND phone_number_id >= ?5 AND phone_number_id < ?6))
        """;

    private const string Order = " ORDER BY customer LIMIT ?4";

    public static Page<ConnectionRow> List(Database database, long project, ConnectionQuery query)
    {
        var limit = Pages.Clamp(query.Limit);
        var text = string.IsNullOrEmpty(query.Text) ? null : query.Text;
        var select = database.Prepare((text is null ? Select : WithText) + Order)
            .Bind(project).Bind(Cursor.Read(query.Cursor) ?? "").Bind((long?)query.Status).Bind(limit + 1L);
        if (text is not null)
            select.Bind(text).Bind(text + "\U0010FFFF");

        var rows = new List<ConnectionRow>();
        while (select.Step())
        {
            var numbers = ConnectionJson.Read(select.Blob(3)).Numbers.Select(number => number.PhoneNumberId);
            rows.Add(new ConnectionRow(
                select.Text(0), (ConnectionStatus)select.Int64(1), [.. numbers], Times.FromStore(select.Int64(2))));
        }

        return Pages.Cut(rows, limit, static row => row.CustomerId);
    }
}
