using System.Globalization;
using System.Text.Json;
using Kapso.Engines.Erasing;
using StackExchange.Redis;

namespace Kapso.Engines.Orleans.Redis;

/// <summary>What is counted and kept for a project beside its connections.</summary>
internal sealed class ActivityStore(IConnectionMultiplexer redis, StoreKeys keys, HintStore hints)
{
    private const int FailedSetupsShown = 100;

    private const string Count = """
        -- ARGV: event, received at, body, most names, the name of the others, that of test deliveries.
        local name = ARGV[1]
        local known = redis.call('HGET', KEYS[1], name)

        -- Test deliveries are asked for by name, so their row does not compete for room; nor does that of the others.
        local names = redis.call('HLEN', KEYS[1]) - redis.call('HEXISTS', KEYS[1], ARGV[5]) - redis.call('HEXISTS', KEYS[1], ARGV[6])
        if not known and name ~= ARGV[6] and names >= tonumber(ARGV[4]) then
          name = ARGV[5]
          known = redis.call('HGET', KEYS[1], name)
        end
        local count, last = 0, ARGV[2]
        if known then
          local at
          count, at = string.match(known, '^(%d+) (%d+)')
          if tonumber(at) > tonumber(last) then last = at end
        end
        redis.call('HSET', KEYS[1], name, string.format('%d %s', count + 1, last))
        redis.call('HSET', KEYS[2], name, ARGV[3])
        return 1
        """;

    private const string KeepFailed = """
        redis.call('LPUSH', KEYS[1], ARGV[1])
        redis.call('LTRIM', KEYS[1], 0, ARGV[2] - 1)
        return 1
        """;

    public Task CountAsync(string project, SeenEvent seen) => redis.GetDatabase().ScriptEvaluateAsync(
        Count,
        [keys.Events(project), keys.EventBodies(project)],
        [
            seen.Name, seen.ReceivedAt.ToUnixTimeMilliseconds(), seen.Body[..Math.Min(seen.Body.Length, SeenEvent.MaxBody)],
            SeenEvent.MaxNames, SeenEvent.Other, SeenEvent.TestDelivery,
        ]);

    public Task KeepFailedSetupAsync(string project, FailedSetup failed) => redis.GetDatabase().ScriptEvaluateAsync(
        KeepFailed, [keys.FailedSetups(project)], [JsonSerializer.Serialize(failed), FailedSetup.MaxKept]);

    public async Task<ProjectActivity> ReadAsync(string project, DateTimeOffset now)
    {
        var database = redis.GetDatabase();
        var counts = database.HashGetAllAsync(keys.Events(project));
        var failed = database.ListRangeAsync(keys.FailedSetups(project), 0, FailedSetupsShown - 1);
        var waiting = hints.CountAsync(project, now);
        var events = (await counts).Select(Read).OrderBy(seen => seen.Name, StringComparer.Ordinal).ToList();
        return new ProjectActivity(
            [.. events.Where(seen => seen.Name != SeenEvent.TestDelivery)],
            events.Find(seen => seen.Name == SeenEvent.TestDelivery)?.LastAt,
            [.. (await failed).Select(setup => JsonSerializer.Deserialize<FailedSetup>(setup.ToString())!)],
            await waiting);
    }

    /// <summary>Removes bodies of events, and failed setups, that name a customer; answers with how many of each.</summary>
    public async Task<(long EventBodies, long FailedSetups)> EraseAsync(string project, ErasedNames names)
    {
        var database = redis.GetDatabase();
        var bodies = (await database.HashGetAllAsync(keys.EventBodies(project)))
            .Where(entry => names.AreIn(((ReadOnlyMemory<byte>)entry.Value).Span)).Select(static entry => entry.Name).ToArray();
        if (bodies.Length > 0)
            await database.HashDeleteAsync(keys.EventBodies(project), bodies);
        var failed = (await database.ListRangeAsync(keys.FailedSetups(project)))
            .Where(setup => names.AreIn(JsonSerializer.Deserialize<FailedSetup>(setup.ToString())!.SetupLinkId)).ToList();
        foreach (var setup in failed.Distinct())
            await database.ListRemoveAsync(keys.FailedSetups(project), setup);
        return (bodies.Length, failed.Count);
    }

    private static EventCount Read(HashEntry entry)
    {
        var parts = entry.Value.ToString().Split(' ');
        return new EventCount(
            entry.Name.ToString(),
            long.Parse(parts[0], CultureInfo.InvariantCulture),
            DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(parts[1], CultureInfo.InvariantCulture)));
    }
}
