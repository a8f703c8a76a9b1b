using Kapso.Connections.Webhooks;
using Kapso.Web.Http;
using Microsoft.Extensions.Logging;

namespace Kapso.Web.Webhooks;

/// <summary>Keeps an authentic delivery that cannot be folded in, within a bounded time.</summary>
internal sealed partial class DeliveryParking(
    IConnectionEngine engine, ParkedReplay replay, WebLimits limits, TimeProvider time, ILogger<DeliveryParking> logger)
{
    /// <summary>
    /// Parks the delivery; where the engine fails at once, once more. Both in the time that parking may take, so that a
    /// delivery has its answer within two engine time-outs and this one.
    /// </summary>
    /// <returns>Whether it is kept durably.</returns>
    public async Task<bool> TryParkAsync(ParkedDelivery delivery)
    {
        using var stop = new CancellationTokenSource(limits.ParkTimeout, time);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await engine.ParkAsync(delivery, stop.Token).WaitAsync(stop.Token);
                KapsoTelemetry.Parked.Add(1, new KeyValuePair<string, object?>("reason", Snake.Of(delivery.Reason)));
                Parked(delivery.ProjectId, delivery.Reason, delivery.Detail, delivery.Id);
                if (delivery.Reason == ParkedReason.EngineUnavailable)
                    replay.Hurry();
                return true;
            }
            catch (Exception exception)
            {
                if (attempt < 2 && !stop.IsCancellationRequested)
                    continue;
                NotParked(delivery.ProjectId, delivery.Reason, exception);
                return false;
            }
        }
    }
}
