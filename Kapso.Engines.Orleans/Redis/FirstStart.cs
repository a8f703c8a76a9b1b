using StackExchange.Redis;

namespace Kapso.Engines.Orleans.Redis;

/// <summary>When the service first started on this store: numbers older than that are adopted without a welcome.</summary>
internal sealed class FirstStart([FromKeyedServices(RedisConnection.Name)] IConnectionMultiplexer redis, StoreKeys keys)
{
    private const string MoveBack = """
        local known = redis.call('GET', KEYS[1])
        if not known or tonumber(known) > tonumber(ARGV[1]) then redis.call('SET', KEYS[1], ARGV[1]) end
        return 0
        """;

    /// <summary>The time; now, where this is the first start.</summary>
    public async Task<DateTimeOffset> FindAsync(DateTimeOffset now)
    {
        var database = redis.GetDatabase();
        await database.StringSetAsync(keys.FirstStart, now.ToUnixTimeMilliseconds(), when: When.NotExists);
        return DateTimeOffset.FromUnixTimeMilliseconds((long)await database.StringGetAsync(keys.FirstStart));
    }

    /// <summary>Makes it an earlier time.</summary>
    public Task MoveBackAsync(DateTimeOffset time) =>
        redis.GetDatabase().ScriptEvaluateAsync(MoveBack, [keys.FirstStart], [time.ToUnixTimeMilliseconds()]);
}
