namespace Kapso.Simulator.World;

/// <summary>Where a delivery stands.</summary>
public enum DeliveryStatus
{
    /// <summary>To be sent, for the first time or again.</summary>
    Pending,

    /// <summary>Answered with exactly 200.</summary>
    Delivered,

    /// <summary>Given up: out of retries, or its webhook was paused.</summary>
    Failed,

    /// <summary>Never sent, by a fault.</summary>
    Dropped,
}

/// <summary>One attempt at a delivery.</summary>
/// <param name="At">When it was sent.</param>
/// <param name="Answer">The status code, or what went wrong.</param>
public sealed record DeliveryAttempt(DateTimeOffset At, string Answer);

/// <summary>One request to a webhook, with its retries.</summary>
public sealed record Delivery : IRow
{
    public required string Id { get; init; }
    public required string WebhookId { get; init; }

    /// <summary>The event's name.</summary>
    public required string Event { get; init; }

    /// <summary>What happened: one, or several in a batch.</summary>
    public required IReadOnlyList<Happening> Happenings { get; init; }

    public required DeliveryShape Shape { get; init; }

    /// <summary>The same in all attempts.</summary>
    public required string IdempotencyKey { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
    public DeliveryStatus Status { get; init; }

    /// <summary>When it is (next) sent.</summary>
    public required DateTimeOffset DueAt { get; init; }

    /// <summary>Being sent.</summary>
    public bool InFlight { get; init; }

    /// <summary>Waits for a later event to go first.</summary>
    public bool Held { get; init; }

    public IReadOnlyList<DeliveryAttempt> Attempts { get; init; } = [];

    /// <summary>Faults that befell it, for the page.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];
}
