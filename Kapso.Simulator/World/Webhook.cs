namespace Kapso.Simulator.World;

/// <summary>How a webhook's bodies look.</summary>
public enum DeliveryShape
{
    /// <summary>The event in the header, the body flat: today's version 2.</summary>
    Flat,

    /// <summary><c>{"event":…,"data":…}</c>: the older form.</summary>
    Envelope,

    /// <summary>Several in one body.</summary>
    Batch,

    /// <summary>Version 1: <c>whatsapp.config.created</c> only.</summary>
    V1,
}

/// <summary>A project webhook.</summary>
public sealed record Webhook : IRow
{
    public required string Id { get; init; }
    public required Uri Url { get; init; }

    /// <summary>Null: deliveries go out without a signature.</summary>
    public string? Secret { get; init; }

    public required IReadOnlyList<string> Events { get; init; }
    public bool Active { get; init; } = true;
    public DeliveryShape Shape { get; init; }

    /// <summary>The one that the settings speak of.</summary>
    public bool IsConfigured { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}
