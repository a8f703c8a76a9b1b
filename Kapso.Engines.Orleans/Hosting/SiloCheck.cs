using Kapso.Engines.Orleans.Redis;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Kapso.Engines.Orleans.Hosting;

/// <summary>Whether this silo is a member of the cluster and takes calls, and Redis takes writes.</summary>
internal sealed class SiloCheck(SiloPreparation silo, ISiloStatusOracle membership, StoreHealth store, IHostApplicationLifetime host) : IHealthCheck
{
    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var status = membership.CurrentStatus;
        if (status == SiloStatus.Dead)
            return HealthCheckResult.Unhealthy("This silo is no longer a member of the cluster: the others have declared it dead. It has to be started anew.");
        if (!silo.IsActive || status != SiloStatus.Active || host.ApplicationStopping.IsCancellationRequested)
            return HealthCheckResult.Unhealthy("The silo is starting or stopping.");

        var health = await store.CheckAsync(cancellationToken);
        return health switch
        {
            { Ready: false } => HealthCheckResult.Unhealthy(health.Detail),
            { Detail: { } detail } => HealthCheckResult.Degraded(detail),
            _ => HealthCheckResult.Healthy(),
        };
    }
}
