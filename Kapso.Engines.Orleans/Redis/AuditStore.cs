using System.Text.Json;
using StackExchange.Redis;

namespace Kapso.Engines.Orleans.Redis;

/// <summary>
/// The audit: for each project, and for what is of none, a sorted set of lines as JSON, which begin with their ids and so stand in the
/// order of those. A second one finds lines by what few of them have, see <see cref="AuditIndex"/>; lists that ask for anything else
/// look through the lines themselves, some thousand for a page.
/// </summary>
internal sealed class AuditStore([FromKeyedServices(RedisConnection.Name)] IConnectionMultiplexer redis, StoreKeys keys)
{
    private const int MaxConflicts = 20;
    private const int ChunkSize = 500;
    private const string Beginning = "{\"i\":\"";

    private const string Append = """
        -- ARGV: the id's beginning and end in the order, the line, the project (empty for none), the entries of the index.
        if #redis.call('ZRANGEBYLEX', KEYS[1], '[' .. ARGV[1], '(' .. ARGV[2], 'LIMIT', 0, 1) > 0 then return 0 end
        if ARGV[4] ~= '' then redis.call('SADD', KEYS[3], ARGV[4]) end
        redis.call('ZADD', KEYS[1], 0, ARGV[3])
        for i = 5, #ARGV do redis.call('ZADD', KEYS[2], 0, ARGV[i]) end
        return 1
        """;

    private const string Replace = """
        -- ARGV: the line as it was, as it is to be, how many entries of the index it had, those, those that it is to have.
        if redis.call('ZREM', KEYS[1], ARGV[1]) == 0 then return 0 end
        redis.call('ZADD', KEYS[1], 0, ARGV[2])
        local had = tonumber(ARGV[3])
        for i = 4, 3 + had do redis.call('ZREM', KEYS[2], ARGV[i]) end
        for i = 4 + had, #ARGV do redis.call('ZADD', KEYS[2], 0, ARGV[i]) end
        return 1
        """;

    public Task AppendAsync(AuditLine line) => EvaluateAsync(
        line.ProjectId, Append, [Beginning + line.Id, Beyond(line.Id), Write(line), line.ProjectId ?? "", .. AuditIndex.Of(line)]);

    /// <summary>Completes an open line; false where it is not open, or not kept.</summary>
    /// <exception cref="TimeoutException">Others wrote first, again and again.</exception>
    public async Task<bool> CompleteAsync(string? project, string id, AuditEnd end)
    {
        for (var conflicts = 0; conflicts < MaxConflicts; conflicts++)
        {
            if (await FindAsync(project, id) is not { } stored || Read(stored, project) is not { IsOpen: true } line)
                return false;
            if (await ReplaceAsync(stored, line, line.With(end)))
                return true;
        }

        throw new TimeoutException("Others wrote the line of the audit first, again and again.");
    }

    /// <summary>Lines of a project, or of none, that are wanted.</summary>
    public Task<AuditPart> ListAsync(string? project, AuditQuery query, int limit) =>
        AuditIndex.PrefixFor(query) is { } prefix ? FollowAsync(project, query, prefix, limit) : ScanAsync(project, query, limit);

    /// <summary>Redacts all lines of a customer.</summary>
    public async Task RedactAsync(CustomerKey key, string hash)
    {
        var prefix = AuditIndex.OfCustomer(key.CustomerId);
        while (await FindEntriesAsync(key.ProjectId, prefix, null, null, ChunkSize) is { Length: > 0 } entries)
        {
            foreach (var entry in entries)
            {
                if (await FindAsync(key.ProjectId, AuditIndex.LineOf(entry)) is not { } stored)
                    await redis.GetDatabase().SortedSetRemoveAsync(keys.AuditIndex(key.ProjectId), entry);
                else if (Read(stored, key.ProjectId) is var line)
                    await ReplaceAsync(stored, line, line.Redacted(hash)); // Where another write came first, it is found once more.
            }
        }
    }

    /// <summary>Prunes the lines that began before a time.</summary>
    public async Task PruneAsync(string? project, DateTimeOffset before)
    {
        var database = redis.GetDatabase();
        while (await database.SortedSetRangeByValueAsync(
                   keys.Audit(project), default, Beginning + AuditLine.FirstId(before), Exclude.Stop, Order.Ascending, 0, ChunkSize) is { Length: > 0 } old)
        {
            // The index first: a line that is still there is found again.
            var entries = old.SelectMany(line => AuditIndex.Of(Read(line, project))).ToArray();
            await database.SortedSetRemoveAsync(keys.AuditIndex(project), entries);
            await database.SortedSetRemoveAsync(keys.Audit(project), old);
        }
    }

    private async Task<AuditPart> ScanAsync(string? project, AuditQuery query, int limit)
    {
        var (from, before) = (Beginning + AuditPages.From(query), AuditPages.Before(query) is { } id ? Beginning + id : Beginning + "~");
        var (lines, lookedAt) = (new List<AuditLine>(), 0);
        while (true)
        {
            var found = await redis.GetDatabase().SortedSetRangeByValueAsync(
                keys.Audit(project), from, before, Exclude.Stop, Order.Descending, 0, ChunkSize);
            foreach (var line in found.Select(stored => Read(stored, project)))
            {
                before = Beginning + line.Id;
                if (query.Matches(line))
                    lines.Add(line);
                if (lines.Count > limit || ++lookedAt >= AuditPages.MaxLookedAt)
                    return new AuditPart(lines, line.Id);
            }

            if (found.Length < ChunkSize)
                return new AuditPart(lines, null);
        }
    }

    private async Task<AuditPart> FollowAsync(string? project, AuditQuery query, string prefix, int limit)
    {
        var (from, before) = (AuditPages.From(query), AuditPages.Before(query));
        var (lines, lookedAt) = (new List<AuditLine>(), 0);
        while (true)
        {
            var entries = await FindEntriesAsync(project, prefix, from, before, ChunkSize);
            var found = await Task.WhenAll(entries.Select(entry => FindAsync(project, AuditIndex.LineOf(entry))));
            foreach (var (entry, stored) in entries.Zip(found))
            {
                before = AuditIndex.LineOf(entry);
                if (stored is { } known && Read(known, project) is var line && query.Matches(line))
                    lines.Add(line);
                if (lines.Count > limit || ++lookedAt >= AuditPages.MaxLookedAt)
                    return new AuditPart(lines, before);
            }

            if (entries.Length < ChunkSize)
                return new AuditPart(lines, null);
        }
    }

    private Task<RedisValue[]> FindEntriesAsync(string? project, string prefix, string? from, string? before, int limit) =>
        redis.GetDatabase().SortedSetRangeByValueAsync(
            keys.AuditIndex(project), prefix + from, prefix + (before ?? "~"), Exclude.Stop, Order.Descending, 0, limit);

    private async Task<RedisValue?> FindAsync(string? project, string id)
    {
        var found = await redis.GetDatabase().SortedSetRangeByValueAsync(
            keys.Audit(project), Beginning + id, Beyond(id), Exclude.Stop, Order.Ascending, 0, 1);
        return found is [var line] ? line : (RedisValue?)null;
    }

    private async Task<bool> ReplaceAsync(RedisValue stored, AuditLine before, AuditLine after)
    {
        RedisValue[] had = [.. AuditIndex.Of(before)];
        return (bool)await EvaluateAsync(before.ProjectId, Replace, [stored, Write(after), had.Length, .. had, .. AuditIndex.Of(after)]);
    }

    private Task<RedisResult> EvaluateAsync(string? project, string script, RedisValue[] arguments) =>
        redis.GetDatabase().ScriptEvaluateAsync(script, [keys.Audit(project), keys.AuditIndex(project), keys.Projects], arguments);

    private static string Beyond(string id) => Beginning + id + "~";

    private static RedisValue Write(AuditLine line) => JsonSerializer.Serialize(line with { ProjectId = null }, EngineJson.Default.AuditLine);

    private static AuditLine Read(RedisValue stored, string? project) =>
        JsonSerializer.Deserialize(stored.ToString(), EngineJson.Default.AuditLine)! with { ProjectId = project };
}
