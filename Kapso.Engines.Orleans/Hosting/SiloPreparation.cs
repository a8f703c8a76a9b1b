using Kapso.Engines.Orleans.Redis;

namespace Kapso.Engines.Orleans.Hosting;

/// <summary>Before anything of the silo: waits for a store that it can use. Before the first grain: finds out when the service first started.</summary>
internal sealed class SiloPreparation(StoreWatch store, FirstStart firstStart, Policies policies, EngineClock clock)
    : ILifecycleParticipant<ISiloLifecycle>
{
    private volatile bool _active;

    /// <summary>Whether the silo takes calls.</summary>
    public bool IsActive => _active;

    /// <inheritdoc/>
    public void Participate(ISiloLifecycle lifecycle)
    {
        lifecycle.Subscribe(nameof(SiloPreparation), ServiceLifecycleStage.First, WaitForStoreAsync);
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

    /// <summary>As long as it takes, since others may be started later.</summary>
    private Task WaitForStoreAsync(CancellationToken cancellationToken)
    {
        store.Start();
        return store.Opened.WaitAsync(cancellationToken);
    }

    private async Task PrepareAsync(CancellationToken cancellationToken) =>
        policies.FirstStart = await firstStart.FindAsync(clock.Now).WaitAsync(cancellationToken);
}
