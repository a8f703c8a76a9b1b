using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Kapso.AppHost;

/// <summary>
/// Starts projects anew that could not go on, as a service manager does elsewhere: a silo whose store was emptied ends with exit code 1.
/// One that ends before it was ever healthy has wrong settings, and would do it again.
/// </summary>
internal sealed class Restarts(ResourceNotificationService notifications, ResourceCommandService commands, IHostApplicationLifetime host) : BackgroundService
{
    private const int CouldNotGoOn = 1;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var healthy = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var change in notifications.WatchAsync(stoppingToken))
        {
            if (change.Resource is not ProjectResource)
                continue;
            if (change.Snapshot.HealthStatus == HealthStatus.Healthy)
                healthy.Add(change.ResourceId);
            else if (HasEnded(change.Snapshot) && healthy.Remove(change.ResourceId)
                && change.Snapshot.ExitCode == CouldNotGoOn && !host.ApplicationStopping.IsCancellationRequested)
                await commands.ExecuteCommandAsync(change.ResourceId, KnownResourceCommands.StartCommand, stoppingToken);
        }
    }

    private static bool HasEnded(CustomResourceSnapshot resource) =>
        resource.State?.Text is { } state && KnownResourceStates.TerminalStates.Contains(state);
}

/// <summary>Adds <see cref="Restarts"/>.</summary>
internal static class RestartsExtensions
{
    /// <summary>Has a run on this machine start what could not go on anew.</summary>
    public static void AddRestarts(this IDistributedApplicationBuilder builder)
    {
        if (builder.ExecutionContext.IsRunMode)
            builder.Services.AddHostedService<Restarts>();
    }
}
