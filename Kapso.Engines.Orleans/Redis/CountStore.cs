using System.Globalization;
using StackExchange.Redis;

namespace Kapso.Engines.Orleans.Redis;

/// <summary>What an overview of a project counts: from the lengths of the operator's lists, and the counts of arrivals.</summary>
internal sealed class CountStore(IConnectionMultiplexer redis, StoreKeys keys)
{
    public async Task<ProjectCounts> ReadAsync(string project, DateTimeOffset now)
    {
        var statuses = Enum.GetValues<ConnectionStatus>();
        var counted = Array.ConvertAll(statuses, status => CountAsync(keys.List(project), (int)status));
        var first = DailyCounts.FirstDay(now);
        var days = Enumerable.Range(0, ProjectCounts.Days).Select(ago => ReadDayAsync(project, first + ago)).ToList();
        var lastWebhook = redis.GetDatabase().SortedSetScoreAsync(keys.LastWebhooks, project);
        var held = CountAsync(keys.Stuck(project), (int)EffectStatus.Held);
        var dead = CountAsync(keys.Stuck(project), (int)EffectStatus.Dead);
        var parked = redis.GetDatabase().SortedSetLengthAsync(keys.ParkedWaiting(project));
        var disputed = CountAsync(keys.Marked(project), (int)NumberMark.Disputed);
        var refused = CountAsync(keys.Marked(project), (int)NumberMark.Refused);

        var counts = await Task.WhenAll(counted);
        return DailyCounts.Read(
            new ProjectCounts(
                [.. statuses.Zip(counts, (status, count) => new StatusCount(status, count)).Where(status => status.Count > 0)],
                [],
                [],
                await lastWebhook is { } at ? DateTimeOffset.FromUnixTimeMilliseconds((long)at) : null,
                await held,
                await dead,
                await parked,
                await disputed,
                await refused),
            (await Task.WhenAll(days)).SelectMany(day => day));
    }

    /// <summary>Numbers that a person should look at, in the order of the customer's id.</summary>
    public async Task<Page<MarkedNumber>> ListMarkedAsync(string project, NumberMark mark, string? cursor, int limit)
    {
        limit = Pages.Clamp(limit);
        var members = await redis.GetDatabase().SortedSetRangeByValueAsync(
            keys.Marked(project), $"{(int)mark}{Cursor.Read(cursor)}", $"{(int)mark + 1}", Exclude.Both, Order.Ascending, 0, limit + 1);
        var page = Pages.Cut(members.Select(member => member.ToString()[1..]).ToList(), limit, static member => member);
        var marked = page.Items.Select(member => member.Split(StoreKeys.Separator)).ToList();
        var rows = await redis.GetDatabase().HashGetAsync(keys.Rows(project), [.. marked.Select(parts => (RedisValue)parts[0])]);
        return new Page<MarkedNumber>([.. marked.Zip(rows, static (parts, row) => Read(parts[0], parts[1], row))], page.NextCursor);
    }

    private static MarkedNumber Read(string customer, string number, RedisValue found)
    {
        if (!found.HasValue)
            return new MarkedNumber(customer, number);
        var row = ConnectionSummary.Read(customer, found.ToString());
        var place = row.PhoneNumberIds.ToList().IndexOf(number);
        return new MarkedNumber(customer, number)
        {
            Names = row.Names,
            DisplayPhoneNumber = place < 0 ? null : row.DisplayPhoneNumbers[place],
        };
    }

    /// <summary>How many members of a set begin with a digit.</summary>
    private Task<long> CountAsync(RedisKey key, int digit) => redis.GetDatabase().SortedSetLengthByValueAsync(
        key, digit.ToString(CultureInfo.InvariantCulture), (digit + 1).ToString(CultureInfo.InvariantCulture), Exclude.Stop);

    private async Task<IEnumerable<(long Day, string Name, long Count)>> ReadDayAsync(string project, long day) =>
        (await redis.GetDatabase().HashGetAllAsync(keys.Counts(project, day)))
            .Select(entry => (day, entry.Name.ToString(), (long)entry.Value));
}
