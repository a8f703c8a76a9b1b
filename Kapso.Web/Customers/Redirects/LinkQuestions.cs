using System.Collections.Concurrent;
using Kapso.Engines.Budget;
using Kapso.Platform.Api;
using Kapso.Platform.Links;
using Kapso.Web.Http;
using Kapso.Web.Projects;
using Kapso.Web.TurnedAway;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kapso.Web.Customers.Redirects;

/// <summary>
/// Asks the platform what became of a link that a browser spoke of, behind the browser's back: only the platform's word ends a link
/// that it listed as active, and tells that a setup failed. A question that is lost costs nothing but time: reconciliation asks, too.
/// </summary>
internal sealed partial class LinkQuestions(
    LinkCheck check, ProjectDirectory projects, TurnedAwayCounter turnedAway, TimeProvider time, ILogger<LinkQuestions> logger)
    : BackgroundService
{
    private const int Attempts = 3;

    /// <summary>The platform's list can lag the browser by a moment.</summary>
    private static readonly TimeSpan Lag = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(2);

    private readonly ProjectQueues<(CustomerKey Key, DateTimeOffset At)> _waiting = new(projects);
    private readonly ConcurrentDictionary<CustomerKey, bool> _asked = new();

    /// <summary>Has the customer's links asked about in a moment, unless that waits already. Returns at once.</summary>
    public void Ask(CustomerKey key)
    {
        if (!_asked.TryAdd(key, true) || _waiting.TryAdd(key.ProjectId, (key, time.GetUtcNow() + Lag)))
            return;
        _asked.TryRemove(key, out _);
        turnedAway.Count(TurnedAwayKind.QuestionDropped, key.ProjectId);
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => _waiting.RunAsync(AskAsync, stoppingToken);

    private async Task AskAsync(string projectId, (CustomerKey Key, DateTimeOffset At) question, CancellationToken stop)
    {
        var wait = question.At - time.GetUtcNow();
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            if (wait > TimeSpan.Zero)
                await Task.Delay(wait < LongestWait ? wait : LongestWait, time, stop);

            // Whoever comes from now on may know more than this question finds out.
            _asked.TryRemove(question.Key, out _);
            try
            {
                var result = await check.CheckAsync(question.Key, CallPurpose.Confirmation, stop);
                if (result.Outcome is PlatformOutcome.Done or PlatformOutcome.Refused)
                    return;
                wait = result.RetryAfter > Lag ? result.RetryAfter.Value : Lag;
            }
            catch (Exception exception) when (!stop.IsCancellationRequested)
            {
                // Whatever the engine throws: the next question finds out.
                NotFolded(projectId, exception.Message, exception.Unexpected());
                wait = Lag;
            }
        }

        turnedAway.Count(TurnedAwayKind.QuestionDropped, projectId);
    }

    [LoggerMessage(1, LogLevel.Warning, "What the platform says of a customer's setup link in project {ProjectId} could not be folded in; it is tried again: {Why}")]
    private partial void NotFolded(string projectId, string why, Exception? exception);
}
