using System.Text.Json;
using Kapso.Engines.Erasing;
using StackExchange.Redis;

namespace Kapso.Engines.Orleans.Redis;

/// <summary>What was erased of customers, by the hash that stands for each, and whose erasure has not come to its end.</summary>
internal sealed class ErasureStore([FromKeyedServices(RedisConnection.Name)] IConnectionMultiplexer redis, StoreKeys keys)
{
    /// <summary>Whether anybody was ever erased.</summary>
    public Task<bool> AnyAsync() => redis.GetDatabase().KeyExistsAsync(keys.Erasures);

    /// <param name="hash">Stands for the customer.</param>
    public async Task<Erasure?> FindAsync(string hash) => await redis.GetDatabase().HashGetAsync(keys.Erasures, hash) is { HasValue: true } stored
        ? JsonSerializer.Deserialize(((ReadOnlyMemory<byte>)stored).Span, EngineJson.Default.Erasure)
        : null;

    /// <summary>Writes down what is to be remembered, before anything is removed.</summary>
    public async Task RememberAsync(Erasure erasure)
    {
        await redis.GetDatabase().StringSetAsync(
            keys.ErasedLately(erasure.Hash), erasure.Mark.At.ToUnixTimeMilliseconds(), ConnectionPolicy.MaxPutOff);
        await SaveAsync(erasure);
    }

    /// <summary>Takes over what is remembered of a customer, unless something is here.</summary>
    public Task ImportAsync(Erasure erasure) => redis.GetDatabase().HashSetAsync(
        keys.Erasures, erasure.Hash, JsonSerializer.SerializeToUtf8Bytes(erasure, EngineJson.Default.Erasure), When.NotExists);

    public Task SaveAsync(Erasure erasure) => redis.GetDatabase().HashSetAsync(
        keys.Erasures, erasure.Hash, JsonSerializer.SerializeToUtf8Bytes(erasure, EngineJson.Default.Erasure));

    /// <summary>Writes down that a customer is being erased, with the names of an earlier erasure that did not come to its end.</summary>
    public async Task<ErasedNames> BeginAsync(CustomerKey key, ErasedNames names)
    {
        var stored = await redis.GetDatabase().HashGetAsync(keys.Erasing(key.ProjectId), key.CustomerId);
        names = names.With(stored.HasValue ? JsonSerializer.Deserialize(((ReadOnlyMemory<byte>)stored).Span, EngineJson.Default.ErasedNames) : null);
        await redis.GetDatabase().HashSetAsync(
            keys.Erasing(key.ProjectId), key.CustomerId, JsonSerializer.SerializeToUtf8Bytes(names, EngineJson.Default.ErasedNames));
        return names;
    }

    /// <summary>Puts a hash in the place of the customer's id and names: only the bytes are left.</summary>
    public async Task ForgetNamesAsync(CustomerKey key, string hash)
    {
        await redis.GetDatabase().HashSetAsync(keys.Erasing(key.ProjectId), hash, RedisValue.EmptyString);
        await redis.GetDatabase().HashDeleteAsync(keys.Erasing(key.ProjectId), key.CustomerId);
    }

    /// <summary>Keeps what was erased. One that is complete is not among those that are not any more.</summary>
    public async Task SaveAsync(string project, Erasure erasure)
    {
        await SaveAsync(erasure);
        if (erasure.CompletedAt is not null)
            await redis.GetDatabase().HashDeleteAsync(keys.Erasing(project), erasure.Hash);
    }

    public async Task<UnfinishedErasures> ListUnfinishedAsync(string project)
    {
        var isHash = (await redis.GetDatabase().HashGetAllAsync(keys.Erasing(project))).ToLookup(static entry => entry.Value.IsNullOrEmpty, static entry => entry.Name.ToString());
        return new UnfinishedErasures([.. isHash[false]], [.. isHash[true]]);
    }
}
