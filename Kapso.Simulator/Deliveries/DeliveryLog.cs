namespace Kapso.Simulator.Deliveries;

/// <summary>All deliveries, sent and to be sent.</summary>
public sealed class DeliveryLog
{
    private const int MostInBatch = 10;
    private static readonly TimeSpan AfterTheNext = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Table<Delivery> _deliveries;
    private readonly List<string> _held = [];
    private readonly PriorityQueue<string, (DateTimeOffset DueAt, long Order)> _due = new();
    private long _order;

    public DeliveryLog() => _deliveries = new(_gate);

    /// <summary>Something is due earlier than was known.</summary>
    public event Action? Changed;

    /// <summary>When the next delivery is due; null where none waits.</summary>
    public DateTimeOffset? NextDueAt
    {
        get
        {
            lock (_gate)
                return Next()?.DueAt;
        }
    }

    /// <summary>Adds a delivery. One that comes lets those that are held for reordering go right after it.</summary>
    public void Add(Delivery delivery)
    {
        lock (_gate)
        {
            Put(delivery);
            if (delivery.Held)
                _held.Add(delivery.Id);
            else if (delivery.Status == DeliveryStatus.Pending)
                LetGoAfter(delivery);
        }

        Changed?.Invoke();
    }

    /// <summary>Adds to a batch of the same event that still collects; false where there is none.</summary>
    public bool TryAddToBatch(string webhookId, Happening happening)
    {
        lock (_gate)
        {
            var open = _deliveries.NewestFirst.FirstOrDefault(one =>
                one is { Shape: DeliveryShape.Batch, Status: DeliveryStatus.Pending, InFlight: false, Attempts.Count: 0 }
                && one.WebhookId == webhookId && one.Event == happening.Event && one.Happenings.Count < MostInBatch);
            if (open is null)
                return false;
            _deliveries.Put(open with { Happenings = [.. open.Happenings, happening] });
            return true;
        }
    }

    /// <summary>Takes what is due, the earliest first; it is in flight until it is settled.</summary>
    public IReadOnlyList<Delivery> TakeDue(DateTimeOffset now)
    {
        lock (_gate)
        {
            var taken = new List<Delivery>();
            while (Next() is { } next && next.DueAt <= now)
                taken.Add(_deliveries.Put(next with { InFlight = true, Held = false }));
            return taken;
        }
    }

    /// <summary>Keeps an attempt's end.</summary>
    /// <param name="delivery">The delivery as taken.</param>
    /// <param name="attempt">How it went.</param>
    /// <param name="status">Where the delivery stands now.</param>
    /// <param name="dueAt">When it is sent again, if it is.</param>
    public void Settle(Delivery delivery, DeliveryAttempt attempt, DeliveryStatus status, DateTimeOffset dueAt)
    {
        lock (_gate)
        {
            if (_deliveries.Find(delivery.Id) is not { } known)
                return;

            // A webhook that was paused meanwhile has failed all that waited.
            Put(known with
            {
                InFlight = false,
                Status = known.Status == DeliveryStatus.Failed && status == DeliveryStatus.Pending ? DeliveryStatus.Failed : status,
                Attempts = [.. known.Attempts, attempt],
                DueAt = dueAt,
            });
        }

        Changed?.Invoke();
    }

    /// <summary>Fails all that waits for a webhook.</summary>
    public void FailPending(string webhookId)
    {
        lock (_gate)
        {
            foreach (var pending in _deliveries.OldestFirst.Where(one => one.WebhookId == webhookId && one.Status == DeliveryStatus.Pending))
                _deliveries.Put(pending with { Status = DeliveryStatus.Failed });
        }
    }

    public IReadOnlyList<Delivery> NewestFirst(int limit = int.MaxValue) => [.. _deliveries.NewestFirst.Take(limit)];

    public IReadOnlyDictionary<DeliveryStatus, int> Counts()
    {
        var counts = _deliveries.OldestFirst.CountBy(delivery => delivery.Status).ToDictionary();
        return Enum.GetValues<DeliveryStatus>().ToDictionary(status => status, status => counts.GetValueOrDefault(status));
    }

    /// <summary>The delivery that is due first. What was taken, settled or put off since it was queued is passed over.</summary>
    private Delivery? Next()
    {
        while (_due.TryPeek(out var id, out var at))
        {
            if (_deliveries.Find(id) is { Status: DeliveryStatus.Pending, InFlight: false } delivery && delivery.DueAt == at.DueAt)
                return delivery;
            _due.Dequeue();
        }

        return null;
    }

    private void LetGoAfter(Delivery next)
    {
        foreach (var id in _held)
        {
            if (_deliveries.Find(id) is { Held: true, Status: DeliveryStatus.Pending, InFlight: false } held)
                Put(held with { Held = false, DueAt = next.DueAt + AfterTheNext });
        }

        _held.Clear();
    }

    private void Put(Delivery delivery)
    {
        _deliveries.Put(delivery);
        if (delivery is { Status: DeliveryStatus.Pending, InFlight: false })
            _due.Enqueue(delivery.Id, (delivery.DueAt, _order++));
    }
}
