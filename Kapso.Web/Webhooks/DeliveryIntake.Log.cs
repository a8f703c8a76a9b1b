using Microsoft.Extensions.Logging;

namespace Kapso.Web.Webhooks;

internal sealed partial class DeliveryIntake
{
    [LoggerMessage(1, LogLevel.Warning, "An event of project {ProjectId} that is not ours could not be counted: {Why}")]
    private partial void NotCounted(string projectId, string why, Exception? exception);
}
