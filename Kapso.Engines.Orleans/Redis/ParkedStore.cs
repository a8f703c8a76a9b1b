using System.Globalization;
using System.Text;
using System.Text.Json;
using Kapso.Engines.Erasing;
using StackExchange.Redis;

namespace Kapso.Engines.Orleans.Redis;

/// <summary>
/// Parked deliveries, bounded in age and number. Each is a line with its status and the time of its resolution, then the
/// rest as JSON; its body is kept beside it as it came.
/// </summary>
internal sealed class ParkedStore(IConnectionMultiplexer redis, StoreKeys keys)
{
    private const string Waiting = "0 ";

    /// <summary>Deliveries that are looked at together.</summary>
    private const int ChunkSize = 200;

    /// <summary>The delivery, waiting or resolved; null where it is not kept.</summary>
    public async Task<ParkedDelivery?> FindAsync(string project, string id)
    {
        var database = redis.GetDatabase();
        var head = database.HashGetAsync(keys.Parked(project), id);
        var body = database.HashGetAsync(keys.ParkedBodies(project), id);
        return await head is { HasValue: true } found ? Read(found.ToString(), await body) : null;
    }

    /// <summary>Those that wait, in the order of their ids, which is that of their receipt. Of the bodies only the sizes are read.</summary>
    public async Task<Page<ParkedHead>> ListAsync(string project, string? cursor, int limit)
    {
        limit = Pages.Clamp(limit);
        var database = redis.GetDatabase();
        var after = Cursor.Read(cursor) is { Length: > 0 } id ? (RedisValue)id : RedisValue.Null;
        var ids = await database.SortedSetRangeByValueAsync(
            keys.ParkedWaiting(project), after, default, Exclude.Start, Order.Ascending, 0, limit + 1);
        var heads = database.HashGetAsync(keys.Parked(project), ids);
        var sizes = Task.WhenAll(ids.Select(found => database.HashStringLengthAsync(keys.ParkedBodies(project), found)));
        var rows = (await heads).Zip(await sizes)
            .Where(row => row.First.HasValue)
            .Select(row => ParkedHead.Of(Read(row.First.ToString(), RedisValue.Null), (int)row.Second))
            .ToList();
        return Pages.Cut(rows, limit, static head => head.Id);
    }

    /// <summary>Keeps a delivery, and prunes; one whose id is kept changes nothing, and the answer's first is 0.</summary>
    public Task<PrunedParked> ParkAsync(ParkedDelivery delivery, DateTimeOffset now, TimeSpan maxAge, int maxCount) => PruneAsync(
        delivery.ProjectId, ParkedScripts.Park,
        delivery.Id, Write(delivery), delivery.Body, RetentionScore(delivery), delivery.ProjectId,
        (now - maxAge).ToUnixTimeMilliseconds(), maxCount);

    /// <summary>Marks a waiting delivery as resolved; returns it as it is now, null where it is not kept.</summary>
    public async Task<ParkedDelivery?> ResolveAsync(string project, string id, ParkedStatus status, DateTimeOffset now)
    {
        if (await FindAsync(project, id) is not { Status: ParkedStatus.Waiting } delivery || status == ParkedStatus.Waiting)
            return await FindAsync(project, id);

        var resolved = delivery with { Status = status, ResolvedAt = now };
        await EvaluateAsync(project, ParkedScripts.Resolve, id, Write(resolved), RetentionScore(resolved));
        return await FindAsync(project, id);
    }

    /// <summary>Prunes by age and number, some thousand at most; the answer's first is how many went.</summary>
    public Task<PrunedParked> PruneAsync(string project, DateTimeOffset now, TimeSpan maxAge, int maxCount) =>
        PruneAsync(project, ParkedScripts.Prune, (now - maxAge).ToUnixTimeMilliseconds(), maxCount);

    /// <summary>Erases what deliveries say of a customer; answers with how many did.</summary>
    public async Task<long> EraseAsync(string project, ErasedNames names)
    {
        var (database, erased) = (redis.GetDatabase(), 0L);
        await foreach (var ids in IdsAsync(database, project))
        {
            var rows = database.HashGetAsync(keys.Parked(project), ids);
            foreach (var ((row, body), id) in (await rows).Zip(await database.HashGetAsync(keys.ParkedBodies(project), ids)).Zip(ids))
            {
                if (!row.HasValue || Read(row.ToString(), body) is not { } delivery || names.Redact(delivery) is var redacted && ReferenceEquals(redacted, delivery))
                    continue;
                erased += (long)await EvaluateAsync(project, ParkedScripts.Redact, redacted is null ? [id] : [id, Write(redacted), redacted.Body]);
            }
        }

        return erased;
    }

    private async IAsyncEnumerable<RedisValue[]> IdsAsync(IDatabase database, string project)
    {
        var ids = new List<RedisValue>(ChunkSize);
        await foreach (var entry in database.SortedSetScanAsync(keys.ParkedRetention(project), pageSize: ChunkSize))
        {
            ids.Add(entry.Element);
            if (ids.Count < ChunkSize)
                continue;
            yield return [.. ids];
            ids.Clear();
        }

        if (ids.Count > 0)
            yield return [.. ids];
    }

    private async Task<PrunedParked> PruneAsync(string project, string script, params RedisValue[] arguments) =>
        (long[])(await EvaluateAsync(project, script, arguments))! is [var rows, var expired, var dropped] ? new PrunedParked(rows, expired, dropped) : default;

    private static double RetentionScore(ParkedDelivery delivery) =>
        ((double)delivery.Retention() * ParkedScripts.RetentionStep) + delivery.ReceivedAt.ToUnixTimeMilliseconds();

    private static string Write(ParkedDelivery delivery)
    {
        var text = new StringBuilder();
        if (delivery.Status == ParkedStatus.Waiting)
            text.Append(Waiting);
        else
            text.Append(CultureInfo.InvariantCulture, $"{(int)delivery.Status} {delivery.ResolvedAt?.ToUnixTimeMilliseconds()}");
        return text.Append(StoreKeys.Separator)
            .Append(JsonSerializer.Serialize(
                delivery with { Body = default, Status = ParkedStatus.Waiting, ResolvedAt = null }, EngineJson.Default.ParkedDelivery))
            .ToString();
    }

    private static ParkedDelivery Read(string text, RedisValue body)
    {
        var end = text.IndexOf(StoreKeys.Separator, StringComparison.Ordinal);
        var head = text[..end].Split(' ');
        return JsonSerializer.Deserialize(text[(end + 1)..], EngineJson.Default.ParkedDelivery)! with
        {
            Body = (byte[]?)body ?? [],
            Status = (ParkedStatus)int.Parse(head[0], CultureInfo.InvariantCulture),
            ResolvedAt = long.TryParse(head[1], CultureInfo.InvariantCulture, out var at) ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null,
        };
    }

    private Task<RedisResult> EvaluateAsync(string project, string script, params RedisValue[] arguments) =>
        redis.GetDatabase().ScriptEvaluateAsync(
            script,
            [keys.Parked(project), keys.ParkedBodies(project), keys.ParkedWaiting(project), keys.ParkedRetention(project), keys.Totals, keys.Projects],
            arguments);
}

/// <summary>What a write or a pruning of parked deliveries did.</summary>
/// <param name="Rows">How many rows were written, or pruned.</param>
/// <param name="Expired">How many that waited went by their age.</param>
/// <param name="Dropped">How many that waited went for lack of room.</param>
internal readonly record struct PrunedParked(long Rows, long Expired, long Dropped);
