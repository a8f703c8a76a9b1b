using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Kapso.Web.Hosting;

/// <summary>Whether deliveries can be made durable. Says no more, since anyone may ask: failed writes are in the log.</summary>
internal sealed class EngineCheck(IConnectionEngine engine) : IHealthCheck
{
    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        (await engine.CheckAsync(cancellationToken).WaitAsync(cancellationToken)).Ready
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy();
}
