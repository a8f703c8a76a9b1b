using StackExchange.Redis;

namespace Kapso.Engines.Orleans.Redis;

/// <summary>Asks Redis whether it takes a write, and what waits.</summary>
internal sealed class StoreHealth(
    [FromKeyedServices(RedisConnection.Name)] IConnectionMultiplexer redis, StoreKeys keys, EngineClock clock, StoreWatch watch)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(0.9);

    /// <summary>What waits in the whole cluster: effects, effects that need a person, parked deliveries.</summary>
    public async Task<(long Waiting, long Stuck, long Parked)> ReadTotalsAsync()
    {
        var totals = await redis.GetDatabase().HashGetAsync(keys.Totals, ["waiting", "stuck", "parked"]);
        return ((long)totals[0], (long)totals[1], (long)totals[2]);
    }

    /// <summary>Never throws; answers within a second.</summary>
    public async Task<EngineHealth> CheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            var database = redis.GetDatabase();
            var probe = database.StringSetAsync(keys.Probe, clock.Now.ToUnixTimeMilliseconds());
            var totals = ReadTotalsAsync();
            var durability = RedisDurability.FindDoubtAsync(redis);
            await Task.WhenAll(probe, totals, durability).WaitAsync(Timeout, cancellationToken);
            var counts = await totals;
            var doubt = await durability;
            var problem = watch.Problem ?? (watch.Accepts(doubt) ? null : doubt!.Sentence) ?? (watch.IsOpening ? "The store is being looked at." : null);
            return new EngineHealth(problem is null, problem ?? doubt?.Sentence, counts.Waiting, counts.Stuck, counts.Parked);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException or OperationCanceledException)
        {
            return new EngineHealth(false, $"Redis did not take a write: {exception.Message}", 0, 0, 0);
        }
    }
}
