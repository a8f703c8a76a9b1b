using Microsoft.Extensions.Logging;

namespace Kapso.Web.TurnedAway;

internal sealed partial class TurnedAwayWriter
{
    [LoggerMessage(1, LogLevel.Warning, "Turned away in project {ProjectId}, {What}.")]
    private partial void TurnedAwayOf(string projectId, string what);

    [LoggerMessage(2, LogLevel.Warning, "Turned away, of no project, {What}.")]
    private partial void TurnedAwayOfNone(string what);

    [LoggerMessage(3, LogLevel.Warning, "Project {ProjectId} ({Kind}): {Alarm}")]
    private partial void Alarm(string projectId, TurnedAwayKind kind, string alarm);

    [LoggerMessage(4, LogLevel.Warning, "What was turned away could not be kept for the overview; it is tried again in a minute: {Why}")]
    private partial void NotWritten(string why, Exception? exception);

    [LoggerMessage(5, LogLevel.Warning, "What is said of {What}: {Advice}")]
    private partial void Explanation(string what, string advice);
}
