using Kapso.Grains.Store;
using Kapso.Platform.Api;
using Kapso.Platform.Api.Budget;
using StackExchange.Redis;

namespace Kapso.Grains.Budget;

/// <summary>
/// The calls that the whole cluster made in the last minute, in Redis and by its clock. Counted exactly, call by call: no 60
/// seconds hold more calls than the limit, whoever makes them.
/// </summary>
internal sealed class SharedMinute(IConnectionMultiplexer redis, StoreKeys keys, int requestsPerMinute, TimeSpan window)
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

    /// <summary>Counts a call, where it may be made now.</summary>
    /// <param name="call">Whose call it is, and what for.</param>
    /// <param name="id">Names the call.</param>
    /// <param name="moreWait">Whether more calls for the same purpose wait in this process, behind it.</param>
    /// <returns>Zero where it may be made; else the time until it is worth asking again.</returns>
    public async Task<TimeSpan> TakeAsync(PlatformCall call, string id, bool moreWait)
    {
        var wait = await redis.GetDatabase().ScriptEvaluateAsync(
            Take,
            [keys.Calls(call.ProjectId), OfPurpose(call), keys.CallsWaiting(call.ProjectId)],
            [
                id, (int)call.Purpose, requestsPerMinute, Shares.Of(call.Purpose, requestsPerMinute),
                (long)window.TotalMilliseconds, (long)Courtesy.TotalMilliseconds, moreWait,
            ]);
        return TimeSpan.FromMilliseconds((long)wait);
    }

    /// <summary>A call that was counted is not made.</summary>
    public Task ReturnAsync(PlatformCall call, string id)
    {
        var database = redis.GetDatabase();
        return Task.WhenAll(
            database.SortedSetRemoveAsync(keys.Calls(call.ProjectId), id), database.SortedSetRemoveAsync(OfPurpose(call), id));
    }

    private RedisKey OfPurpose(PlatformCall call) => keys.Calls(call.ProjectId, call.Purpose.ToString());
}
