using System.Diagnostics;
using Kapso.Connections.Redirects;
using Kapso.Web.Http;
using Kapso.Web.Projects;
using Kapso.Web.TurnedAway;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Kapso.Web.Customers.Redirects;

/// <summary>
/// Takes redirects in: finds the customer by the state, by the setup link, by the number, and records the hint; or keeps it
/// apart where it finds none, and has the platform asked. A browser always gets its page: whatever the engine does, nothing is thrown.
/// </summary>
internal sealed partial class RedirectIntake(
    IConnectionEngine engine,
    ProjectDirectory projects,
    RedirectLimits redirectLimits,
    UnknownRedirects unknown,
    LinkQuestions links,
    TurnedAwayCounter turnedAway,
    WebLimits limits,
    TimeProvider time,
    ILogger<RedirectIntake> logger)
{
    /// <summary>Takes a redirect in.</summary>
    /// <param name="context">The request; a HEAD, and one that nobody made (<see cref="Previews"/>), is answered and not recorded.</param>
    /// <param name="kind"><see cref="ObservationKind.RedirectSucceeded"/> or <see cref="ObservationKind.SetupFailed"/>.</param>
    /// <param name="state">The path's state, valid or not; null where the route has none.</param>
    /// <param name="projectId">The path's project; null where the route has none.</param>
    public async Task<Visit> TakeAsync(HttpContext context, ObservationKind kind, string? state, string? projectId)
    {
        var parameters = RedirectReader.Read(context.Request.Query.Select(
            parameter => KeyValuePair.Create(parameter.Key, parameter.Value.ToArray())));
        var visit = new Visit(parameters, ProjectOf(projectId))
        {
            At = time.GetUtcNow(),
            BrowserLanguage = PageLanguages.OfBrowser(context.Request),
        };

        using var stop = new CancellationTokenSource(limits.RedirectTimeout, time);
        try
        {
            if (States.IsWellFormed(state)
                && await engine.FindByStateAsync(state!, stop.Token).WaitAsync(stop.Token) is { } key
                && projects.TryFind(key.ProjectId, out var project))
            {
                visit = visit with { Project = project, State = state };
                return await TakeWithStateAsync(context, kind, visit, key, stop.Token);
            }

            if (!IsVisit(context))
                return visit;
            if (visit.Project is null)
            {
                // A path that names a project that is not served is nobody's of ours.
                if (projectId is null)
                    turnedAway.Count(TurnedAwayKind.RedirectUnplaced, null, context);
            }
            else if (!redirectLimits.MayRecord(context))
                turnedAway.Count(TurnedAwayKind.RedirectLimited, visit.Project.Id, context);
            else
                await RecordWithoutStateAsync(kind, visit.Project.Id, parameters, stop.Token);
        }
        catch (Exception exception)
        {
            Lose(context, kind, visit.Project?.Id, exception);
        }

        return visit;
    }

    private async Task<Visit> TakeWithStateAsync(
        HttpContext context, ObservationKind kind, Visit visit, CustomerKey key, CancellationToken stop)
    {
        try
        {
            if (IsVisit(context) && !redirectLimits.MayRecord(visit.State!))
                turnedAway.Count(TurnedAwayKind.RedirectLimited, key.ProjectId, context);
            else if (IsVisit(context))
            {
                var observation = Observe(kind, visit.Parameters, visit.State);
                var receipt = await engine.ObserveAsync(key, observation, stop).WaitAsync(stop);
                visit = visit with { Outcome = receipt.Outcome };
            }
        }
        catch (Exception exception)
        {
            // What is known can still be shown.
            Lose(context, kind, key.ProjectId, exception);
        }

        visit = visit with { Connection = await engine.FindAsync(key, stop).WaitAsync(stop) };
        if (visit.Outcome is Outcome.Applied or Outcome.Noted && !visit.IsReceived)
            Count(kind, key.ProjectId, visit.Parameters.ErrorCode);
        if (visit is { Outcome: Outcome.Applied or Outcome.Noted, Link: { IsAwaited: true } link } && (link.PendingFailure ?? link.PlatformStatus) is not null)
            links.Ask(key);
        return visit;
    }

    private void Lose(HttpContext context, ObservationKind kind, string? projectId, Exception exception)
    {
        NotRecorded(kind, exception.Message, exception.Unexpected());
        if (IsVisit(context))
            turnedAway.Count(TurnedAwayKind.RedirectLost, projectId, context);
    }

    private static bool IsVisit(HttpContext context) => HttpMethods.IsGet(context.Request.Method) && !Previews.IsOne(context.Request);

    private async Task RecordWithoutStateAsync(
        ObservationKind kind, string projectId, RedirectParameters parameters, CancellationToken stop)
    {
        var key = await FindCustomerAsync(projectId, parameters, stop);
        if (key is { } found)
            await engine.ObserveAsync(found, Observe(kind, parameters, null), stop).WaitAsync(stop);
        else if (kind == ObservationKind.SetupFailed)
        {
            Count(kind, projectId, parameters.ErrorCode);
            var failed = new FailedSetup(time.GetUtcNow(), parameters.ErrorCode, parameters.SetupLinkId);
            await engine.KeepFailedSetupAsync(projectId, failed, stop).WaitAsync(stop);
        }
        else if (parameters.PhoneNumberId is not null)
        {
            var dropped = await engine.HoldHintAsync(projectId, Observe(kind, parameters, null), stop).WaitAsync(stop);
            turnedAway.Count(TurnedAwayKind.HintDropped, projectId, dropped);
            unknown.Ask(projectId, parameters.PhoneNumberId);
        }
    }

    private async Task<CustomerKey?> FindCustomerAsync(
        string projectId, RedirectParameters parameters, CancellationToken stop)
    {
        if (parameters.SetupLinkId is { } link
            && await engine.FindByLinkAsync(projectId, link, stop).WaitAsync(stop) is { } byLink)
        {
            return byLink;
        }

        return parameters.PhoneNumberId is { } number
            ? await engine.FindByNumberAsync(projectId, number, stop).WaitAsync(stop)
            : null;
    }

    private Observation Observe(ObservationKind kind, RedirectParameters parameters, string? state)
    {
        var traceParent = Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity ? activity.Id : null;
        return kind == ObservationKind.SetupFailed
            ? parameters.ToFailure(time.GetUtcNow(), state, traceParent)
            : parameters.ToSuccess(time.GetUtcNow(), state, traceParent);
    }

    private void Count(ObservationKind kind, string projectId, string errorCode)
    {
        if (kind != ObservationKind.SetupFailed)
            return;
        KapsoTelemetry.SetupFailures.Add(1, new KeyValuePair<string, object?>("code", errorCode));
        SetupFailed(projectId, errorCode);
    }

    private ServedProject? ProjectOf(string? projectId) =>
        projectId is null ? projects.Only : projects.TryFind(projectId, out var project) ? project : null;
}
