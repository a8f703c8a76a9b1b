using Kapso.Connections.Reconciling;
using Microsoft.Extensions.Logging;

namespace Kapso.Platform.Reconciling;

internal sealed partial class Reconciler
{
    [LoggerMessage(1, LogLevel.Information, "Reconciliation of project {ProjectId} begins or goes on: pass {PassId}, full: {Full}.")]
    private partial void LogBegun(string projectId, string passId, bool full);

    [LoggerMessage(2, LogLevel.Information,
        "Reconciliation of project {ProjectId} is done: pass {PassId}, {Listed} rows, {Applied} changed something, {Adopted} adopted, {Gone} gone.")]
    private partial void LogDone(string projectId, string passId, int listed, int applied, int adopted, int gone);

    [LoggerMessage(3, LogLevel.Warning, "Reconciliation of project {ProjectId} was given up; the next pass begins where it did. {Why}")]
    private partial void LogGivenUp(string projectId, string why);

    [LoggerMessage(4, LogLevel.Warning, "Reconciliation of project {ProjectId} was interrupted; it is gone on with.")]
    private partial void LogInterrupted(string projectId, Exception exception);

    [LoggerMessage(5, LogLevel.Warning, "Another process went on with the reconciliation of project {ProjectId}: this one was silent for too long.")]
    private partial void LogLost(string projectId);

    [LoggerMessage(6, LogLevel.Warning, "Project {ProjectId} needs a person ({Alarm}). {Detail}")]
    private partial void LogRaised(string projectId, ReconciliationAlarmKind alarm, string detail);

    [LoggerMessage(7, LogLevel.Information, "Project {ProjectId} is repaired ({Alarm}).")]
    private partial void LogRepaired(string projectId, ReconciliationAlarmKind alarm);

    [LoggerMessage(8, LogLevel.Warning, "Project {ProjectId}: {By} has accepted that up to {Numbers} numbers are gone; the next full pass marks them.")]
    private partial void LogAccepted(string projectId, int numbers, string by);

    [LoggerMessage(9, LogLevel.Warning, "Project {ProjectId}: {By} has accepted the store that took another one's place; numbers are greeted as ever.")]
    private partial void LogStoreAccepted(string projectId, string by);
}
