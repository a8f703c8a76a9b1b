using Kapso.Engines.Orleans.Redis;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Kapso.Engines.Orleans.Hosting;

/// <summary>A silo's: it gives the store its id, and ends where the store is another one.</summary>
internal sealed class SiloStoreWatch(
    RedisAdmission admission,
    StoreIdentity identity,
    [FromKeyedServices(RedisConnection.Name)] IConnectionMultiplexer redis,
    StoreKeys keys,
    EngineClock clock,
    ProcessFailure failure,
    IOptions<EngineOptions> options,
    ILogger<SiloStoreWatch> logger)
    : StoreWatch(admission, identity, redis, keys, clock, failure, options.Value.AcceptsWeakerDurability, logger)
{
    private readonly ProcessFailure _failure = failure;
    private readonly StoreIdentity _identity = identity;
    private readonly string _address = RedisConnection.AddressOf(redis);

    /// <inheritdoc/>
    protected override Task OpenAsync() => _identity.CreateAsync();

    /// <summary>Members of the cluster, reminders and records are gone, and nothing that this process knows fits what is there.</summary>
    protected override Task<bool> ReplacedAsync(string known, StoreState seen)
    {
        Problem = $"the store at {_address} was emptied, or another one took its place, while this silo worked on it.";
        _failure.Report(Problem);
        return Task.FromResult(false);
    }
}
