using System.Collections.Concurrent;
using Kapso.Connections.Webhooks;
using Kapso.Platform.Hosting;
using Kapso.Platform.Settings;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kapso.Platform.Webhooks;

/// <summary>
/// The secrets of the webhooks that the service keeps, as this process knows them: read at its start, and again within a second of a
/// change, so that a delivery is checked without a look into the store.
/// </summary>
public sealed partial class KeptSecrets : RunningService
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    private readonly IConnectionEngine _engine;
    private readonly IReadOnlyList<ProjectOptions> _projects;
    private readonly TimeProvider _time;
    private readonly ILogger<KeptSecrets> _logger;
    private readonly ConcurrentDictionary<string, Known> _known = new(StringComparer.Ordinal);

    /// <summary>Reads the settings once; nothing is read before the host has started.</summary>
    /// <param name="engine">Keeps the webhooks.</param>
    /// <param name="options">The validated settings.</param>
    /// <param name="time">The clock by which secrets end.</param>
    /// <param name="logger">Gets a line where the store does not answer.</param>
    public KeptSecrets(IConnectionEngine engine, IOptions<KapsoOptions> options, TimeProvider time, ILogger<KeptSecrets> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_engine, _time, _logger) = (engine, time, logger);
        _projects = [.. options.Value.Projects.Where(project => project.Webhook == WebhookSetup.Managed)];
    }

    /// <summary>What a delivery of a project whose webhook is kept may be signed with, those of the settings among them; null while that is not known.</summary>
    public WebhookSecrets? Of(string projectId) => _known.GetValueOrDefault(projectId)?.Secrets;

    /// <inheritdoc/>
    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        while (_projects.Count > 0 && !stoppingToken.IsCancellationRequested)
        {
            foreach (var project in _projects)
                await LookAsync(project, stoppingToken);
            await Task.Delay(BetweenLooks, _time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task LookAsync(ProjectOptions project, CancellationToken stop)
    {
        try
        {
            var kept = await _engine.ReadWebhookAsync(project.Id, stop);
            var now = _time.GetUtcNow();
            string[] accepted = [.. project.WebhookSecrets, .. kept.Secrets.Where(secret => secret.Until is null || secret.Until > now).Select(secret => secret.Value.Reveal)];
            if (_known.GetValueOrDefault(project.Id) is not { } known || !known.Accepted.SequenceEqual(accepted))
                _known[project.Id] = new Known(accepted, WebhookSecrets.Create(accepted));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The host stops.
        }
#pragma warning disable CA1031 // Whatever it was: what is known holds, and it is looked at again in a second.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogNotRead(project.Id, exception.Message);
        }
    }

    private sealed record Known(string[] Accepted, WebhookSecrets Secrets);

    [LoggerMessage(1, LogLevel.Warning, "The secrets of the webhook that is kept for project {ProjectId} could not be read; it is tried again in a second. {Why}")]
    private partial void LogNotRead(string projectId, string why);
}
