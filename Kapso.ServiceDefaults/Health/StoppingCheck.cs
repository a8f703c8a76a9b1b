using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Kapso.ServiceDefaults.Health;

/// <summary>Says first when the process stops, while it still serves.</summary>
internal sealed class StoppingCheck(IHostApplicationLifetime host) : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(host.ApplicationStopping.IsCancellationRequested
            ? HealthCheckResult.Unhealthy()
            : HealthCheckResult.Healthy());
}
