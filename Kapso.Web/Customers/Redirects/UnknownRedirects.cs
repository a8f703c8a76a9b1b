using Kapso.Engines.Budget;
using Kapso.Platform.Numbers;
using Kapso.Web.Http;
using Kapso.Web.Projects;
using Kapso.Web.TurnedAway;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kapso.Web.Customers.Redirects;

/// <summary>
/// Asks the platform for the numbers of redirects that found no customer, behind the browser's back. What it proves is folded
/// in, and the hint that waits for that proof with it. A question that is lost costs nothing but time: the hint is kept, and
/// reconciliation finds the number, too.
/// </summary>
internal sealed partial class UnknownRedirects(
    IConnectionEngine engine,
    NumberOwners owners,
    ProjectDirectory projects,
    TurnedAwayCounter turnedAway,
    TimeProvider time,
    ILogger<UnknownRedirects> logger)
    : BackgroundService
{
    private const int Attempts = 3;

    private static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(2);

    private readonly ProjectQueues<string> _waiting = new(projects);

    /// <summary>Asks for a number, unless it was lately or too many wait. Returns at once.</summary>
    public void Ask(string projectId, string phoneNumberId)
    {
        if (owners.IsWorthAsking(projectId, phoneNumberId) && !_waiting.TryAdd(projectId, phoneNumberId))
            turnedAway.Count(TurnedAwayKind.QuestionDropped, projectId);
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => _waiting.RunAsync(TryAskAsync, stoppingToken);

    private async Task TryAskAsync(string projectId, string phoneNumberId, CancellationToken stop)
    {
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            TimeSpan? wait = null;
            try
            {
                var owner = await owners.AskAsync(projectId, phoneNumberId, CallPurpose.UnknownRedirect, stop);
                if (owner is { Key: { } key, Proof: { } proof })
                    await engine.ObserveAsync(key, proof, stop);
                if (owner.IsTold)
                    return;
                wait = owner.RetryAfter;
            }
            catch (Exception exception) when (!stop.IsCancellationRequested)
            {
                // Whatever the engine throws: the next question finds out.
                NotFolded(projectId, exception.Message, exception.Unexpected());
            }

            await Task.Delay(Bounded(wait ?? TimeSpan.Zero), time, stop);
        }

        turnedAway.Count(TurnedAwayKind.QuestionDropped, projectId);
    }

    private static TimeSpan Bounded(TimeSpan wait) =>
        wait < ShortestWait ? ShortestWait : wait > LongestWait ? LongestWait : wait;

    [LoggerMessage(1, LogLevel.Warning, "What the platform said of a redirect's number in project {ProjectId} could not be folded in; it is tried again: {Why}")]
    private partial void NotFolded(string projectId, string why, Exception? exception);
}
