using StackExchange.Redis;

namespace Kapso.Engines.Orleans.Redis;

/// <summary>
/// The operator's list of connections, in the order of the customer's id (by its UTF-8 bytes). A customer stands in the
/// list of one status at a time, so that a list of all is merged from those of each.
/// </summary>
internal sealed class ConnectionList(IConnectionMultiplexer redis, StoreKeys keys)
{
    /// <summary>Sorts after every id that continues a text.</summary>
    private const string End = "\U0010FFFF";

    /// <summary>Most numbers whose customers are looked up; where more begin alike, so many customers match that their list is read instead.</summary>
    private const int MaxNumbers = 10_000;

    private const int ChunkSize = 500;

    private static readonly ConnectionStatus[] Statuses = Enum.GetValues<ConnectionStatus>();

    public async Task<Page<ConnectionRow>> ListAsync(ConnectionQuery query)
    {
        var limit = Pages.Clamp(query.Limit);
        var after = Cursor.Read(query.Cursor) ?? "";
        var rows = string.IsNullOrEmpty(query.Text)
            ? await ReadRowsAsync(query, await FindAsync(query, after, "", limit + 1), limit + 1)
            : await SearchAsync(query, after, query.Text, limit + 1);
        return Pages.Cut(rows, limit, static row => row.CustomerId);
    }

    private async Task<List<ConnectionRow>> SearchAsync(ConnectionQuery query, string after, string text, int wanted)
    {
        var numbers = await redis.GetDatabase().SortedSetRangeByValueAsync(
            keys.Search(query.ProjectId), text, text + End, Exclude.None, Order.Ascending, 0, MaxNumbers);
        if (numbers.Length == MaxNumbers)
            return await ScanAsync(query, after, text, wanted);

        var byNumber = numbers
            .Select(member => member.ToString())
            .Select(member => member[(member.IndexOf(StoreKeys.Separator, StringComparison.Ordinal) + 1)..])
            .Where(customer => ByUtf8.Instance.Compare(customer, after) > 0);
        var byId = await FindAsync(query, after, text, wanted);
        var customers = byNumber.Concat(byId).Distinct(StringComparer.Ordinal).Order(ByUtf8.Instance).ToList();
        return await ReadRowsAsync(query, customers, wanted);
    }

    private async Task<List<ConnectionRow>> ScanAsync(ConnectionQuery query, string after, string text, int wanted)
    {
        var rows = new List<ConnectionRow>();
        while (rows.Count < wanted && await FindAsync(query, after, "", ChunkSize) is { Count: > 0 } customers)
        {
            rows.AddRange((await ReadRowsAsync(query, customers, wanted)).Where(row => Matches(row, text)).Take(wanted - rows.Count));
            after = customers[^1];
        }

        return rows;
    }

    /// <summary>Customers whose ids begin so, after one, in order.</summary>
    private async Task<List<string>> FindAsync(ConnectionQuery query, string after, string prefix, int wanted)
    {
        var database = redis.GetDatabase();
        var ranges = Statuses.Where(status => query.Status is null || query.Status == status).Select(status =>
        {
            var digit = (int)status;
            var (from, exclude) = ByUtf8.Instance.Compare(after, prefix) >= 0 && after.Length > 0
                ? (after, Exclude.Start)
                : (prefix, Exclude.None);
            return database.SortedSetRangeByValueAsync(
                keys.List(query.ProjectId), $"{digit}{from}", $"{digit}{prefix}{End}", exclude, Order.Ascending, 0, wanted);
        });
        return [.. (await Task.WhenAll(ranges)).SelectMany(range => range)
            .Select(member => member.ToString()[1..]).Order(ByUtf8.Instance).Take(wanted)];
    }

    private async Task<List<ConnectionRow>> ReadRowsAsync(ConnectionQuery query, List<string> customers, int wanted)
    {
        var rows = new List<ConnectionRow>();
        foreach (var chunk in customers.Chunk(ChunkSize))
        {
            var found = await redis.GetDatabase().HashGetAsync(
                keys.Rows(query.ProjectId), Array.ConvertAll(chunk, static customer => (RedisValue)customer));
            for (var i = 0; i < chunk.Length && rows.Count < wanted; i++)
            {
                if (!found[i].HasValue)
                    continue;
                var row = ConnectionSummary.Read(chunk[i], found[i].ToString());
                if ((query.Status is null || row.Status == query.Status)
                    && (string.IsNullOrEmpty(query.Text) || Matches(row, query.Text)))
                    rows.Add(row);
            }
        }

        return rows;
    }

    private static bool Matches(ConnectionRow row, string text) =>
        row.CustomerId.StartsWith(text, StringComparison.Ordinal)
        || row.PhoneNumberIds.Any(number => number.StartsWith(text, StringComparison.Ordinal));
}
