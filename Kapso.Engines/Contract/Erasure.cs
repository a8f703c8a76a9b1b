namespace Kapso.Engines.Contract;

/// <summary>What was erased of a customer, and what is remembered.</summary>
public sealed record Erasure
{
    /// <summary>Stands for the customer, in the audit too: <see cref="ErasureKey.OfCustomer"/>.</summary>
    public required string Hash { get; init; }

    /// <summary>What is remembered.</summary>
    public required ErasureMark Mark { get; init; }

    /// <summary>When all of it was done; null where something is still to be done.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>What was erased, over all erasures of the customer. What a process erased in a step that it died in is not counted.</summary>
    public ErasedCounts Counts { get; init; } = new();

    /// <summary>What the connection held that is being removed; null once that is a part of <see cref="Counts"/>.</summary>
    public ErasedCounts? Removing { get; init; }

    /// <summary>
    /// What of the erased bytes the store could not be made to give up, and what to do, in words; null where they are gone from its files.
    /// Backups and replicas are not looked at.
    /// </summary>
    public string? Remains { get; init; }

    /// <summary>The erasure of a customer that begins, or goes on where it was interrupted.</summary>
    /// <param name="key">The customer.</param>
    /// <param name="connection">Their connection; null where there is none.</param>
    /// <param name="before">What was erased of the customer before; null for nothing.</param>
    /// <param name="secret">The store's key.</param>
    /// <param name="now">The engine's time.</param>
    public static Erasure Begin(CustomerKey key, Connection? connection, Erasure? before, ErasureKey secret, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(secret);
        return new Erasure
        {
            Hash = secret.OfCustomer(key),
            Mark = connection is null && before is not null
                ? before.Mark
                : Decisions.Remember(connection ?? Connection.Empty(key), before?.Mark, secret, now),
            Counts = before?.Counts ?? new ErasedCounts(),
            Removing = connection is null ? before?.Removing : ErasedCounts.Of(connection),
        };
    }
}

/// <summary>How much was erased of a customer.</summary>
public sealed record ErasedCounts
{
    /// <summary>Connections: one for each time that the customer was known again.</summary>
    public long Connections { get; init; }

    /// <summary>Their numbers.</summary>
    public long Numbers { get; init; }

    /// <summary>Their setup links.</summary>
    public long SetupLinks { get; init; }

    /// <summary>The lines of their timelines.</summary>
    public long TimelineEntries { get; init; }

    /// <summary>Effects that were not settled: none of them is sent any more.</summary>
    public long Effects { get; init; }

    /// <summary>Messages to receivers.</summary>
    public long Messages { get; init; }

    /// <summary>Parked deliveries, waiting or settled, that spoke of the customer; of a batch only what did.</summary>
    public long Parked { get; init; }

    /// <summary>Redirects that waited for a proof of their number.</summary>
    public long Hints { get; init; }

    /// <summary>Bodies of events that are not ours, of which the last of each name is kept.</summary>
    public long EventBodies { get; init; }

    /// <summary>Failed setups of links that were not known.</summary>
    public long FailedSetups { get; init; }

    /// <summary>What a connection holds.</summary>
    public static ErasedCounts Of(Connection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        return new ErasedCounts
        {
            Connections = 1,
            Numbers = connection.Numbers.Length,
            SetupLinks = connection.SetupLinks.Length,
            TimelineEntries = connection.Timeline.Length,
            Effects = connection.Outbox.Length,
        };
    }

    /// <summary>Both together.</summary>
    public ErasedCounts Plus(ErasedCounts other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new ErasedCounts
        {
            Connections = Connections + other.Connections,
            Numbers = Numbers + other.Numbers,
            SetupLinks = SetupLinks + other.SetupLinks,
            TimelineEntries = TimelineEntries + other.TimelineEntries,
            Effects = Effects + other.Effects,
            Messages = Messages + other.Messages,
            Parked = Parked + other.Parked,
            Hints = Hints + other.Hints,
            EventBodies = EventBodies + other.EventBodies,
            FailedSetups = FailedSetups + other.FailedSetups,
        };
    }
}
