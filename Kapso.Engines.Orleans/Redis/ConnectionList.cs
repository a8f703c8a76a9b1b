using StackExchange.Redis;

namespace Kapso.Engines.Orleans.Redis;

/// <summary>
/// The operator's list of connections, in the order of the customer's id (by its UTF-8 bytes). A customer stands in the
/// list of one status at a time, so that a list of all is merged from those of each.
/// </summary>
internal sealed class ConnectionList(IConnectionMultiplexer redis, StoreKeys keys)
{
    /// <summary>Most entries of one beginning whose customers are looked up; where there are more, so many customers match that their list is read instead.</summary>
    private const int MaxEntries = 10_000;

    private const int ChunkSize = 500;

    private static readonly ConnectionStatus[] Statuses = Enum.GetValues<ConnectionStatus>();

    /// <summary>Most customers that are looked at for one page where a tag is asked for, beside those who are on it.</summary>
    private const int MaxPassedOver = 10_000;

    public async Task<Page<ConnectionRow>> ListAsync(ConnectionQuery query)
    {
        var limit = Pages.Clamp(query.Limit);
        var after = Cursor.Read(query.Cursor) ?? "";
        if (query is { Tags.Count: > 0, OwnId: null })
            return await ListTaggedAsync(query, after, limit);
        var rows = query.OwnId is { } ownId ? await FindByOwnIdAsync(query, after, ownId)
            : string.IsNullOrEmpty(query.Text) ? await ReadRowsAsync(query, await FindAsync(query, after, "", limit + 1), limit + 1)
            : await SearchAsync(query, after, new Search(query.Text), limit + 1);
        return Pages.Cut(rows, limit, static row => row.CustomerId);
    }

    /// <summary>Hardly ever more than one.</summary>
    private async Task<List<ConnectionRow>> FindByOwnIdAsync(ConnectionQuery query, string after, string ownId)
    {
        var word = SearchWords.OfOwnId(ownId) + StoreKeys.Separator;
        var customers = CustomersIn(await RangeAsync(keys.Words(query.ProjectId), word, MaxEntries), after);
        return (await ReadRowsAsync(query, customers, customers.Count)).FindAll(row => row.Names?.OwnId == ownId && query.HasTags(row));
    }

    /// <summary>Walks those who have the rarest of the tags, in their order.</summary>
    private async Task<Page<ConnectionRow>> ListTaggedAsync(ConnectionQuery query, string after, int limit)
    {
        var search = string.IsNullOrEmpty(query.Text) ? null : new Search(query.Text);
        var rarest = await FindRarestAsync(query);
        var rows = new List<ConnectionRow>();
        for (var passed = 0; passed < MaxPassedOver; passed += ChunkSize)
        {
            var found = await RangeAsync(
                keys.Words(query.ProjectId), rarest + StoreKeys.Separator, ChunkSize, after.Length == 0 ? null : rarest + StoreKeys.Separator + after);
            if (found.Length == 0)
                return Pages.Cut(rows, limit, static row => row.CustomerId);
            var customers = CustomersIn(found, after);
            rows.AddRange(await FilterAsync(query, customers, search, limit + 1 - rows.Count));
            if (rows.Count > limit)
                return Pages.Cut(rows, limit, static row => row.CustomerId);
            after = customers[^1];
        }

        return new Page<ConnectionRow>(rows, Cursor.Write(after));
    }

    private async Task<string> FindRarestAsync(ConnectionQuery query)
    {
        var words = query.Tags.Select(SearchWords.OfTag).ToList();
        if (words.Count == 1)
            return words[0];
        var counts = await Task.WhenAll(words.Select(word => redis.GetDatabase().SortedSetLengthByValueAsync(
            keys.Words(query.ProjectId), word + StoreKeys.Separator, Search.Beyond(word + StoreKeys.Separator))));
        return words[counts.IndexOf(counts.Min())];
    }

    private async Task<List<ConnectionRow>> SearchAsync(ConnectionQuery query, string after, Search search, int wanted)
    {
        var numbers = RangeAsync(keys.Search(query.ProjectId), search.Exact, MaxEntries);
        var words = search.Words.Select(word => RangeAsync(keys.Words(query.ProjectId), word, MaxEntries)).ToList();
        var ids = search.Text.Length == 0 ? [] : await FindAsync(query, after, search.Text, wanted);

        // Ids that are not written as they are searched for have words; those of customers whom an earlier version wrote do not yet.
        if (search.Exact != search.Text)
            ids.AddRange(await FindAsync(query, after, search.Exact, wanted));
        List<RedisValue[]> entries = [await numbers, .. await Task.WhenAll(words)];
        if (entries.Exists(found => found.Length == MaxEntries))
            return await ScanAsync(query, after, search, wanted);

        var customers = new HashSet<string>(ids, StringComparer.Ordinal);
        var byWord = entries.Skip(1).SelectMany(found => CustomersIn(found, after)).ToHashSet(StringComparer.Ordinal);
        customers.UnionWith(byWord);
        customers.UnionWith(CustomersIn(entries[0], after));
        return await ReadRowsAsync(
            query, [.. customers.Order(ByUtf8.Instance)], wanted, row => byWord.Contains(row.CustomerId) || search.Matches(row.CustomerId, row.PhoneNumberIds));
    }

    private async Task<List<ConnectionRow>> ScanAsync(ConnectionQuery query, string after, Search search, int wanted)
    {
        var rows = new List<ConnectionRow>();
        while (rows.Count < wanted && await FindAsync(query, after, "", ChunkSize) is { Count: > 0 } customers)
        {
            rows.AddRange(await FilterAsync(query, customers, search, wanted - rows.Count));
            after = customers[^1];
        }

        return rows;
    }

    /// <summary>The rows of those customers for whom the query and the text ask, as far as wanted.</summary>
    private async Task<List<ConnectionRow>> FilterAsync(ConnectionQuery query, List<string> customers, Search? search, int wanted)
    {
        if (search is null)
            return await ReadRowsAsync(query, customers, wanted);
        var words = await redis.GetDatabase().HashGetAsync(
            keys.WordsOf(query.ProjectId), [.. customers.Select(static customer => (RedisValue)customer)]);
        var byWord = customers
            .Where((_, i) => words[i].HasValue && search.Matches(words[i].ToString().Split(StoreKeys.Separator)))
            .ToHashSet(StringComparer.Ordinal);
        return await ReadRowsAsync(
            query, customers, wanted, row => byWord.Contains(row.CustomerId) || search.Matches(row.CustomerId, row.PhoneNumberIds));
    }

    private Task<RedisValue[]> RangeAsync(RedisKey key, string beginning, int limit, string? after = null) =>
        redis.GetDatabase().SortedSetRangeByValueAsync(
            key, after ?? beginning, Search.Beyond(beginning), after is null ? Exclude.None : Exclude.Start, Order.Ascending, 0, limit);

    /// <summary>The customers whom the entries of an index name, those after one, each once and in order.</summary>
    private static List<string> CustomersIn(RedisValue[] entries, string after) =>
    [
        .. entries
            .Select(entry => entry.ToString())
            .Select(entry => entry[(entry.IndexOf(StoreKeys.Separator, StringComparison.Ordinal) + 1)..])
            .Where(customer => ByUtf8.Instance.Compare(customer, after) > 0)
            .Distinct(StringComparer.Ordinal)
            .Order(ByUtf8.Instance),
    ];

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
                keys.List(query.ProjectId), $"{digit}{from}", Search.Beyond($"{digit}{prefix}"), exclude, Order.Ascending, 0, wanted);
        });
        return [.. (await Task.WhenAll(ranges)).SelectMany(range => range)
            .Select(member => member.ToString()[1..]).Order(ByUtf8.Instance).Take(wanted)];
    }

    private async Task<List<ConnectionRow>> ReadRowsAsync(
        ConnectionQuery query, List<string> customers, int wanted, Func<ConnectionRow, bool>? matches = null)
    {
        var rows = new List<ConnectionRow>();
        foreach (var chunk in customers.Chunk(ChunkSize))
        {
            if (rows.Count >= wanted)
                break;
            var found = await redis.GetDatabase().HashGetAsync(
                keys.Rows(query.ProjectId), Array.ConvertAll(chunk, static customer => (RedisValue)customer));
            for (var i = 0; i < chunk.Length && rows.Count < wanted; i++)
            {
                if (!found[i].HasValue)
                    continue;
                var row = ConnectionSummary.Read(chunk[i], found[i].ToString());
                if ((query.Status is null || row.Status == query.Status) && query.HasTags(row) && matches?.Invoke(row) != false)
                    rows.Add(row);
            }
        }

        return rows;
    }
}
