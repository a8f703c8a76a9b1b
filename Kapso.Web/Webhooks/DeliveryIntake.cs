using Kapso.Connections.Webhooks;
using Kapso.Web.Http;
using Microsoft.Extensions.Logging;

namespace Kapso.Web.Webhooks;

/// <summary>
/// Takes an authentic delivery in: folds it, counts it or parks it, within the time of a delivery. A 200 for an event of
/// ours is answered only when a durable row stands behind it.
/// </summary>
internal sealed partial class DeliveryIntake(
    IConnectionEngine engine,
    DeliveryFolder folder,
    DeliveryParking parking,
    WebLimits limits,
    TimeProvider time,
    ILogger<DeliveryIntake> logger)
{
    /// <summary>Takes it in and says what its sender is answered. Never throws for what a body says.</summary>
    public ValueTask<WebhookAnswer> TakeAsync(in Arrival arrival) => arrival.Read() switch
    {
        WebhookReading.Observations observations => FoldAsync(arrival, observations.Items),
        WebhookReading.NotOurs other => CountAsync(arrival, other.EventName, WebhookAnswer.Counted),
        WebhookReading.Test => CountAsync(arrival, SeenEvent.TestDelivery, WebhookAnswer.Test),
        WebhookReading.Park park => ParkAsync(arrival, park.Reason, park.Detail),
        var reading => throw new NotSupportedException($"A reading of type {reading.GetType().Name} is not known."),
    };

    private async ValueTask<WebhookAnswer> FoldAsync(Arrival arrival, IReadOnlyList<CustomerObservation> observations)
    {
        var items = FoldItem.Of(observations);
        return await folder.FoldAsync(arrival.ProjectId, items, CancellationToken.None) switch
        {
            FoldResult.Folded => WebhookAnswer.For(Telling(items)),
            FoldResult.UnknownCustomer => await ParkAsync(arrival, ParkedReason.UnknownCustomer, FoldItem.SayUnknown(items)),
            FoldResult.TooManyNumbers => await ParkAsync(
                arrival, ParkedReason.TooManyNumbers, $"The connection has {Connection.MaxNumbers} numbers already."),
            _ => await ParkAsync(arrival, ParkedReason.EngineUnavailable, "The engine did not answer in time."),
        };
    }

    private async ValueTask<WebhookAnswer> ParkAsync(Arrival arrival, ParkedReason reason, string detail) =>
        await parking.TryParkAsync(arrival.ToParked(reason, detail)) ? WebhookAnswer.Parked : WebhookAnswer.Unavailable;

    private async ValueTask<WebhookAnswer> CountAsync(Arrival arrival, string name, WebhookAnswer answer)
    {
        var body = arrival.Body.Span;
        var seen = new SeenEvent(name, arrival.ReceivedAt, body[..Math.Min(body.Length, SeenEvent.MaxBody)].ToArray());
        using var stop = new CancellationTokenSource(limits.EngineTimeout, time);
        try
        {
            await engine.CountEventAsync(arrival.ProjectId, seen, stop.Token).WaitAsync(stop.Token);
        }
        catch (Exception exception)
        {
            // It is no event of ours: a count that is lost is no reason to have the whole webhook paused.
            NotCounted(arrival.ProjectId, exception.Message, exception.Unexpected());
        }

        return answer;
    }

    /// <summary>Of several outcomes, the one that says most: what changed something comes first.</summary>
    private static Outcome Telling(FoldItem[] items)
    {
        var telling = items[0].Outcome!.Value;
        for (var i = 1; i < items.Length; i++)
            telling = Weight(items[i].Outcome!.Value) > Weight(telling) ? items[i].Outcome!.Value : telling;
        return telling;
    }

    private static int Weight(Outcome outcome) => outcome switch
    {
        Outcome.Applied => 4,
        Outcome.Adopted => 3,
        Outcome.Noted => 2,
        Outcome.Duplicate => 1,
        _ => 0,
    };
}
