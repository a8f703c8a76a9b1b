namespace Kapso.Simulator.World;

/// <summary>A WhatsApp number of the project.</summary>
public sealed record PhoneNumber : IRow
{
    public const string Connected = "CONNECTED";
    public const string Disconnected = "DISCONNECTED";
    public const string Pending = "PENDING";
    public const string Production = "production";
    public const string Sandbox = "sandbox";

    /// <summary>How all of them are connected.</summary>
    public const string ConnectionType = "coexistence";

    /// <summary>Meta's <c>phone_number_id</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Null for a number of the company's own.</summary>
    public string? CustomerId { get; init; }

    /// <summary>The setup link that connected it.</summary>
    public string? SetupLinkId { get; init; }

    public required string BusinessAccountId { get; init; }
    public required string ConfigId { get; init; }

    /// <summary>Eleven digits.</summary>
    public required string Digits { get; init; }

    public required string Name { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>From when on the API shows the last change of it: it lags.</summary>
    public required DateTimeOffset VisibleFrom { get; init; }

    /// <summary><see cref="Connected"/>, <see cref="Pending"/> or <see cref="Disconnected"/>; a deleted number has no row.</summary>
    public string Status { get; init; } = Connected;

    /// <summary><see cref="Production"/> or <see cref="Sandbox"/>.</summary>
    public string Kind { get; init; } = Production;

    /// <summary>As WhatsApp rates it: <c>GREEN</c>, <c>YELLOW</c>, <c>RED</c>.</summary>
    public string Quality { get; init; } = "GREEN";

    /// <summary>When it was deleted: the API goes on listing it until the teardown is over.</summary>
    public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>An example's number: shown to whoever asks for it, and left out of lists.</summary>
    public bool IsSample { get; init; }

    /// <summary>E.164.</summary>
    public string E164 => "+" + Digits;

    /// <summary>For people.</summary>
    public string Display => $"+{Digits[0]} {Digits[1..4]}-{Digits[4..7]}-{Digits[7..]}";

    public bool IsConnected => Status == Connected && DeletedAt is null;
}
