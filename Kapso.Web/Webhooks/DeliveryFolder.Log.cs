using Microsoft.Extensions.Logging;

namespace Kapso.Web.Webhooks;

internal sealed partial class DeliveryFolder
{
    [LoggerMessage(1, LogLevel.Warning, "The engine did not answer for a delivery of project {ProjectId} within {Seconds} s.")]
    private partial void EngineTooSlow(string projectId, double seconds);

    [LoggerMessage(2, LogLevel.Warning, "The engine failed for a delivery of project {ProjectId}: {Why}")]
    private partial void EngineFailed(string projectId, string why, Exception? exception);
}
