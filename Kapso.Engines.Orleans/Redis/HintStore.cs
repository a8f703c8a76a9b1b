using System.Text;
using System.Text.Json;
using Kapso.Engines.Erasing;
using StackExchange.Redis;

namespace Kapso.Engines.Orleans.Redis;

/// <summary>
/// Unclaimed hints: redirects that found no customer and wait for a proof of their number. Those of one number are kept
/// together, a line for each: its link, a tab, the observation as JSON.
/// </summary>
internal sealed class HintStore([FromKeyedServices(RedisConnection.Name)] IConnectionMultiplexer redis, StoreKeys keys)
{
    private const string Drop = """
        local hints, times = KEYS[1], KEYS[2]
        local function drop(number, link, line)
          local known = redis.call('HGET', hints, number)
          local kept, dropped = {}, false
          for each in string.gmatch(known or '', '[^\n]+') do
            if string.sub(each, 1, #link + 1) == link .. '\t' and (not line or each == line) then dropped = true
            else kept[#kept + 1] = each end
          end
          if #kept == 0 then redis.call('HDEL', hints, number)
          else redis.call('HSET', hints, number, table.concat(kept, '\n')) end
          if dropped or not line then redis.call('ZREM', times, number .. '\n' .. link) end
        end
        local function dropmembers(members)
          for _, member in ipairs(members) do
            local number, link = string.match(member, '^([^\n]*)\n(.*)$')
            drop(number, link)
          end
        end

        """;

    // ARGV: number, link, line, received at, received at the earliest, most hints, project.
    private const string Hold = Drop + """
        redis.call('SADD', KEYS[3], ARGV[7])
        dropmembers(redis.call('ZRANGEBYSCORE', times, '-inf', '(' .. ARGV[5]))
        local member = ARGV[1] .. '\n' .. ARGV[2]
        if redis.call('ZSCORE', times, member) then return 0 end
        local excess = redis.call('ZCARD', times) - ARGV[6] + 1
        if excess > 0 then dropmembers(redis.call('ZRANGE', times, 0, excess - 1)) end
        local known = redis.call('HGET', hints, ARGV[1])
        redis.call('HSET', hints, ARGV[1], known and (known .. '\n' .. ARGV[3]) or ARGV[3])
        redis.call('ZADD', times, ARGV[4], member)
        return math.max(excess, 0)
        """;

    // ARGV: number, then pairs of a link and its line.
    private const string Remove = Drop + """
        for i = 2, #ARGV, 2 do drop(ARGV[1], ARGV[i], ARGV[i + 1]) end
        return 0
        """;

    // ARGV: received at the earliest.
    private const string Prune = Drop + """
        dropmembers(redis.call('ZRANGEBYSCORE', times, '-inf', '(' .. ARGV[1]))
        return 0
        """;

    /// <summary>Reads the hints of one number.</summary>
    public static IEnumerable<Observation> Read(string? lines) =>
        Lines(lines).Select(line => JsonSerializer.Deserialize(line.Json, EngineJson.Default.Observation)!);

    /// <summary>Keeps a hint; the same number and link once. Returns how many older ones made room for it.</summary>
    public async Task<int> HoldAsync(string project, Observation hint, DateTimeOffset now) => (int)await EvaluateAsync(
        project, Hold,
        hint.PhoneNumberId, hint.SetupLinkId ?? "", Line(hint), hint.ReceivedAt.ToUnixTimeMilliseconds(),
        (now - UnclaimedHints.Life).ToUnixTimeMilliseconds(), UnclaimedHints.MaxKept, project);

    /// <summary>Drops those that have waited too long.</summary>
    public Task PruneAsync(string project, DateTimeOffset now) =>
        EvaluateAsync(project, Prune, (now - UnclaimedHints.Life).ToUnixTimeMilliseconds());

    /// <summary>Removes what was folded in; what came since stays.</summary>
    public Task RemoveAsync(string project, string phoneNumberId, string lines) => EvaluateAsync(
        project, Remove,
        [phoneNumberId, .. Lines(lines).SelectMany(line => new RedisValue[] { line.Link, line.Text })]);

    /// <summary>Removes one hint that was folded in.</summary>
    public Task RemoveAsync(string project, Observation hint) => RemoveAsync(project, hint.PhoneNumberId!, Line(hint));

    /// <summary>Removes those that name a customer; answers with how many.</summary>
    public async Task<long> EraseAsync(string project, ErasedNames names)
    {
        var erased = 0L;
        foreach (var entry in await redis.GetDatabase().HashGetAllAsync(keys.Hints(project)))
        {
            foreach (var (_, json, text) in Lines(entry.Value.ToString()).Where(line => names.AreIn(Encoding.UTF8.GetBytes(line.Json))))
            {
                await RemoveAsync(project, entry.Name.ToString(), text);
                erased++;
            }
        }

        return erased;
    }

    /// <summary>How many wait.</summary>
    public async Task<int> CountAsync(string project, DateTimeOffset now) =>
        (int)await redis.GetDatabase().SortedSetLengthAsync(keys.HintTimes(project), (now - UnclaimedHints.Life).ToUnixTimeMilliseconds());

    private static string Line(Observation hint) =>
        $"{hint.SetupLinkId}\t{JsonSerializer.Serialize(hint, EngineJson.Default.Observation)}";

    private static IEnumerable<(string Link, string Json, string Text)> Lines(string? lines)
    {
        foreach (var line in (lines ?? "").Split(StoreKeys.Separator, StringSplitOptions.RemoveEmptyEntries))
        {
            var tab = line.IndexOf('\t', StringComparison.Ordinal);
            yield return (line[..tab], line[(tab + 1)..], line);
        }
    }

    private Task<RedisResult> EvaluateAsync(string project, string script, params RedisValue[] arguments) =>
        redis.GetDatabase().ScriptEvaluateAsync(script, [keys.Hints(project), keys.HintTimes(project), keys.Projects], arguments);
}
