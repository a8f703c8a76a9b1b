using StackExchange.Redis;

namespace Kapso.Engines.Orleans.Redis;

/// <summary>
/// Customers with open setup links, or a number that is to be connected again, those first that were checked longest ago. An entry is written before its connection and
/// never taken away by it: one whose links have all come to an end is taken away here, unless it was written again meanwhile.
/// </summary>
internal sealed class LinkCheckList(IConnectionMultiplexer redis, StoreKeys keys)
{
    // KEYS: the set. ARGV: customer, the score that was read, the score that is right ('' for none).
    private const string Correct = """
        if redis.call('ZSCORE', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
        if ARGV[3] == '' then redis.call('ZREM', KEYS[1], ARGV[1]) else redis.call('ZADD', KEYS[1], ARGV[3], ARGV[1]) end
        return 1
        """;

    public async Task<IReadOnlyList<LinksToCheck>> ListAsync(
        string project, int limit, Func<CustomerKey, Task<Connection?>> find)
    {
        limit = Pages.Clamp(limit);
        var rows = new List<LinksToCheck>();
        var database = redis.GetDatabase();
        for (var start = 0L; rows.Count < limit;)
        {
            var entries = await database.SortedSetRangeByRankWithScoresAsync(keys.LinkChecks(project), start, start + limit - 1);
            var connections = await ListedCustomers.FindAsync(
                [.. entries.Select(entry => new CustomerKey(project, entry.Element.ToString()))], find);
            foreach (var entry in entries)
            {
                if (!connections.TryGetValue(entry.Element.ToString(), out var connection))
                {
                    start++; // It cannot be read now: its entry stays, and the next are read beyond it.
                    continue;
                }

                if (connection?.LinksCheckedAt is { } at)
                {
                    rows.Add(new LinksToCheck(entry.Element.ToString(), at));
                    start++;
                }

                var right = connection?.LinksCheckedAt?.ToUnixTimeMilliseconds();
                if (right != (long)entry.Score)
                    await CorrectAsync(database, project, entry, right);
            }

            if (entries.Length < limit)
                break;
        }

        return [.. rows.OrderBy(row => row.CheckedAt).Take(limit)];
    }

    private Task<RedisResult> CorrectAsync(IDatabase database, string project, SortedSetEntry entry, long? right) =>
        database.ScriptEvaluateAsync(
            Correct, [keys.LinkChecks(project)], [entry.Element, (long)entry.Score, right is { } at ? at : ""]);
}
