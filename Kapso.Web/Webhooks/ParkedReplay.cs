using Kapso.Connections.Webhooks;
using Kapso.Platform.Numbers;
using Kapso.Web.Http;
using Kapso.Web.Projects;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kapso.Web.Webhooks;

/// <summary>
/// Replays by itself what the engine could not take when it came, and what found no customer and would find one now: at the
/// start, and then at a steady pace, which is quicker while the engine takes nothing: it may at any moment. Several processes may
/// do so at once; a replay that comes second changes nothing.
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

    /// <summary>Replays that the engine did not answer, after which a pass gives up until the next.</summary>
    private const int MaxUnanswered = 3;

    /// <summary>How long after its receipt the platform is asked about a delivery that names no customer.</summary>
    private static readonly TimeSpan AskedFor = TimeSpan.FromHours(1);

    /// <summary>How long after a delivery was parked for it the engine is asked again and again whether it takes one.</summary>
    private static readonly TimeSpan HurriesFor = TimeSpan.FromMinutes(1);

    private readonly AwaitedNumbers _awaited = new(engine);
    private readonly HashSet<(string Project, string Id)> _unanswered = [];
    private TaskCompletionSource _hurry = NewHurry();
    private long _hurriedAt;

    /// <summary>Has the next pass come soon: something is parked that the engine did not take, and it may take it at any moment.</summary>
    public void Hurry()
    {
        Volatile.Write(ref _hurriedAt, time.GetTimestamp());
        Volatile.Read(ref _hurry).TrySetResult();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                // What is parked from here on may be too late for this pass.
                var hurry = NewHurry();
                Volatile.Write(ref _hurry, hurry);
                var answered = true;
                foreach (var project in projects.All)
                    answered &= await PassAsync(project.Id, stoppingToken);

                if (!answered && time.GetElapsedTime(Volatile.Read(ref _hurriedAt)) < HurriesFor)
                    hurry.TrySetResult();
                var wait = hurry.Task.WaitAsync(limits.ReplayInterval, time, stoppingToken);
                await wait.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                stoppingToken.ThrowIfCancellationRequested();
                if (wait.IsCompletedSuccessfully)
                    await Task.Delay(limits.ReplayRetry, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops; what is parked waits for the next start.
        }
    }

    private static TaskCompletionSource NewHurry() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>
    /// Replays what is due. What the engine did not take is left out until a pass has come to the end: however much that is, it keeps
    /// nothing else waiting.
    /// </summary>
    /// <returns>Whether the engine answered all of it.</returns>
    private async Task<bool> PassAsync(string projectId, CancellationToken cancellationToken)
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
                    if (_unanswered.Contains((projectId, head.Id))
                        || !await IsDueAsync(head, known, cancellationToken)
                        || await engine.FindParkedAsync(projectId, head.Id, cancellationToken) is not { } parked)
                    {
                        continue;
                    }

                    var (result, _) = await replayer.ReplayAsync(parked, Source.Service, by: null, cancellationToken);
                    if (result == ReplayResult.CannotFold)
                        _awaited.Forget(head, known);
                    if (result == ReplayResult.Unavailable && _unanswered.Add((projectId, head.Id)) && ++unanswered == MaxUnanswered)
                        return false;
                }

                cursor = page.NextCursor;
            }
            while (cursor is not null);
            _awaited.Keep(projectId, waiting);
            return _unanswered.RemoveWhere(one => one.Project == projectId) == 0;
        }
        catch (EngineUnavailableException exception)
        {
            PassPutOff(projectId, exception.Message);
            return false;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The next pass begins again at the oldest; nothing is lost by giving up here.
            PassFailed(projectId, exception);
            return false;
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

    [LoggerMessage(2, LogLevel.Warning, "Parked deliveries of project {ProjectId} cannot be replayed now; they are tried again. {Why}")]
    private partial void PassPutOff(string projectId, string why);
}
