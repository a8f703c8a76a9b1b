using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Kapso.AppHost;

/// <summary>
/// Has the projects stop before what they need to do so: the silos leave the cluster while Redis is still there, so that the
/// next start waits for none of them, and the last telemetry finds the dashboard.
/// </summary>
internal sealed class OrderlyStop(DistributedApplicationModel application, ResourceCommandService commands) : IHostedLifecycleService
{
    /// <summary>What has not stopped by then is stopped with all the rest.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    /// <inheritdoc/>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        Task stops = Task.WhenAll(application.Resources.OfType<ProjectResource>()
            .Select(project => commands.ExecuteCommandAsync(project, KnownResourceCommands.StopCommand, cancellationToken)));
        await stops.WaitAsync(Patience, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>Adds <see cref="OrderlyStop"/>.</summary>
internal static class OrderlyStopExtensions
{
    /// <summary>Has a run on this machine stop in order.</summary>
    public static void AddOrderlyStop(this IDistributedApplicationBuilder builder)
    {
        if (builder.ExecutionContext.IsRunMode)
            builder.Services.AddHostedService<OrderlyStop>();
    }
}
