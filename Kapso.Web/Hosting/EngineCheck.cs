using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Kapso.Web.Hosting;

/// <summary>
/// Whether deliveries can be made durable, and what an operator should look at where they can. Where they cannot it does not say why,
/// since anyone may ask: failed writes are in the log.
/// </summary>
internal sealed class EngineCheck(IConnectionEngine engine) : IHealthCheck
{
    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        await engine.CheckAsync(cancellationToken).WaitAsync(cancellationToken) switch
        {
            { Ready: false } => HealthCheckResult.Unhealthy(),
            { Detail: { } detail } => HealthCheckResult.Degraded(detail),
            _ => HealthCheckResult.Healthy(),
        };
}
