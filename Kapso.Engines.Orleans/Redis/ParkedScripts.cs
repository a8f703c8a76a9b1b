namespace Kapso.Engines.Orleans.Redis;

/// <summary>The writes of <see cref="ParkedStore"/>.</summary>
internal static class ParkedScripts
{
    /// <summary>Rows of different worth are this far apart in the order of pruning; times of receipt are below it.</summary>
    public const double RetentionStep = 1e13;

    public const string Park = Common + """
        -- ARGV: id, row, body, worth, project, received at the earliest, most rows.
        redis.call('SADD', KEYS[6], ARGV[5])
        if redis.call('HEXISTS', rows, ARGV[1]) == 1 then return {0, 0, 0} end
        redis.call('HSET', rows, ARGV[1], ARGV[2])
        redis.call('HSET', bodies, ARGV[1], ARGV[3])
        redis.call('ZADD', worth, ARGV[4], ARGV[1])
        if string.sub(ARGV[2], 1, 2) == '0 ' then
          redis.call('ZADD', waiting, 0, ARGV[1])
          redis.call('HINCRBY', totals, 'parked', 1)
        end
        local _, expired, dropped = prune(ARGV[6], ARGV[7])
        return {1, expired, dropped}
        """;

    public const string Resolve = Common + """
        -- ARGV: id, row, worth.
        if redis.call('ZREM', waiting, ARGV[1]) == 0 then return 0 end
        redis.call('HINCRBY', totals, 'parked', -1)
        redis.call('HSET', rows, ARGV[1], ARGV[2])
        redis.call('ZADD', worth, ARGV[3], ARGV[1])
        return 1
        """;

    public const string Prune = Common + """
        -- ARGV: received at the earliest, most rows. Answers with how many were pruned (there may be more), and of those that waited
        -- how many by age and how many for lack of room.
        return {prune(ARGV[1], ARGV[2])}
        """;

    public const string Redact = Common + """
        -- ARGV: id, then row and body as they are to be; without, it is removed.
        if redis.call('HEXISTS', rows, ARGV[1]) == 0 then return 0 end
        if not ARGV[2] then return (remove({ARGV[1]})) end
        redis.call('HSET', rows, ARGV[1], ARGV[2])
        redis.call('HSET', bodies, ARGV[1], ARGV[3])
        return 1
        """;

    private const string Common = """
        local rows, bodies, waiting, worth, totals = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
        local step, owed = 1e13, 4
        local function remove(ids)
          local waited = 0
          for _, id in ipairs(ids) do
            redis.call('HDEL', rows, id)
            redis.call('HDEL', bodies, id)
            redis.call('ZREM', worth, id)
            if redis.call('ZREM', waiting, id) == 1 then
              redis.call('HINCRBY', totals, 'parked', -1)
              waited = waited + 1
            end
          end
          return #ids, waited
        end
        -- What the engine owes a replay is never pruned.
        local function prune(earliest, most)
          local pruned, expired, dropped = 0, 0, 0
          for class = 0, owed - 1 do
            local all, waited = remove(redis.call('ZRANGEBYSCORE', worth, class * step, '(' .. string.format('%.0f', class * step + earliest), 'LIMIT', 0, 1000))
            pruned, expired = pruned + all, expired + waited
          end
          local excess = redis.call('HLEN', rows) - most
          if excess > 0 then
            local all, waited = remove(redis.call('ZRANGEBYSCORE', worth, '-inf', '(' .. string.format('%.0f', owed * step), 'LIMIT', 0, math.min(excess, 1000)))
            pruned, dropped = pruned + all, dropped + waited
          end
          return pruned, expired, dropped
        end

        """;
}
