using Kapso.Engines.Orleans.Grains;
using Kapso.Engines.Orleans.Redis;
using StackExchange.Redis;

namespace Kapso.Engines.Orleans.Hosting;

/// <summary>Before the first grain: finds out when the service first started, and whether Redis keeps what it acknowledges.</summary>
internal sealed partial class SiloPreparation(
    [FromKeyedServices(RedisConnection.Name)] IConnectionMultiplexer redis, FirstStart firstStart, Policies policies, EngineClock clock, ILogger<SiloPreparation> logger)
    : ILifecycleParticipant<ISiloLifecycle>
{
    private volatile bool _active;

    /// <summary>Whether the silo takes calls.</summary>
    public bool IsActive => _active;

    /// <inheritdoc/>
    public void Participate(ISiloLifecycle lifecycle)
    {
        lifecycle.Subscribe(nameof(SiloPreparation), ServiceLifecycleStage.RuntimeStorageServices, PrepareAsync);
        lifecycle.Subscribe(
            nameof(IsActive),
            ServiceLifecycleStage.Active,
            _ =>
            {
                _active = true;
                return Task.CompletedTask;
            },
            _ =>
            {
                _active = false;
                return Task.CompletedTask;
            });
    }

    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        policies.FirstStart = await firstStart.FindAsync(clock.Now).WaitAsync(cancellationToken);
        switch (await RedisDurability.FindDoubtAsync(redis).WaitAsync(cancellationToken))
        {
            case { IsCertain: true } doubt:
                LogNotDurable(doubt.Sentence);
                break;
            case { } doubt:
                LogPerhapsNotDurable(doubt.Sentence);
                break;
        }
    }

    [LoggerMessage(1, LogLevel.Critical, "Connections and welcomes can be lost: {Problem}")]
    private partial void LogNotDurable(string problem);

    [LoggerMessage(2, LogLevel.Warning, "It is not known whether connections and welcomes can be lost: {Doubt}")]
    private partial void LogPerhapsNotDurable(string doubt);
}
