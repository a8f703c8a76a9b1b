using Microsoft.Extensions.Logging;

namespace Kapso.Web.Customers.Redirects;

internal sealed partial class RedirectIntake
{
    [LoggerMessage(1, LogLevel.Information, "A browser told of a failed setup in project {ProjectId}: {ErrorCode}.")]
    private partial void SetupFailed(string projectId, string errorCode);

    [LoggerMessage(2, LogLevel.Warning, "A redirect ({Kind}) could not be recorded; its browser got its page. {Why}")]
    private partial void NotRecorded(ObservationKind kind, string why, Exception? exception);
}
