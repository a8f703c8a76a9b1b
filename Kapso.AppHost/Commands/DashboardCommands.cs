using Kapso.AppHost.Settings;

namespace Kapso.AppHost.Commands;

/// <summary>What the dashboard can do with the running service.</summary>
internal static class DashboardCommands
{
    /// <summary>
    /// Adds <em>Send a signed test connection</em>, <em>Show held effects</em>, <em>Reconcile now</em> and <em>Replay parked
    /// deliveries</em>.
    /// </summary>
    /// <param name="api">Gets the commands.</param>
    /// <param name="settings">What requests are signed with.</param>
    /// <param name="simulator">The simulated platform, which is then told of what was made up.</param>
    public static IResourceBuilder<ProjectResource> WithKapsoCommands(
        this IResourceBuilder<ProjectResource> api, KapsoSettings settings, EndpointReference? simulator) => api
        .WithHttpCommand(
            "/webhooks/project",
            "Send a signed test connection",
            endpointName: "http",
            commandName: "test-connection",
            commandOptions: new HttpCommandOptions
            {
                Description = "Sends the webhook of a made-up customer who connected a number, and shows the connection.",
                IconName = "PlugConnected",
                IsHighlighted = true,
                Method = HttpMethod.Post,
                PrepareRequest = context => TestConnection.PrepareAsync(context, settings, simulator),
                GetCommandResult = context => TestConnection.ShowAsync(context, settings),
            })
        .WithHttpCommand(
            "/api/projects",
            "Show held effects",
            endpointName: "http",
            commandName: "held-effects",
            commandOptions: new HttpCommandOptions
            {
                Description = "Shows the effects whose outcome is unknown and that wait for a person.",
                IconName = "PersonAlert",
                Method = HttpMethod.Get,
                PrepareRequest = context => context.Request.AimAsync("effects?status=held", settings, context.CancellationToken),
                GetCommandResult = HeldEffects.ShowAsync,
            })
        .WithHttpCommand(
            "/api/projects",
            "Reconcile now",
            endpointName: "http",
            commandName: "reconcile",
            commandOptions: new HttpCommandOptions
            {
                Description = "Has everything compared with the platform, and shows what came of it.",
                IconName = "ArrowSync",
                Method = HttpMethod.Post,
                PrepareRequest = context => context.Request.AimAsync("reconcile", settings, context.CancellationToken),
                GetCommandResult = context => ReconcileNow.ShowAsync(context, settings),
            })
        .WithHttpCommand(
            "/api/projects",
            "Replay parked deliveries",
            endpointName: "http",
            commandName: "replay-parked",
            commandOptions: new HttpCommandOptions
            {
                Description = "Folds in what was parked, and shows what remains and why.",
                IconName = "ArrowRepeatAll",
                Method = HttpMethod.Get,
                PrepareRequest = context => context.Request.AimAsync("parked", settings, context.CancellationToken),
                GetCommandResult = context => ReplayParked.RunAsync(context, settings),
            });
}
