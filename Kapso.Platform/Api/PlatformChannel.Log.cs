using Microsoft.Extensions.Logging;

namespace Kapso.Platform.Api;

internal sealed partial class PlatformChannel
{
    [LoggerMessage(1, LogLevel.Debug, "{Method} {Route} for project {ProjectId}: {End} {Status} after {Milliseconds:0} ms. {Error}")]
    private static partial void LogCall(
        ILogger logger, HttpMethod method, string route, string projectId, AttemptEnd end, int? status, double milliseconds, string error);

    [LoggerMessage(2, LogLevel.Error, "The platform refuses the API key of project {ProjectId}. {Error}")]
    private static partial void LogKeyRefused(ILogger logger, string projectId, string error);
}
