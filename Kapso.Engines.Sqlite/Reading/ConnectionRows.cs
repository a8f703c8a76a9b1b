using System.Globalization;
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

    // Of the words that are asked for there are two to four; where one is null, nothing is as it.
    private const string WithText = Select + """
         AND ((customer >= ?5 AND customer < ?6) OR connection IN (
            SELECT connection FROM numbers WHERE project = ?1 AND phone_number_id >= ?7 AND phone_number_id < ?8
            UNION ALL SELECT connection FROM words WHERE project = ?1 AND word >= ?9 AND word < ?10
            UNION ALL SELECT connection FROM words WHERE project = ?1 AND word >= ?11 AND word < ?12
            UNION ALL SELECT connection FROM words WHERE project = ?1 AND word >= ?13 AND word < ?14
            UNION ALL SELECT connection FROM words WHERE project = ?1 AND word >= ?15 AND word < ?16))
        """;

    private const string WithTag = " AND connection IN (SELECT connection FROM words WHERE project = ?1 AND word = ";

    private const int MaxWords = 4;

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
        if (query.OwnId is { } ownId)
            return ListByOwnId(database, project, query, ownId, after, limit);
        var search = string.IsNullOrEmpty(query.Text) ? null : new Search(query.Text);
        var tags = query.Tags.Select(SearchWords.OfTag).ToList();

        var found = ListRecent(database, project, query.Status, after, search, tags, limit + 1, recent);
        var select = database.Prepare(SqlOf(search, tags.Count)).Bind(project).Bind(after).Bind((long?)query.Status).Bind(limit + 1L);
        if (search is not null)
            Bind(select, search);
        foreach (var tag in tags)
            select.Bind(tag);
        while (select.Step())
            found.Add((select.Text(0), select.Int64(1)));

        var rows = InOrderOf(found, static row => row.Customer).Take(limit + 1)
            .Select(row => Read(database, row.Id)).OfType<ConnectionRow>().ToList();
        return Pages.Cut(rows, limit, static row => row.CustomerId);
    }

    // The parameters of the tags come after all others.
    private static string SqlOf(Search? search, int tags)
    {
        var first = search is null ? 5 : 9 + (2 * MaxWords);
        return (search is null ? Select : WithText)
            + string.Concat(Enumerable.Range(first, tags).Select(static parameter => string.Create(CultureInfo.InvariantCulture, $"{WithTag}?{parameter})")))
            + Order;
    }

    private static void Bind(Statement select, Search search)
    {
        // A text of nothing visible asks for no customer's id.
        select.Bind(search.Text.Length == 0 ? null : search.Text).Bind(Search.Beyond(search.Text));
        select.Bind(search.Exact).Bind(Search.Beyond(search.Exact));
        for (var i = 0; i < MaxWords; i++)
        {
            var word = i < search.Words.Count ? search.Words[i] : null;
            select.Bind(word).Bind(word is null ? null : Search.Beyond(word));
        }
    }

    /// <summary>Hardly ever more than one, so that all of them are read.</summary>
    private static Page<ConnectionRow> ListByOwnId(
        Database database, long project, ConnectionQuery query, string ownId, string after, int limit)
    {
        var afterUtf8 = Encoding.UTF8.GetBytes(after);
        var rows = WordRows.Find(database, project, SearchWords.OfOwnId(ownId))
            .Select(row => Read(database, row)).OfType<ConnectionRow>()
            .Where(row => row.Names?.OwnId == ownId && (query.Status is null || row.Status == query.Status) && query.HasTags(row)
                && Encoding.UTF8.GetBytes(row.CustomerId).AsSpan().SequenceCompareTo(afterUtf8) > 0);
        return Pages.Cut(InOrderOf(rows, static row => row.CustomerId).Take(limit + 1).ToList(), limit, static row => row.CustomerId);
    }

    private static IOrderedEnumerable<T> InOrderOf<T>(IEnumerable<T> rows, Func<T, string> customer) =>
        rows.OrderBy(row => new ReadOnlyMemory<byte>(Encoding.UTF8.GetBytes(customer(row))), InOrder);

    /// <summary>The first so many of those that may not be in the table yet, in no order.</summary>
    private static HashSet<(string Customer, long Id)> ListRecent(
        Database database, long project, ConnectionStatus? status, string after, Search? search, List<string> tags, int count, CustomerIndex recent)
    {
        var otherwise = new HashSet<long>();
        var indexed = search is null && tags.Count == 0 ? 0 : CustomerRows.IndexedUpTo(database);
        if (search is not null)
        {
            var numbers = database.Prepare(
                """
                SELECT connection FROM numbers WHERE project = ? AND phone_number_id >= ? AND phone_number_id < ? AND connection > ?
                """).Bind(project).Bind(search.Exact).Bind(Search.Beyond(search.Exact)).Bind(indexed);
            while (numbers.Step())
                otherwise.Add(numbers.Int64(0));
            foreach (var word in search.Words)
                otherwise.UnionWith(WordRows.FindAfter(database, project, word, indexed));
        }

        HashSet<long>? tagged = null;
        foreach (var tag in tags)
        {
            var having = WordRows.Find(database, project, tag, indexed);
            if (tagged is null)
                tagged = [.. having];
            else
                tagged.IntersectWith(having);
        }

        var (afterUtf8, textUtf8) = (Encoding.UTF8.GetBytes(after), Encoding.UTF8.GetBytes(search?.Text ?? ""));
        var byId = search is null || search.Text.Length > 0;
        var first = new PriorityQueue<long, ReadOnlyMemory<byte>>(LastFirst);
        foreach (var (rows, texts) in recent.All())
        {
            foreach (ref readonly var row in rows.AsSpan())
            {
                var customer = row.Text(texts);
                if (row.Project != project
                    || customer.SequenceCompareTo(afterUtf8) <= 0
                    || (status is not null && row.Status != status)
                    || tagged?.Contains(row.Id) == false
                    || !((byId && customer.StartsWith(textUtf8)) || otherwise.Contains(row.Id)))
                    continue;
                if (first.Count < count)
                    first.Enqueue(row.Id, texts.AsMemory(row.Start, row.Length));
                else
                    first.EnqueueDequeue(row.Id, texts.AsMemory(row.Start, row.Length));
            }
        }

        return [.. first.UnorderedItems.Select(static item => (Encoding.UTF8.GetString(item.Priority.Span), item.Element))];
    }

    /// <summary>The row of a connection; null where it was erased meanwhile.</summary>
    private static ConnectionRow? Read(Database database, long id)
    {
        var select = database.Prepare("SELECT updated_at, record FROM connections WHERE id = ?").Bind(id);
        var row = select.Step() ? ConnectionRow.Of(ConnectionJson.Read(select.Blob(1)), Times.FromStore(select.Int64(0))) : null;
        select.Reset();
        return row;
    }
}
