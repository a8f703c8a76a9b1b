using Kapso.Engines.Orleans.Redis;
using StackExchange.Redis;

namespace Kapso.Engines.Orleans.Hosting;

/// <summary>Tells in the log which Redis this process uses, when it goes and when it is back.</summary>
internal sealed partial class RedisWatch(
    [FromKeyedServices(RedisConnection.Name)] IConnectionMultiplexer redis, StoreWatch store, TimeProvider time, ILogger<RedisWatch> logger)
    : IHostedService
{
    private readonly Outage _outage = new(
        $"Redis at {RedisConnection.AddressOf(redis)}", "Until it is back, nothing can be made durable, and no delivery is accepted.", time, logger);

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        redis.ConnectionFailed += OnFailed;
        redis.ConnectionRestored += OnRestored;
        if (redis.IsConnected)
            LogConnected(RedisConnection.AddressOf(redis));
        else
            _outage.Failed("it could not be reached");
        store.Start();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        redis.ConnectionFailed -= OnFailed;
        redis.ConnectionRestored -= OnRestored;
        return Task.CompletedTask;
    }

    private void OnFailed(object? sender, ConnectionFailedEventArgs failed)
    {
        if (failed.ConnectionType == ConnectionType.Interactive)
            _outage.Failed(failed.FailureType.ToString());
    }

    private void OnRestored(object? sender, ConnectionFailedEventArgs restored)
    {
        if (restored.ConnectionType == ConnectionType.Interactive)
            _outage.Answered();
    }

    [LoggerMessage(1, LogLevel.Information, "Redis at {Address} is connected.")]
    private partial void LogConnected(string address);
}
