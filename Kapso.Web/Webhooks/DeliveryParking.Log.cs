using Kapso.Connections.Webhooks;
using Microsoft.Extensions.Logging;

namespace Kapso.Web.Webhooks;

internal sealed partial class DeliveryParking
{
    [LoggerMessage(1, LogLevel.Warning, "Parked a delivery of project {ProjectId}: {Reason}. {Detail} It is parked as {ParkedId}.")]
    private partial void Parked(string projectId, ParkedReason reason, string? detail, string parkedId);

    [LoggerMessage(2, LogLevel.Error,
        "A delivery of project {ProjectId} ({Reason}) could not be parked; its sender was asked to send it again. Look at /health and at the store.")]
    private partial void NotParked(string projectId, ParkedReason reason, Exception exception);
}
