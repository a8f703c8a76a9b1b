namespace Kapso.Simulator.Deliveries;

internal sealed partial class DeliveryPump
{
    [LoggerMessage(1, LogLevel.Debug, "Delivery {DeliveryId} of {Event}: {Answer}.")]
    private static partial void LogAttempt(ILogger logger, string @event, string deliveryId, string answer);

    [LoggerMessage(2, LogLevel.Warning, "Webhook {WebhookId} fails and is paused, as the platform does: enable it again on the simulator's page.")]
    private static partial void LogPaused(ILogger logger, string webhookId);

    [LoggerMessage(3, LogLevel.Error, "Delivery {DeliveryId} could not be sent.")]
    private static partial void LogBroken(ILogger logger, Exception exception, string deliveryId);
}
