using Kapso.Simulator.Faults;

namespace Kapso.Simulator.World;

public sealed partial class SimulatedPlatform
{
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LongestHold = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BehindTheBrowser = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BatchWindow = TimeSpan.FromSeconds(2);

    public Webhook CreateWebhook(Uri url, string? secret, IReadOnlyList<string> events)
    {
        lock (_gate)
            return _webhooks.Put(new Webhook { Id = _madeUp.Uuid("webhook"), Url = url, Secret = secret, Events = events, CreatedAt = Now });
    }

    public IReadOnlyList<Webhook> Webhooks() => [.. _webhooks.NewestFirst];

    public Webhook? FindWebhook(string id) => _webhooks.Find(id);

    public Webhook? ChangeWebhook(string id, Func<Webhook, Webhook> change) => _webhooks.Change(id, change);

    /// <summary>Takes a webhook away; false where there is none.</summary>
    public bool RemoveWebhook(string id) => _webhooks.Remove(id);

    /// <summary>Sends a test delivery, faults aside; false where there is no such webhook.</summary>
    public bool Test(string webhookId, string? eventName)
    {
        lock (_gate)
        {
            if (_webhooks.Find(webhookId) is not { } webhook)
                return false;
            var sample = Sender with { Id = "123456789012345", CustomerId = _madeUp.Uuid("sample") };
            Deliveries.Add(NewDelivery(
                webhook,
                webhook.Shape == DeliveryShape.Batch ? DeliveryShape.Flat : webhook.Shape,
                new Happening { Event = eventName ?? Events.Created, Number = sample, At = Now, IsTest = true }));
            return true;
        }
    }

    /// <summary>What the webhook owes after a batch failed: each of its items alone, with a key of its own.</summary>
    public void SendSingly(Delivery batch)
    {
        lock (_gate)
        {
            if (_webhooks.Find(batch.WebhookId) is not { } webhook)
                return;
            foreach (var happening in batch.Happenings)
                Deliveries.Add(NewDelivery(webhook, DeliveryShape.Flat, happening));
        }
    }

    private void Tell(Happening happening)
    {
        if (happening.Number.CustomerId is { } customer)
            happening = happening with { ExternalCustomerId = _customers.Find(customer)?.ExternalCustomerId };
        foreach (var webhook in _webhooks.OldestFirst.Where(webhook => webhook.Active))
        {
            var name = webhook.Shape == DeliveryShape.V1 ? Events.ConfigCreated : happening.Event;
            if (!webhook.Events.Contains(name) || (webhook.Shape == DeliveryShape.V1 && happening.Event != Events.Created))
                continue;
            if (webhook.Shape == DeliveryShape.Batch && Deliveries.TryAddToBatch(webhook.Id, happening))
                continue;
            Enqueue(NewDelivery(webhook, webhook.Shape, happening));
        }
    }

    private Delivery NewDelivery(Webhook webhook, DeliveryShape shape, Happening happening) => new()
    {
        Id = _madeUp.Uuid("delivery"),
        WebhookId = webhook.Id,
        Event = shape == DeliveryShape.V1 ? Events.ConfigCreated : happening.Event,
        Happenings = [happening],
        Shape = shape,
        IdempotencyKey = _madeUp.Uuid("idempotency"),
        CreatedAt = Now,
        DueAt = Now + (shape == DeliveryShape.Batch ? BatchWindow : TimeSpan.Zero),
    };

    /// <summary>Puts a delivery into the log, with the faults that befall it.</summary>
    private void Enqueue(Delivery delivery)
    {
        var subject = delivery.Happenings[0].Number.Id;
        var faults = new List<string>();
        if (Befalls(FaultKind.DropWebhook))
        {
            Deliveries.Add(delivery with { Status = DeliveryStatus.Dropped, Faults = faults });
            return;
        }

        var due = delivery.DueAt;
        if (Befalls(FaultKind.RedirectFirst))
            due += BehindTheBrowser;
        if (Befalls(FaultKind.Delay))
            due += LongestDelay * Dice.Extent(FaultKind.Delay, subject);
        var held = Befalls(FaultKind.Reorder);
        if (held)
            due += LongestHold;

        Deliveries.Add(delivery with { DueAt = due, Held = held, Faults = faults });
        if (Befalls(FaultKind.Duplicate))
        {
            var again = due + (LongestHold * Dice.Extent(FaultKind.Duplicate, subject));
            Deliveries.Add(delivery with { Id = _madeUp.Uuid("delivery"), DueAt = again, Faults = faults });
        }

        bool Befalls(FaultKind kind)
        {
            var falls = Dice.Falls(kind, subject);
            if (falls)
                faults.Add(kind.ToString());
            return falls;
        }
    }
}
