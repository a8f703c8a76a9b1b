using Kapso.Platform.Settings;
using Kapso.Web.Projects;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kapso.Web.Hosting;

/// <summary>Says in the log, once the host has started, whom it serves and how.</summary>
internal sealed partial class Introduction(
    ProjectDirectory projects, IOptions<KapsoOptions> settings, ILogger<Introduction> logger) : BackgroundService
{
    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        foreach (var project in projects.All)
            LogProject(project.Id, project.Name ?? "no name", settings.Value.Welcome.Flow);
        return Task.CompletedTask;
    }

    [LoggerMessage(1, LogLevel.Information, "Project {ProjectId} ({Name}) is served; its customers are welcomed by the flow {Flow}.")]
    private partial void LogProject(string projectId, string name, WelcomeFlow flow);
}
