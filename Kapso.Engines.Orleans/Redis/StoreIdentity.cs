using System.Collections.Frozen;
using StackExchange.Redis;

namespace Kapso.Engines.Orleans.Redis;

/// <summary>Which store this is, and whether it took the place of another one under running processes.</summary>
/// <param name="Id">Its id; null where no silo of this version has started on it yet.</param>
/// <param name="ReplacedAt">When a running process first saw that it is another store than before; null where none did.</param>
/// <param name="AcceptedFor">The projects for which a person has accepted it since.</param>
internal sealed record StoreState(string? Id, DateTimeOffset? ReplacedAt, FrozenSet<string> AcceptedFor)
{
    /// <summary>The key under which what is remembered of erased customers is hashed; null where no silo of this version has started on it yet.</summary>
    public ErasureKey? Erasures { get; init; }

    /// <summary>When it took the place of another store; null where it did not, or where that is accepted for the project.</summary>
    public DateTimeOffset? ReplacedFor(string projectId) => AcceptedFor.Contains(projectId) ? null : ReplacedAt;
}

/// <summary>
/// What tells one store from another. A process knows whose store it works on, and so sees that it was emptied, or that another one
/// came in its place: nothing in memory fits what is kept then, and nobody is known to have been greeted.
/// </summary>
internal sealed class StoreIdentity([FromKeyedServices(RedisConnection.Name)] IConnectionMultiplexer redis, StoreKeys keys)
{
    /// <summary>The field of <see cref="StoreKeys.Store"/> with the store's id.</summary>
    public const string IdField = "id";

    /// <summary>The field of <see cref="StoreKeys.Store"/> with the key of erasures.</summary>
    public const string ErasureKeyField = "erasure-key";

    private const string ReplacedField = "replaced";
    private const string AcceptedPrefix = "accepted/";

    private const string Mark = """
        -- ARGV: the id that was known, the time
        if redis.call('HGET', KEYS[1], 'id') == ARGV[1] then return 0 end
        redis.call('HSETNX', KEYS[1], 'replaced', ARGV[2])
        return 1
        """;

    private const string Accept = """
        -- ARGV: the project's field, who accepts it
        if redis.call('HEXISTS', KEYS[1], 'replaced') == 0 then return 0 end
        return redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2])
        """;

    /// <exception cref="RedisException">Redis does not answer.</exception>
    public async Task<StoreState> ReadAsync()
    {
        var fields = await redis.GetDatabase().HashGetAllAsync(keys.Store);
        return new StoreState(
            fields.FirstOrDefault(field => field.Name == IdField).Value,
            fields.FirstOrDefault(field => field.Name == ReplacedField).Value is { HasValue: true } at
                ? DateTimeOffset.FromUnixTimeMilliseconds((long)at)
                : null,
            fields.Select(field => (string)field.Name!)
                .Where(name => name.StartsWith(AcceptedPrefix, StringComparison.Ordinal))
                .Select(name => name[AcceptedPrefix.Length..])
                .ToFrozenSet(StringComparer.Ordinal))
        {
            Erasures = fields.FirstOrDefault(field => field.Name == ErasureKeyField).Value is { HasValue: true } key ? new ErasureKey((byte[])key!) : null,
        };
    }

    /// <summary>Gives the store an id and a key of erasures, where it has none.</summary>
    public async Task CreateAsync()
    {
        await redis.GetDatabase().HashSetAsync(keys.Store, IdField, Guid.NewGuid().ToString("N"), When.NotExists);
        await redis.GetDatabase().HashSetAsync(keys.Store, ErasureKeyField, ErasureKey.Create().ToBytes(), When.NotExists);
    }

    /// <summary>Makes the key of another store's erasures this one's, and lets every process know.</summary>
    public async Task TakeErasureKeyAsync(ErasureKey key)
    {
        await redis.GetDatabase().HashSetAsync(keys.Store, ErasureKeyField, key.ToBytes());
        Tell("erasure-key");
    }

    /// <summary>Marks the store as one that took another one's place, unless it is that one (again).</summary>
    /// <returns>Whether it is marked.</returns>
    public async Task<bool> MarkReplacedAsync(string known, DateTimeOffset now)
    {
        if (!(bool)await redis.GetDatabase().ScriptEvaluateAsync(Mark, [keys.Store], [known, now.ToUnixTimeMilliseconds()]))
            return false;
        Tell("replaced");
        return true;
    }

    /// <summary>Writes down that a person accepts the store for a project.</summary>
    /// <returns>Whether there was something to accept.</returns>
    public async Task<bool> AcceptAsync(string projectId, string by)
    {
        if (!(bool)await redis.GetDatabase().ScriptEvaluateAsync(Accept, [keys.Store], [AcceptedPrefix + projectId, by]))
            return false;
        Tell("accepted");
        return true;
    }

    private void Tell(string what) => redis.GetSubscriber().Publish(keys.StoreChanged, what, CommandFlags.FireAndForget);
}
