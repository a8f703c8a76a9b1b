using System.Text;
using Kapso.Connections.Storage;
using Kapso.Engines.Sqlite.Store;

namespace Kapso.Engines.Sqlite.Reading;

/// <summary>One connection by its customer, and the operator's list of them in the order of the customer's id.</summary>
internal static class ConnectionRows
{
    // Walked from where the last page ended; the table has all that decides whether a row belongs.
    private const string Select = """
        SELECT customer, connection FROM customers WHERE project = ?1 AND customer > ?2 AND (?3 IS NULL OR status = ?3)
        """;

    private const string WithText = Select + """
         AND ((customer >= ?5 AND customer < ?6)
            OR connection IN (SELECT connection FROM numbers WHERE project = ?1 AND phone_number_id >= ?5 AND phone_number_id < ?6))
        """;

    private const string Order = " ORDER BY customer LIMIT ?4";

    /// <summary>SQLite's order of texts: that of their bytes in UTF-8.</summary>
    private static readonly Comparer<ReadOnlyMemory<byte>> InOrder =
        Comparer<ReadOnlyMemory<byte>>.Create(static (a, b) => a.Span.SequenceCompareTo(b.Span));

    private static readonly Comparer<ReadOnlyMemory<byte>> LastFirst =
        Comparer<ReadOnlyMemory<byte>>.Create(static (a, b) => b.Span.SequenceCompareTo(a.Span));

    /// <summary>The customer's row and its record, or null for a customer never heard of.</summary>
    public static (long Id, Connection Connection)? Find(Database database, long project, CustomerKey key, CustomerIndex recent)
    {
        var select = recent.TryFind(project, key.CustomerId, out var row)
            ? database.Prepare("SELECT id, record FROM connections WHERE id = ?").Bind(row.Id)
            : database.Prepare(
                """
                SELECT c.id, c.record FROM customers k JOIN connections c ON c.id = k.connection
                WHERE k.project = ? AND k.customer = ?
                """).Bind(project).Bind(key.CustomerId);
        try
        {
            return select.Step() ? (select.Int64(0), ConnectionJson.Read(select.Blob(1))) : null;
        }
        finally
        {
            select.Reset();
        }
    }

    public static Page<ConnectionRow> List(Database database, long project, ConnectionQuery query, CustomerIndex recent)
    {
        var (limit, after) = (Pages.Clamp(query.Limit), Cursor.Read(query.Cursor) ?? "");
        var text = string.IsNullOrEmpty(query.Text) ? null : query.Text;

        var found = ListRecent(database, project, query.Status, after, text, limit + 1, recent);
        var select = database.Prepare((text is null ? Select : WithText) + Order)
            .Bind(project).Bind(after).Bind((long?)query.Status).Bind(limit + 1L);
        if (text is not null)
            select.Bind(text).Bind(Beyond(text));
        while (select.Step())
            found.Add((select.Text(0), select.Int64(1)));

        var rows = found.OrderBy(static row => new ReadOnlyMemory<byte>(Encoding.UTF8.GetBytes(row.Customer)), InOrder).Take(limit + 1)
            .Select(row => Read(database, row.Customer, row.Id)).ToList();
        return Pages.Cut(rows, limit, static row => row.CustomerId);
    }

    /// <summary>The first so many of those that may not be in the table yet, in no order.</summary>
    private static HashSet<(string Customer, long Id)> ListRecent(
        Database database, long project, ConnectionStatus? status, string after, string? text, int count, CustomerIndex recent)
    {
        var withNumber = new HashSet<long>();
        if (text is not null)
        {
            var numbers = database.Prepare(
                """
                SELECT connection FROM numbers WHERE project = ? AND phone_number_id >= ? AND phone_number_id < ? AND connection > ?
                """).Bind(project).Bind(text).Bind(Beyond(text)).Bind(CustomerRows.IndexedUpTo(database));
            while (numbers.Step())
                withNumber.Add(numbers.Int64(0));
        }

        var (afterUtf8, textUtf8) = (Encoding.UTF8.GetBytes(after), Encoding.UTF8.GetBytes(text ?? ""));
        var first = new PriorityQueue<long, ReadOnlyMemory<byte>>(LastFirst);
        foreach (var (rows, texts) in recent.All())
        {
            foreach (ref readonly var row in rows.AsSpan())
            {
                var customer = row.Text(texts);
                if (row.Project != project
                    || customer.SequenceCompareTo(afterUtf8) <= 0
                    || (status is not null && row.Status != status)
                    || !(customer.StartsWith(textUtf8) || withNumber.Contains(row.Id)))
                    continue;
                if (first.Count < count)
                    first.Enqueue(row.Id, texts.AsMemory(row.Start, row.Length));
                else
                    first.EnqueueDequeue(row.Id, texts.AsMemory(row.Start, row.Length));
            }
        }

        return [.. first.UnorderedItems.Select(static item => (Encoding.UTF8.GetString(item.Priority.Span), item.Element))];
    }

    private static ConnectionRow Read(Database database, string customer, long id)
    {
        var select = database.Prepare("SELECT status, updated_at, record FROM connections WHERE id = ?").Bind(id);
        select.Step();
        var numbers = ConnectionJson.Read(select.Blob(2)).Numbers.Select(static number => number.PhoneNumberId);
        var row = new ConnectionRow(customer, (ConnectionStatus)select.Int64(0), [.. numbers], Times.FromStore(select.Int64(1)));
        select.Reset();
        return row;
    }

    /// <summary>Comes after everything that begins with the text, and before everything else that comes after it.</summary>
    private static string Beyond(string text) => text + "\U0010FFFF";
}
