using Kapso.Platform.Hosting;
using Kapso.Platform.Settings;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kapso.Platform.Customers;

/// <summary>Goes on, once a minute, with erasures that were interrupted, or could not come to their end.</summary>
internal sealed partial class ErasureService(
    IConnectionEngine engine, IOptions<KapsoOptions> options, TimeProvider time, ILogger<ErasureService> logger) : RunningService
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMinutes(1);

    /// <summary>Erasures of which was told that they cannot come to their end yet.</summary>
    private readonly HashSet<string> _told = [];

    /// <inheritdoc/>
    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            foreach (var project in options.Value.Projects)
                await LookAsync(project.Id, stoppingToken);
            await Task.Delay(BetweenLooks, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Goes on with the erasures of a project.</summary>
    internal async Task LookAsync(string projectId, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var erasure in await engine.ContinueErasuresAsync(projectId, cancellationToken))
                Tell(projectId, erasure);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The host stops; the next process goes on.
        }
#pragma warning disable CA1031 // Whatever it was, it is tried again in a minute.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogNotErased(projectId, exception.Message);
        }
    }

    private void Tell(string projectId, Erasure erasure)
    {
        if (erasure.CompletedAt is not null)
        {
            _told.Remove(erasure.Hash);
            LogErased(erasure.Hash, projectId);
        }
        else if (_told.Add(erasure.Hash))
            LogNotErased(projectId, erasure.Remains ?? "");
    }

    [LoggerMessage(1, LogLevel.Information, "The erasure of a customer of project {ProjectId}, {Hash} in the audit, has come to its end.")]
    private partial void LogErased(string hash, string projectId);

    [LoggerMessage(2, LogLevel.Warning, "An erasure of project {ProjectId} has not come to its end; it is gone on with in a minute: {Why}")]
    private partial void LogNotErased(string projectId, string why);
}
