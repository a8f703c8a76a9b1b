namespace Kapso.Engines.Orleans.Redis;

/// <summary>
/// The part that both scripts share: writes a customer's row and keeps the lists and totals that follow from it in step.
/// What a row replaces is read here and not told by the caller, so that the lists and totals agree with the rows whatever
/// else went wrong.
/// </summary>
internal static class RowScript
{
    /// <summary>A row that means: nothing is known of the customer.</summary>
    public const string None = "-";

    public const string Lua = """
        local due, rows, list, totals = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
        local function setrow(customer, row)
          local before = redis.call('HGET', rows, customer)
          if before == row or (not before and row == '-') then return end
          local status0, waiting0, stuck0 = '', 0, 0
          if before then status0, waiting0, stuck0 = string.match(before, '^(%d) (%d+) (%d+) ') end
          local status, waiting, stuck = '', 0, 0
          if row ~= '-' then status, waiting, stuck = string.match(row, '^(%d) (%d+) (%d+) ') end
          if status ~= status0 then
            if before then redis.call('ZREM', list, status0 .. customer) end
            if row ~= '-' then redis.call('ZADD', list, 0, status .. customer) end
          end
          if waiting - waiting0 ~= 0 then redis.call('HINCRBY', totals, 'waiting', waiting - waiting0) end
          if stuck - stuck0 ~= 0 then redis.call('HINCRBY', totals, 'stuck', stuck - stuck0) end
          if row == '-' then redis.call('HDEL', rows, customer) else redis.call('HSET', rows, customer, row) end
        end

        """;
}
