using StackExchange.Redis;

namespace Kapso.Engines.Orleans.Redis;

/// <summary>
/// The operator's list of effects that need a person, in the order of the customer's id. The index says where to look; what
/// is shown comes from the connections themselves.
/// </summary>
internal sealed class EffectList(IConnectionMultiplexer redis, StoreKeys keys)
{
    public async Task<Page<EffectRow>> ListAsync(
        string project, EffectStatus status, string? cursor, int limit, Func<CustomerKey, Task<Connection?>> find)
    {
        limit = Pages.Clamp(limit);
        var rows = new List<(string Member, EffectRow Row)>();
        var after = Cursor.Read(cursor) ?? "";
        while (rows.Count <= limit)
        {
            var members = await redis.GetDatabase().SortedSetRangeByValueAsync(
                keys.Stuck(project), $"{(int)status}{after}", $"{(int)status + 1}", Exclude.Both, Order.Ascending, 0, limit + 1);
            var found = members.Select(member => member.ToString()[1..]).ToList();
            await AddAsync(rows, project, status, found, find);
            if (found.Count <= limit)
                break;
            after = found[^1];
        }

        var page = Pages.Cut(rows, limit, static row => row.Member);
        return new Page<EffectRow>([.. page.Items.Select(row => row.Row)], page.NextCursor);
    }

    private static async Task AddAsync(
        List<(string Member, EffectRow Row)> rows,
        string project,
        EffectStatus status,
        List<string> members,
        Func<CustomerKey, Task<Connection?>> find)
    {
        var parts = members.ConvertAll(member => member.Split(StoreKeys.Separator));
        var connections = await ListedCustomers.FindAsync(
            [.. parts.Select(part => part[0]).Distinct(StringComparer.Ordinal).Select(customer => new CustomerKey(project, customer))], find);
        for (var i = 0; i < members.Count; i++)
        {
            if (connections.GetValueOrDefault(parts[i][0]) is { } connection
                && connection.FindEffect(parts[i][1]) is { } effect && effect.Status == status)
                rows.Add((members[i], new EffectRow(parts[i][0], effect) { Names = connection.Names }));
        }
    }
}
