using Microsoft.Extensions.Logging;

namespace Kapso.Platform.Api;

internal sealed partial class PlatformChannel
{
    [LoggerMessage(1, LogLevel.Debug, "{Method} {Route} for project {ProjectId}: {End} {Status} after {Milliseconds:0} ms. {Error}")]
    private static partial void LogCall(
        ILogger logger, HttpMethod method, string route, string projectId, AttemptEnd end, int? status, double milliseconds, string error);

    [LoggerMessage(2, LogLevel.Error, "The platform refuses the API key of project {ProjectId} ({Status}).")]
    private static partial void LogKeyRefused(ILogger logger, string projectId, int status);

    private static void LogCircuit(ILogger logger, string projectId, bool open)
    {
        if (open)
            LogOpened(logger, projectId);
        else
            LogClosed(logger, projectId);
    }

    [LoggerMessage(3, LogLevel.Warning, "The platform fails project {ProjectId}'s calls: none is made for a moment.")]
    private static partial void LogOpened(ILogger logger, string projectId);

    [LoggerMessage(4, LogLevel.Information, "The platform answers project {ProjectId} again.")]
    private static partial void LogClosed(ILogger logger, string projectId);
}
