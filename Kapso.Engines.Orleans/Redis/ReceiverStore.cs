using StackExchange.Redis;

namespace Kapso.Engines.Orleans.Redis;

/// <summary>The company's receivers, and how they do.</summary>
internal sealed class ReceiverStore(
    [Microsoft.Extensions.DependencyInjection.FromKeyedServices(RedisConnection.Name)] IConnectionMultiplexer redis, StoreKeys keys)
{
    /// <summary>Characters that a version has at most, with the line end after it.</summary>
    private const int VersionLength = 20;

    public async Task<ReceiverBook> ReadAsync(string project) =>
        await VersionedValue.ReadAsync(redis.GetDatabase(), keys.Receivers(project), EngineJson.Default.ReceiverBook) ?? new ReceiverBook();

    public Task<bool> SaveAsync(string project, ReceiverBook book) =>
        VersionedValue.SaveAsync(redis.GetDatabase(), keys.Receivers(project), book.Version, book, EngineJson.Default.ReceiverBook);

    /// <summary>The version of a project's receivers, without reading them.</summary>
    public async Task<long> ReadVersionAsync(string project) =>
        VersionedValue.VersionOf((await redis.GetDatabase().StringGetRangeAsync(keys.Receivers(project), 0, VersionLength)).ToString());

    public async Task<IReadOnlyList<ReceiverTraffic>> ReadTrafficAsync(string project, DateTimeOffset now)
    {
        var database = redis.GetDatabase();
        var failing = database.HashGetAllAsync(keys.FailingReceivers(project));
        var first = DailyCounts.FirstDay(now);
        var days = await Task.WhenAll(Enumerable.Range(0, ProjectCounts.Days).Select(async ago =>
            (await database.HashGetAllAsync(keys.Counts(project, first + ago)))
                .Select(entry => (first + ago, entry.Name.ToString(), (long)entry.Value))));
        return DailyCounts.ReadTraffic(
            days.SelectMany(static day => day),
            (await failing).ToDictionary(
                static entry => entry.Name.ToString(),
                static entry => DateTimeOffset.FromUnixTimeMilliseconds((long)entry.Value),
                StringComparer.Ordinal));
    }
}
