using StackExchange.Redis;

namespace Kapso.Engines.Orleans.Redis;

/// <summary>
/// What was turned away of each project, and of none: one value, written only over what it was read as. Each process writes it once a
/// minute at most, so that they seldom meet.
/// </summary>
internal sealed class TurnedAwayStore(IConnectionMultiplexer redis, StoreKeys keys)
{
    private const int MaxConflicts = 20;

    private const string Save = """
        -- ARGV: what it was read as (empty for nothing), the record, its life in milliseconds.
        if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
        redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
        return 1
        """;

    private static readonly TimeSpan Life = TimeSpan.FromDays(ProjectCounts.Days + 1);

    public async Task<TurnedAwayRecord> ReadAsync(string? project) =>
        TurnedAwayRecord.Read((byte[]?)await redis.GetDatabase().StringGetAsync(keys.TurnedAway(project)));

    /// <exception cref="TimeoutException">Others wrote first, again and again.</exception>
    public async Task AddAsync(string? project, IReadOnlyList<TurnedAwayTally> tallies, DateTimeOffset now)
    {
        var database = redis.GetDatabase();
        var key = keys.TurnedAway(project);
        for (var conflicts = 0; conflicts < MaxConflicts; conflicts++)
        {
            var known = (byte[]?)await database.StringGetAsync(key) ?? [];
            DateTimeOffset? lastWebhook = project is not null && await database.SortedSetScoreAsync(keys.LastWebhooks, project) is { } at
                ? DateTimeOffset.FromUnixTimeMilliseconds((long)at)
                : null;
            var record = TurnedAwayRecord.Read(known).With(tallies, lastWebhook, now).Write();
            if ((bool)await database.ScriptEvaluateAsync(Save, [key], [known, record, (long)Life.TotalMilliseconds]))
                return;
        }

        throw new TimeoutException("Others wrote what was turned away first, again and again.");
    }
}
