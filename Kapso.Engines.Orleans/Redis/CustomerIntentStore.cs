using StackExchange.Redis;

namespace Kapso.Engines.Orleans.Redis;

/// <summary>Intents to make a customer: whose it is and until when it holds, a space between them.</summary>
internal sealed class CustomerIntentStore(IConnectionMultiplexer redis, StoreKeys keys)
{
    private const string Intend = """
        -- ARGV: the token, until when it holds, now, the furthest end that another's can have, for how long it is kept. Milliseconds.
        local known = redis.call('GET', KEYS[1])
        if known then
            local token, over = string.match(known, '^(%S+) (%d+)$')
            over = tonumber(over)
            if token ~= ARGV[1] and over > tonumber(ARGV[3]) and over <= tonumber(ARGV[4]) then return 0 end
        end
        redis.call('SET', KEYS[1], ARGV[1] .. ' ' .. ARGV[2], 'PX', ARGV[5])
        return 1
        """;

    private const string Withdraw = """
        -- ARGV: the token.
        local known = redis.call('GET', KEYS[1])
        if known and string.match(known, '^%S+') == ARGV[1] then redis.call('DEL', KEYS[1]) end
        """;

    /// <summary>Redis forgets what holds no more, by its own clock, which need not be this one.</summary>
    private static readonly TimeSpan Kept = 2 * CustomerIntent.Life;

    /// <summary>How far the clocks of two processes may be apart.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    public async Task<bool> IntendAsync(string project, CustomerIntent intent, DateTimeOffset now) =>
        (bool)await redis.GetDatabase().ScriptEvaluateAsync(
            Intend,
            [keys.CustomerIntent(project, intent.ExternalId)],
            [
                Text(intent), (now + CustomerIntent.Life).ToUnixTimeMilliseconds(), now.ToUnixTimeMilliseconds(),
                (now + CustomerIntent.Life + Skew).ToUnixTimeMilliseconds(), (long)Kept.TotalMilliseconds,
            ]);

    public Task WithdrawAsync(string project, CustomerIntent intent) =>
        redis.GetDatabase().ScriptEvaluateAsync(Withdraw, [keys.CustomerIntent(project, intent.ExternalId)], [Text(intent)]);

    /// <summary>Takes back whatever intent there is to make a customer with this id of the company's.</summary>
    public Task ForgetAsync(string project, string externalId) => redis.GetDatabase().KeyDeleteAsync(keys.CustomerIntent(project, externalId));

    private static RedisValue Text(CustomerIntent intent) => intent.Token.ToString("n");
}
