using System.Globalization;
using StackExchange.Redis;

namespace Kapso.Engines.Orleans.Redis;

/// <summary>What an overview of a project counts: from the lengths of the operator's lists, and the counts of arrivals.</summary>
internal sealed class CountStore(IConnectionMultiplexer redis, StoreKeys keys, TurnedAwayStore turnedAway)
{
    public async Task<ProjectCounts> ReadAsync(string project, DateTimeOffset now)
    {
        var statuses = Enum.GetValues<ConnectionStatus>();
        var counted = Array.ConvertAll(statuses, status => CountAsync(keys.List(project), (int)status));
        var first = DailyCounts.FirstDay(now);
        var days = Enumerable.Range(0, ProjectCounts.Days).Select(ago => ReadDayAsync(project, first + ago)).ToList();
        var lastWebhook = redis.GetDatabase().SortedSetScoreAsync(keys.LastWebhooks, project);
        var turned = Task.WhenAll(turnedAway.ReadAsync(project), turnedAway.ReadAsync(null));
        var held = CountAsync(keys.Stuck(project), (int)EffectStatus.Held);
        var dead = CountAsync(keys.Stuck(project), (int)EffectStatus.Dead);
        var parked = redis.GetDatabase().SortedSetLengthAsync(keys.ParkedWaiting(project));
        var disputed = CountAsync(keys.Marked(project), (int)NumberMark.Disputed);
        var refused = CountAsync(keys.Marked(project), (int)NumberMark.Refused);
        var attention = CountAsync(keys.Marked(project), (int)NumberMark.Attention);
        var over = redis.GetDatabase().SortedSetLengthAsync(keys.MarkEnds(project), double.NegativeInfinity, now.ToUnixTimeMilliseconds());

        var counts = await Task.WhenAll(counted);
        DateTimeOffset? lastAt = await lastWebhook is { } at ? DateTimeOffset.FromUnixTimeMilliseconds((long)at) : null;
        return DailyCounts.Read(
            new ProjectCounts(
                [.. statuses.Zip(counts, (status, count) => new StatusCount(status, count)).Where(status => status.Count > 0)],
                [],
                [],
                lastAt,
                await held,
                await dead,
                await parked,
                await disputed,
                await refused,
                Math.Max(0, await attention - await over))
            {
                TurnedAway = [.. (await turned).SelectMany(record => record.Show(lastAt, now))],
            },
            (await Task.WhenAll(days)).SelectMany(day => day));
    }

    /// <summary>Numbers that a person should look at, in the order of the customer's id; not those whose mark is over.</summary>
    public async Task<Page<MarkedNumber>> ListMarkedAsync(
        string project, NumberMark mark, string? cursor, int limit, DateTimeOffset now)
    {
        limit = Pages.Clamp(limit);
        var marked = new List<(string Member, MarkedNumber Row)>();
        var after = Cursor.Read(cursor) ?? "";
        while (marked.Count <= limit)
        {
            var members = await redis.GetDatabase().SortedSetRangeByValueAsync(
                keys.Marked(project), $"{(int)mark}{after}", $"{(int)mark + 1}", Exclude.Both, Order.Ascending, 0, limit + 1);
            var ends = members.Length == 0 ? [] : await redis.GetDatabase().SortedSetScoresAsync(keys.MarkEnds(project), members);
            foreach (var (member, end) in members.Select(member => member.ToString()[1..]).Zip(ends))
            {
                DateTimeOffset? until = end is { } at ? DateTimeOffset.FromUnixTimeMilliseconds((long)at) : null;
                if (!(until <= now) && member.Split(StoreKeys.Separator) is [var customer, var number])
                    marked.Add((member, new MarkedNumber(customer, number, until)));
            }

            if (members.Length <= limit)
                break;
            after = members[^1].ToString()[1..];
        }

        var page = Pages.Cut(marked, limit, static one => one.Member);
        var rows = await redis.GetDatabase().HashGetAsync(keys.Rows(project), [.. page.Items.Select(one => (RedisValue)one.Row.CustomerId)]);
        return new Page<MarkedNumber>([.. page.Items.Zip(rows, static (one, row) => WithNames(one.Row, row))], page.NextCursor);
    }

    private static MarkedNumber WithNames(MarkedNumber marked, RedisValue found)
    {
        if (!found.HasValue)
            return marked;
        var row = ConnectionSummary.Read(marked.CustomerId, found.ToString());
        var place = row.PhoneNumberIds.ToList().IndexOf(marked.PhoneNumberId);
        return marked with { Names = row.Names, DisplayPhoneNumber = place < 0 ? null : row.DisplayPhoneNumbers[place] };
    }

    /// <summary>How many members of a set begin with a digit.</summary>
    private Task<long> CountAsync(RedisKey key, int digit) => redis.GetDatabase().SortedSetLengthByValueAsync(
        key, digit.ToString(CultureInfo.InvariantCulture), (digit + 1).ToString(CultureInfo.InvariantCulture), Exclude.Stop);

    private async Task<IEnumerable<(long Day, string Name, long Count)>> ReadDayAsync(string project, long day) =>
        (await redis.GetDatabase().HashGetAllAsync(keys.Counts(project, day)))
            .Select(entry => (day, entry.Name.ToString(), (long)entry.Value));
}
