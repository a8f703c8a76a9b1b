namespace Kapso.Engines.Orleans.Redis;

/// <summary>The part that both scripts share: puts what finds a connection into the indexes, or takes it out.</summary>
internal static class EntryScript
{
    // KEYS: see StoreKeys.OfConnections. What is taken out of the hashes is only what still names this customer.
    public const string Lua = RowScript.Lua + """
        local search, stuck, numbers, links, states, hints = KEYS[5], KEYS[6], KEYS[7], KEYS[8], KEYS[9], KEYS[10]
        local checks, marked, ends, words, wordsof, store = KEYS[11], KEYS[12], KEYS[13], KEYS[14], KEYS[15], KEYS[16]
        local function clear(set, prefix)
          redis.call('ZREMRANGEBYLEX', set, '[' .. prefix, '(' .. string.sub(prefix, 1, -2) .. '\11')
        end
        local function clearmarks(prefix)
          local range = {'[' .. prefix, '(' .. string.sub(prefix, 1, -2) .. '\11'}
          for _, member in ipairs(redis.call('ZRANGEBYLEX', marked, range[1], range[2])) do redis.call('ZREM', ends, member) end
          clear(marked, prefix)
        end
        -- Like the rows: what they replace is read here, so that no word is left of what a failed write put in.
        local function setwords(customer, found)
          local before = redis.call('HGET', wordsof, customer) or ''
          if before == found then return end
          for word in string.gmatch(before, '[^\n]+') do redis.call('ZREM', words, word .. '\n' .. customer) end
          for word in string.gmatch(found, '[^\n]+') do redis.call('ZADD', words, 0, word .. '\n' .. customer) end
          if found == '' then redis.call('HDEL', wordsof, customer) else redis.call('HSET', wordsof, customer, found) end
        end
        -- Of a row that says nothing of names: when it was written stays as it is.
        local function setnames(customer, names)
          local row = redis.call('HGET', rows, customer)
          if not row then return end
          local head, numbers = string.match(row, '^(%d+ %d+ %d+ %d+)[^\n]*(.*)$')
          if head then redis.call('HSET', rows, customer, head .. names .. numbers) end
        end
        local function change(project, customer, operation, subject)
          if operation == 'state' then redis.call('HSETNX', states, subject, project .. '\n' .. customer)
          elseif operation == 'no-state' then
            if redis.call('HGET', states, subject) == project .. '\n' .. customer then redis.call('HDEL', states, subject) end
          elseif operation == 'link' then redis.call('HSETNX', links, subject, customer)
          elseif operation == 'no-link' then
            if redis.call('HGET', links, subject) == customer then redis.call('HDEL', links, subject) end
          elseif operation == 'no-take' then
            local kept = {}
            for candidate in string.gmatch(redis.call('HGET', numbers, subject) or '', '[^\n]+') do
              if candidate ~= customer then kept[#kept + 1] = candidate end
            end
            if #kept == 0 then redis.call('HDEL', numbers, subject)
            else redis.call('HSET', numbers, subject, table.concat(kept, '\n')) end
          elseif operation == 'no-check' then redis.call('ZREM', checks, customer)
          elseif operation == 'check' then redis.call('ZADD', checks, subject, customer)
          elseif operation == 'take-if-free' then redis.call('HSETNX', numbers, subject, customer)
          elseif operation == 'number' then redis.call('ZADD', search, 0, subject .. '\n' .. customer)
          elseif operation == 'no-number' then redis.call('ZREM', search, subject .. '\n' .. customer)
          elseif operation == 'words' then setwords(customer, subject)
          elseif operation == 'names' then setnames(customer, subject)
          elseif operation == 'mark' then
            redis.call('ZADD', marked, 0, subject)
            redis.call('ZREM', ends, subject)
          elseif operation == 'mark-end' then
            local at, mark = string.match(subject, '^(%-?%d+) (.*)$')
            redis.call('ZADD', ends, at, mark)
          elseif operation == 'no-mark' then
            redis.call('ZREM', marked, subject)
            redis.call('ZREM', ends, subject)
          elseif operation == 'clear-mark' then clearmarks(subject)
          elseif operation == 'held' then redis.call('ZADD', stuck, 0, subject)
          elseif operation == 'no-held' then redis.call('ZREM', stuck, subject)
          elseif operation == 'clear-held' then clear(stuck, subject)
          end
        end

        """;
}
