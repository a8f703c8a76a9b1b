using Kapso.Engines.Budget;
using Kapso.Engines.Orleans.Redis;
using StackExchange.Redis;

namespace Kapso.Engines.Orleans.Budget;

/// <summary>
/// The calls that the whole cluster made in the last minute, in Redis and by its clock. Counted exactly, call by call: no 60
/// seconds hold more calls than the limit, whoever makes them.
/// </summary>
internal sealed class SharedMinute(IConnectionMultiplexer redis, StoreKeys keys, int requestsPerMinute, TimeSpan window) : IMinute
{
    /// <summary>How long a call waits that lets a more urgent one of another process go first.</summary>
    private static readonly TimeSpan Courtesy = TimeSpan.FromMilliseconds(100);

    // A call that finds the minute full says so, and until it had its turn no less urgent one goes. One that has only used
    // up its own share keeps nobody waiting.
    // KEYS: all calls, those of the purpose, who waits. ARGV: call, purpose, limit, share, window, courtesy, whether more wait.
    private const string Take = """
        local time = redis.call('TIME')
        local now = time[1] * 1000 + math.floor(time[2] / 1000)
        local window, purpose = tonumber(ARGV[5]), tonumber(ARGV[2])
        for i = 1, 2 do redis.call('ZREMRANGEBYSCORE', KEYS[i], '-inf', string.format('%d', now - window)) end
        local function left(key)
          local oldest = redis.call('ZRANGE', key, 0, 0, 'WITHSCORES')
          return math.max(1, tonumber(oldest[2]) + window - now)
        end
        if redis.call('ZCARD', KEYS[2]) >= tonumber(ARGV[4]) then return left(KEYS[2]) end
        if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[3]) then
          local wait = left(KEYS[1])
          redis.call('HSET', KEYS[3], purpose, string.format('%d', now + wait + 10 * ARGV[6]))
          redis.call('PEXPIRE', KEYS[3], window * 2)
          return wait
        end
        for urgent = 0, purpose - 1 do
          local till = redis.call('HGET', KEYS[3], urgent)
          if till and tonumber(till) > now then return tonumber(ARGV[6]) end
        end
        if ARGV[7] == '0' then redis.call('HDEL', KEYS[3], purpose) end
        for i = 1, 2 do
          redis.call('ZADD', KEYS[i], string.format('%d', now), ARGV[1])
          redis.call('PEXPIRE', KEYS[i], window * 2)
        end
        return 0
        """;

    /// <inheritdoc/>
    public ValueTask<TimeSpan> TakeAsync(PlatformCall call, string id, bool moreWait) => AskAsync(async database =>
    {
        var wait = await database.ScriptEvaluateAsync(
            Take,
            [keys.Calls(call.ProjectId), OfPurpose(call), keys.CallsWaiting(call.ProjectId)],
            [
                id, (int)call.Purpose, requestsPerMinute, Shares.Of(call.Purpose, requestsPerMinute),
                (long)window.TotalMilliseconds, (long)Courtesy.TotalMilliseconds, moreWait,
            ]);
        return TimeSpan.FromMilliseconds((long)wait);
    });

    /// <inheritdoc/>
    public async ValueTask ReturnAsync(PlatformCall call, string id) => await AskAsync(async database =>
        await database.SortedSetRemoveAsync(keys.Calls(call.ProjectId), id) & await database.SortedSetRemoveAsync(OfPurpose(call), id));

    private async ValueTask<T> AskAsync<T>(Func<IDatabase, Task<T>> ask)
    {
        try
        {
            return await ask(redis.GetDatabase());
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            throw new EngineUnavailableException("Redis does not answer, where the calls of the cluster are counted.", exception);
        }
    }

    private RedisKey OfPurpose(PlatformCall call) => keys.Calls(call.ProjectId, call.Purpose.ToString());
}
