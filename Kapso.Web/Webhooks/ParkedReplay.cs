using Kapso.Connections.Webhooks;
using Kapso.Platform.Numbers;
using Kapso.Web.Http;
using Kapso.Web.Projects;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kapso.Web.Webhooks;

/// <summary>
/// Replays by itself what the engine could not take when it came, and what found no customer and would find one now: at the
/// start, and then at a steady pace. Several processes may do so at once; a replay that comes second changes nothing.
/// </summary>
internal sealed partial class ParkedReplay(
    IConnectionEngine engine,
    ParkedReplayer replayer,
    NumberOwners owners,
    ProjectDirectory projects,
    WebLimits limits,
    TimeProvider time,
    ILogger<ParkedReplay> logger) : BackgroundService
{
    private const int PageSize = 100;

    /// <summary>Replays in a row that the engine did not answer, after which a pass gives up until the next.</summary>
    private const int MaxUnanswered = 3;

    /// <summary>How long after its receipt the platform is asked about a delivery that names no customer.</summary>
    private static readonly TimeSpan AskedFor = TimeSpan.FromHours(1);

    private readonly AwaitedNumbers _awaited = new(engine);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(limits.ReplayInterval, time);
        try
        {
            do
            {
                foreach (var project in projects.All)
                    await PassAsync(project.Id, stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops; what is parked waits for the next start.
        }
    }

    private async Task PassAsync(string projectId, CancellationToken cancellationToken)
    {
        try
        {
            var unanswered = 0;
            var waiting = new HashSet<string>(StringComparer.Ordinal);
            string? cursor = null;
            do
            {
                var page = await engine.ListParkedAsync(projectId, cursor, PageSize, cancellationToken);
                foreach (var head in page.Items)
                {
                    waiting.Add(head.Id);
                    var known = new List<string>();
                    if (!await IsDueAsync(head, known, cancellationToken)
                        || await engine.FindParkedAsync(projectId, head.Id, cancellationToken) is not { } parked)
                    {
                        continue;
                    }

                    var (result, _) = await replayer.ReplayAsync(parked, Source.Service, by: null, cancellationToken);
                    if (result == ReplayResult.CannotFold)
                        _awaited.Forget(head, known);
                    unanswered = result == ReplayResult.Unavailable ? unanswered + 1 : 0;
                    if (unanswered == MaxUnanswered)
                        return;
                }

                cursor = page.NextCursor;
            }
            while (cursor is not null);
            _awaited.Keep(projectId, waiting);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The next pass begins again at the oldest; nothing is lost by giving up here.
            PassFailed(projectId, exception);
        }
    }

    /// <summary>
    /// Whether a replay promises something now: where one of the numbers that it waits for is known. What needs a person is left
    /// to one.
    /// </summary>
    private async ValueTask<bool> IsDueAsync(ParkedHead parked, List<string> known, CancellationToken cancellationToken)
    {
        if (parked.Reason == ParkedReason.EngineUnavailable)
            return true;
        if (parked.Reason != ParkedReason.UnknownCustomer || await _awaited.FindAsync(parked, cancellationToken) is not { } numbers)
            return false;

        var mayAsk = false;
        foreach (var (number, canBeAsked) in numbers)
        {
            if (await engine.FindByNumberAsync(parked.ProjectId, number, cancellationToken) is not null)
                known.Add(number);
            else
                mayAsk |= canBeAsked && MayAsk(parked, number);
        }

        return known.Count > 0 || mayAsk;
    }

    /// <summary>Whether the platform may be asked whose the number is. Later on, reconciliation finds it if anything does.</summary>
    private bool MayAsk(ParkedHead parked, string phoneNumberId) =>
        time.GetUtcNow() - parked.ReceivedAt < AskedFor && owners.IsWorthAsking(parked.ProjectId, phoneNumberId);

    [LoggerMessage(1, LogLevel.Warning, "Parked deliveries of project {ProjectId} could not be replayed; they are tried again.")]
    private partial void PassFailed(string projectId, Exception exception);
}
