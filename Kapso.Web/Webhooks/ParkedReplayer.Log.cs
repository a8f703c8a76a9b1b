using Kapso.Connections.Webhooks;
using Microsoft.Extensions.Logging;

namespace Kapso.Web.Webhooks;

internal sealed partial class ParkedReplayer
{
    [LoggerMessage(1, LogLevel.Information, "Replayed the delivery {ParkedId} of project {ProjectId}, parked as {Reason}, for {Source}.")]
    private partial void Replayed(string projectId, string parkedId, ParkedReason reason, Source source);

    [LoggerMessage(2, LogLevel.Information, "Discarded the delivery {ParkedId} of project {ProjectId}, parked as {Reason}.")]
    private partial void Discarded(string projectId, string parkedId, ParkedReason reason);
}
