using Kapso.Engines.Orleans.Redis;
using Microsoft.Extensions.Options;
using Orleans.Messaging;
using StackExchange.Redis;

namespace Kapso.Engines.Orleans.Hosting;

/// <summary>That of a process that calls silos: it goes on once they work on the new store.</summary>
internal sealed partial class ClientStoreWatch(
    RedisAdmission admission,
    StoreIdentity identity,
    [FromKeyedServices(RedisConnection.Name)] IConnectionMultiplexer redis,
    StoreKeys keys,
    EngineClock clock,
    ProcessFailure failure,
    IGatewayListProvider gateways,
    StoreReplacements replacements,
    IOptions<ClusterEngineOptions> options,
    ILogger<ClientStoreWatch> logger)
    : StoreWatch(admission, identity, redis, keys, clock, failure, options.Value.AcceptsWeakerDurability, logger)
{
    private readonly ILogger _logger = logger;
    private readonly string _address = RedisConnection.AddressOf(redis);

    /// <inheritdoc/>
    protected override async Task<bool> ReplacedAsync(string known, StoreState seen)
    {
        if (Problem is null)
        {
            Problem = $"The store at {_address} was emptied, or another one took its place; the silos have not begun on it anew.";
            LogReplaced(_address);
        }

        // Silos end when they see it, so that those of the new store are the ones that have begun on it since.
        if (seen.Id is null || !await HasSilosAsync())
            return false;
        Problem = null;
        LogGoesOn(_address);
        replacements.Tell();
        return true;
    }

    /// <inheritdoc/>
    protected override void SameAgain()
    {
        base.SameAgain();
        LogSameAgain(_address);
    }

    /// <summary>Of a store without a table of silos, the list of them is an exception.</summary>
    private async Task<bool> HasSilosAsync()
    {
        try
        {
            return (await gateways.GetGateways()).Count > 0;
        }
        catch (OrleansException)
        {
            return false;
        }
    }

    [LoggerMessage(
        11,
        LogLevel.Critical,
        "The store at {Address} was emptied, or another one took its place. This process is not ready until silos have begun on it anew.")]
    private partial void LogReplaced(string address);

    [LoggerMessage(12, LogLevel.Warning, "Silos have begun anew on the store at {Address}; this process goes on.")]
    private partial void LogGoesOn(string address);

    [LoggerMessage(13, LogLevel.Warning, "The store at {Address} is the one again that this process knows; it goes on.")]
    private partial void LogSameAgain(string address);
}
