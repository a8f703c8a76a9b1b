using System.Text.Json;
using StackExchange.Redis;

namespace Kapso.Engines.Orleans.Redis;

/// <summary>
/// What was sent to receivers, or is held for them: for each receiver the messages by their ids, the ids by time, and those by time that
/// were not delivered.
/// </summary>
internal sealed class MessageStore(
    [Microsoft.Extensions.DependencyInjection.FromKeyedServices(RedisConnection.Name)] IConnectionMultiplexer redis, StoreKeys keys)
{
    /// <summary>Messages that are looked at together.</summary>
    private const int ChunkSize = 500;

    /// <summary>Messages of a receiver that are pruned at a time.</summary>
    private const int MaxPruned = 1_000;

    private const string Record = """
        -- KEYS: messages, times, open, failing, when the customer was erased. ARGV: id, created, status, record, kept, receiver, when it failed, '' where it went through, or '-', seconds that it is kept.
        if tonumber(redis.call('GET', KEYS[5]) or '-1') >= tonumber(ARGV[2]) then return 0 end
        redis.call('HSET', KEYS[1], ARGV[1], ARGV[4])
        redis.call('ZADD', KEYS[2], ARGV[2], ARGV[1])
        if ARGV[3] == '0' then redis.call('ZREM', KEYS[3], ARGV[1]) else redis.call('ZADD', KEYS[3], ARGV[2], ARGV[1]) end
        if ARGV[7] == '' then redis.call('HDEL', KEYS[4], ARGV[6])
        elseif ARGV[7] ~= '-' then redis.call('HSETNX', KEYS[4], ARGV[6], ARGV[7])
        end
        for i = 1, 3 do redis.call('EXPIRE', KEYS[i], ARGV[8]) end -- Of a receiver that is no more, nothing is left in the end.
        local over = redis.call('ZCARD', KEYS[2]) - ARGV[5]
        if over > 0 then
          for _, id in ipairs(redis.call('ZRANGE', KEYS[2], 0, over - 1)) do
            redis.call('HDEL', KEYS[1], id)
            redis.call('ZREM', KEYS[3], id)
          end
          redis.call('ZREMRANGEBYRANK', KEYS[2], 0, over - 1)
        end
        return 1
        """;

    private const string Prune = """
        -- KEYS: messages, times, open. ARGV: the time before which they go, how many at most.
        local gone = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', '(' .. ARGV[1], 'LIMIT', 0, ARGV[2])
        for _, id in ipairs(gone) do
          redis.call('HDEL', KEYS[1], id)
          redis.call('ZREM', KEYS[2], id)
          redis.call('ZREM', KEYS[3], id)
        end
        return #gone
        """;

    private const string Erase = """
        -- KEYS: messages, times, open. ARGV: id.
        redis.call('ZREM', KEYS[2], ARGV[1])
        redis.call('ZREM', KEYS[3], ARGV[1])
        return redis.call('HDEL', KEYS[1], ARGV[1])
        """;

    /// <summary>Writes a message down, and whether something goes through to its receiver. One of before its customer was erased is not kept any more.</summary>
    /// <param name="project">The project.</param>
    /// <param name="receiver">The receiver.</param>
    /// <param name="message">The message.</param>
    /// <param name="wentThrough">Whether the attempt that it comes from went through; null where it comes from none.</param>
    /// <param name="hash">Stands for the customer; null where the message is about none.</param>
    public Task RecordAsync(string project, string receiver, ReceiverMessage message, bool? wentThrough, string? hash = null) => redis.GetDatabase().ScriptEvaluateAsync(
        Record,
        [.. KeysOf(project, receiver), keys.FailingReceivers(project), keys.ErasedLately(hash ?? "")],
        [
            message.Id, message.CreatedAt.ToUnixTimeMilliseconds(), (int)message.Status,
            JsonSerializer.SerializeToUtf8Bytes(message, EngineJson.Default.ReceiverMessage), MessageQuery.MaxKept, receiver,
            wentThrough switch { true => "", false => message.At.ToUnixTimeMilliseconds(), _ => "-" }, (long)MessageQuery.KeptFor.TotalSeconds,
        ]);

    public async Task<ReceiverMessage?> FindAsync(string project, string receiver, string id) =>
        Parse(await redis.GetDatabase().HashGetAsync(keys.Messages(project, receiver), id));

    public async Task<Page<ReceiverMessage>> ListAsync(MessageQuery query)
    {
        var limit = Pages.Clamp(query.Limit);
        var (before, id) = MessageCursor.Read(query.Cursor) is var (time, last) ? (time, last) : (double.PositiveInfinity, "");
        var key = query.Status is null or MessageStatus.Delivered ? keys.MessageTimes(query.ProjectId, query.ReceiverId) : keys.OpenMessages(query.ProjectId, query.ReceiverId);
        var rows = new List<ReceiverMessage>();
        var skip = 0L;
        while (rows.Count <= limit)
        {
            var ids = await redis.GetDatabase().SortedSetRangeByScoreWithScoresAsync(
                key, double.NegativeInfinity, before, Exclude.None, Order.Descending, skip, ChunkSize);
            if (ids.Length == 0)
                break;
            skip += ids.Length;
            var wanted = ids.Where(entry => entry.Score < before || string.CompareOrdinal(entry.Element.ToString(), id) < 0)
                .Select(static entry => entry.Element).ToArray();
            var found = await redis.GetDatabase().HashGetAsync(keys.Messages(query.ProjectId, query.ReceiverId), wanted);
            rows.AddRange(found.Select(static message => Parse(message)).OfType<ReceiverMessage>()
                .Where(message => query.Status is null || message.Status == query.Status));
        }

        rows = rows.Count > limit + 1 ? rows.GetRange(0, limit + 1) : rows;
        return Pages.Cut(rows, limit, MessageCursor.Of);
    }

    /// <summary>Forgets the messages of a receiver that are older than what is kept, some at a time.</summary>
    /// <returns>Whether there may be more of them.</returns>
    public async Task<bool> PruneAsync(string project, string receiver, DateTimeOffset now) => (long)await redis.GetDatabase().ScriptEvaluateAsync(
        Prune, KeysOf(project, receiver), [(now - MessageQuery.KeptFor).ToUnixTimeMilliseconds(), MaxPruned]) == MaxPruned;

    /// <summary>Removes the messages about a customer to every receiver there ever was; answers with how many.</summary>
    public async Task<long> EraseAsync(CustomerKey key)
    {
        var prefix = keys.MessagesPrefix(key.ProjectId);
        var receivers = new HashSet<string>(StringComparer.Ordinal);
        foreach (var server in RedisConnection.Writable(redis))
        {
            await foreach (var found in server.KeysAsync(pattern: RedisPattern.Escape(prefix) + "*", pageSize: ChunkSize))
                receivers.Add(found.ToString()[prefix.Length..]);
        }

        var erased = 0L;
        foreach (var receiver in receivers)
        {
            await foreach (var entry in redis.GetDatabase().HashScanAsync(keys.Messages(key.ProjectId, receiver), pageSize: ChunkSize))
            {
                if (Parse(entry.Value)?.CustomerId != key.CustomerId)
                    continue;
                erased += (long)await redis.GetDatabase().ScriptEvaluateAsync(Erase, KeysOf(key.ProjectId, receiver), [entry.Name]);
            }
        }

        return erased;
    }

    private RedisKey[] KeysOf(string project, string receiver) =>
        [keys.Messages(project, receiver), keys.MessageTimes(project, receiver), keys.OpenMessages(project, receiver)];

    private static ReceiverMessage? Parse(RedisValue found) =>
        found.HasValue ? JsonSerializer.Deserialize(((ReadOnlyMemory<byte>)found).Span, EngineJson.Default.ReceiverMessage) : null;
}
