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
        {
            return _webhooks.Put(new Webhook
            {
                Id = _madeUp.Uuid("webhook"),
                Url = url,
                Secret = secret,
                Events = events,
                CreatedAt = Now,
            });
        }
    }

    public IReadOnlyList<Webhook> Webhooks()
    {
        lock (_gate)
            return [.. _webhooks.NewestFirst];
    }

    public Webhook? FindWebhook(string id)
    {
        lock (_gate)
            return _webhooks.Find(id);
    }

    public Webhook? ChangeWebhook(string id, Func<Webhook, Webhook> change)
    {
        lock (_gate)
            return _webhooks.Find(id) is { } webhook ? _webhooks.Put(change(webhook)) : null;
    }

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
        if (Dice.Falls(FaultKind.DropWebhook, subject))
        {
            Deliveries.Add(delivery with { Status = DeliveryStatus.Dropped, Faults = [nameof(FaultKind.DropWebhook)] });
            return;
        }

        var due = delivery.DueAt;
        if (Dice.Falls(FaultKind.RedirectFirst, subject))
            due += Noted(FaultKind.RedirectFirst) ? BehindTheBrowser : TimeSpan.Zero;
        if (Dice.Falls(FaultKind.Delay, subject))
            due += Noted(FaultKind.Delay) ? LongestDelay * Dice.Extent(FaultKind.Delay, subject) : TimeSpan.Zero;
        var held = Dice.Falls(FaultKind.Reorder, subject) && Noted(FaultKind.Reorder);
        if (held)
            due += LongestHold;

        Deliveries.Add(delivery with { DueAt = due, Held = held, Faults = faults });
        if (Dice.Falls(FaultKind.Duplicate, subject) && Noted(FaultKind.Duplicate))
        {
            Deliveries.Add(delivery with
            {
                Id = _madeUp.Uuid("delivery"),
                DueAt = due + (LongestHold * Dice.Extent(FaultKind.Duplicate, subject)),
                Faults = faults,
            });
        }

        bool Noted(FaultKind kind)
        {
            faults.Add(kind.ToString());
            return true;
        }
    }
}
