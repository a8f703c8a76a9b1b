namespace Kapso.Silo.Index;

/// <summary>
/// Writes all that finds a connection, in one round trip and before the connection itself: due time, row, states, links,
/// numbers, effects that need a person. Takes a number over and tells who had it, so that nobody has to ask before.
/// </summary>
internal static class IndexScript
{
    // ARGV: customer, entry, at, row, project, then pairs of an operation and its subject.
    public const string Lua = RowScript.Lua + """
        local search, stuck, numbers, links, states, hints = KEYS[5], KEYS[6], KEYS[7], KEYS[8], KEYS[9], KEYS[10]
        local checks, marked = KEYS[11], KEYS[12]
        local customer, answer = ARGV[1], {}

        -- Makes the customer the newest of at most eight candidates for a number; answers with the others, the newest last.
        local function take(number, onlyiffree)
          local known = redis.call('HGET', numbers, number)
          if not known then
            redis.call('HSET', numbers, number, customer)
            return ''
          end
          if onlyiffree then return known end
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
        for i = 6, #ARGV, 2 do
          local operation, subject = ARGV[i], ARGV[i + 1]
          if operation == 'take' then
            answer[1] = take(subject, false)
            answer[2] = redis.call('HGET', hints, subject)
          elseif operation == 'take-if-free' then take(subject, true)
          elseif operation == 'state' then redis.call('HSETNX', states, subject, ARGV[5] .. '\n' .. customer)
          elseif operation == 'link' then redis.call('HSETNX', links, subject, customer)
          elseif operation == 'check' then redis.call('ZADD', checks, subject, customer)
          elseif operation == 'number' then redis.call('ZADD', search, 0, subject .. '\n' .. customer)
          elseif operation == 'no-number' then redis.call('ZREM', search, subject .. '\n' .. customer)
          elseif operation == 'mark' then redis.call('ZADD', marked, 0, subject)
          elseif operation == 'no-mark' then redis.call('ZREM', marked, subject)
          elseif operation == 'held' then redis.call('ZADD', stuck, 0, subject)
          else redis.call('ZREM', stuck, subject)
          end
        end
        return answer
        """;
}
