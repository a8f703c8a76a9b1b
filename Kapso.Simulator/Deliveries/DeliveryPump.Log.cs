namespace Kapso.Simulator.Deliveries;

internal sealed partial class DeliveryPump
{
    [LoggerMessage(1, LogLevel.Debug, "Delivery {DeliveryId} of {Event}: {Answer}.")]
    private partial void LogAttempt(string @event, string deliveryId, string answer);

    [LoggerMessage(2, LogLevel.Warning, "Webhook {WebhookId} fails and is paused, as the platform does: enable it again on the simulator's page.")]
    private partial void LogPaused(string webhookId);

    [LoggerMessage(3, LogLevel.Error, "Delivery {DeliveryId} could not be sent.")]
    private partial void LogBroken(Exception exception, string deliveryId);
}
