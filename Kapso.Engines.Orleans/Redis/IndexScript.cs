namespace Kapso.Engines.Orleans.Redis;

/// <summary>
/// Writes all that finds a connection, in one round trip and before the connection itself: due time, row, and the entries
/// that are new. Takes a number over and tells who had it, so that nobody has to ask before.
/// </summary>
internal static class IndexScript
{
    /// <summary>How its refusal begins, where the store is not the one any more that the process knows.</summary>
    public const string AnotherStore = "ANOTHERSTORE";

    // ARGV: customer, entry, at, row, project, the store's id (or nothing), then pairs of an operation and its subject.
    public const string Lua = EntryScript.Lua + """
        local customer, answer = ARGV[1], {}
        if ARGV[6] ~= '' and redis.call('HGET', store, 'id') ~= ARGV[6] then
          return redis.error_reply('ANOTHERSTORE was emptied, or took the place of the one that this process knows')
        end

        -- Makes the customer the newest of at most eight candidates for a number; answers with the others, the newest last.
        local function take(number)
          local known = redis.call('HGET', numbers, number)
          if not known then
            redis.call('HSET', numbers, number, customer)
            return ''
          end
          local others, last = {}, nil
          for candidate in string.gmatch(known, '[^\n]+') do
            if candidate ~= customer then others[#others + 1] = candidate end
            last = candidate
          end
          if last ~= customer then
            local kept = {}
            for i = math.max(1, #others - 6), #others do kept[#kept + 1] = others[i] end
            kept[#kept + 1] = customer
            redis.call('HSET', numbers, number, table.concat(kept, '\n'))
          end
          return table.concat(others, '\n')
        end

        redis.call('ZADD', due, 'LT', ARGV[3], ARGV[2])
        setrow(customer, ARGV[4])
        for i = 7, #ARGV, 2 do
          local operation, subject = ARGV[i], ARGV[i + 1]
          if operation == 'take' then
            answer[1] = take(subject)
            answer[2] = redis.call('HGET', hints, subject)
          else change(ARGV[5], customer, operation, subject)
          end
        end
        return answer
        """;
}
