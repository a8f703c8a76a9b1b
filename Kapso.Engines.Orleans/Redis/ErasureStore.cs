using System.Text.Json;
using Kapso.Engines.Erasing;
using StackExchange.Redis;

namespace Kapso.Engines.Orleans.Redis;

/// <summary>What was erased of customers, by the hash that stands for each, and whose erasure has not come to its end.</summary>
internal sealed class ErasureStore([FromKeyedServices(RedisConnection.Name)] IConnectionMultiplexer redis, StoreKeys keys)
{
    private const int MaxConflicts = 20;

    private const string Swap = """
        -- ARGV: the field, what it has ('' for nothing), what it is to have.
        if (redis.call('HGET', KEYS[1], ARGV[1]) or '') ~= ARGV[2] then return 0 end
        redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
        return 1
        """;

    /// <summary>Whether anybody was ever erased.</summary>
    public Task<bool> AnyAsync() => redis.GetDatabase().KeyExistsAsync(keys.Erasures);

    /// <param name="hash">Stands for the customer.</param>
    public async Task<Erasure?> FindAsync(string hash) => Parse(await redis.GetDatabase().HashGetAsync(keys.Erasures, hash));

    /// <summary>Changes what is kept of an erasure; what is changed is null where there is none.</summary>
    /// <exception cref="TimeoutException">Others wrote first, again and again.</exception>
    public async Task<Erasure> ChangeAsync(string hash, Func<Erasure?, Erasure> change)
    {
        for (var conflicts = 0; conflicts < MaxConflicts; conflicts++)
        {
            var stored = await redis.GetDatabase().HashGetAsync(keys.Erasures, hash);
            var changed = change(Parse(stored));
            if ((bool)await redis.GetDatabase().ScriptEvaluateAsync(
                    Swap, [keys.Erasures], [hash, stored.HasValue ? stored : RedisValue.EmptyString, Write(changed)]))
                return changed;
        }

        throw new TimeoutException("Others wrote first what was erased of the customer, again and again.");
    }

    /// <summary>Keeps what was on its way when the customer was erased from being written down afterwards.</summary>
    public Task BarAsync(Erasure erasure) => redis.GetDatabase().StringSetAsync(
        keys.ErasedLately(erasure.Hash), erasure.Mark.At.ToUnixTimeMilliseconds(), ConnectionPolicy.MaxPutOff);

    /// <summary>Takes over what is remembered of a customer, unless something is here.</summary>
    public Task ImportAsync(Erasure erasure) => redis.GetDatabase().HashSetAsync(
        keys.Erasures, erasure.Hash, Write(erasure), When.NotExists);

    /// <summary>Writes down that a customer is being erased, with the names of an earlier erasure that did not come to its end.</summary>
    public async Task<ErasedNames> BeginAsync(CustomerKey key, ErasedNames names)
    {
        names = names.With(await FindNamesAsync(key));
        await redis.GetDatabase().HashSetAsync(
            keys.Erasing(key.ProjectId), key.CustomerId, JsonSerializer.SerializeToUtf8Bytes(names, EngineJson.Default.ErasedNames));
        return names;
    }

    /// <summary>What a customer is found by whose erasure has not come to its end; null where there is none to go on with.</summary>
    public async Task<ErasedNames?> FindNamesAsync(CustomerKey key) =>
        await redis.GetDatabase().HashGetAsync(keys.Erasing(key.ProjectId), key.CustomerId) is { HasValue: true } stored
            ? JsonSerializer.Deserialize(((ReadOnlyMemory<byte>)stored).Span, EngineJson.Default.ErasedNames)
            : null;

    /// <summary>Puts a hash in the place of the customer's id and names: only the bytes are left.</summary>
    public async Task ForgetNamesAsync(CustomerKey key, string hash)
    {
        await redis.GetDatabase().HashSetAsync(keys.Erasing(key.ProjectId), hash, RedisValue.EmptyString);
        await redis.GetDatabase().HashDeleteAsync(keys.Erasing(key.ProjectId), key.CustomerId);
    }

    /// <summary>An erasure is complete.</summary>
    public Task EndAsync(string project, string hash) => redis.GetDatabase().HashDeleteAsync(keys.Erasing(project), hash);

    public async Task<UnfinishedErasures> ListUnfinishedAsync(string project)
    {
        var isHash = (await redis.GetDatabase().HashGetAllAsync(keys.Erasing(project))).ToLookup(static entry => entry.Value.IsNullOrEmpty, static entry => entry.Name.ToString());
        return new UnfinishedErasures([.. isHash[false]], [.. isHash[true]]);
    }

    private static Erasure? Parse(RedisValue stored) =>
        stored.HasValue ? JsonSerializer.Deserialize(((ReadOnlyMemory<byte>)stored).Span, EngineJson.Default.Erasure) : null;

    private static byte[] Write(Erasure erasure) => JsonSerializer.SerializeToUtf8Bytes(erasure, EngineJson.Default.Erasure);
}
