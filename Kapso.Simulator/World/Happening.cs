namespace Kapso.Simulator.World;

/// <summary>Something that happened to a number, as webhooks tell it.</summary>
public sealed record Happening
{
    public required string Event { get; init; }
    public required PhoneNumber Number { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>The company's own id for the number's customer, as it was then.</summary>
    public string? ExternalCustomerId { get; init; }

    /// <summary>The events that carry more than the flat body: offboarded, disconnected, reconnected.</summary>
    public string? EventId { get; init; }

    public Disconnection? Disconnection { get; init; }

    /// <summary>What happened to the account of the number and of others; null where it is the number's own.</summary>
    public AccountHappening? Account { get; init; }

    /// <summary>A test delivery with sample ids.</summary>
    public bool IsTest { get; init; }

    /// <summary>What a test says of itself; null where it is none.</summary>
    public bool? Test => IsTest ? true : null;

    /// <inheritdoc cref="Test"/>
    public DateTimeOffset? TestTimestamp => IsTest ? At : null;
}

/// <summary>Why a number was disconnected, and by whom.</summary>
public sealed record Disconnection(string Reason, string InitiatedBy);

/// <summary>What happened to an account.</summary>
/// <param name="Numbers">Its numbers.</param>
/// <param name="Action">What happened.</param>
/// <param name="ExpiresAt">When a restriction ends.</param>
public sealed record AccountHappening(IReadOnlyList<PhoneNumber> Numbers, AccountAction Action, DateTimeOffset? ExpiresAt);

/// <summary>The events of a project webhook that the simulator sends.</summary>
public static class Events
{
    public const string Created = "whatsapp.phone_number.created";
    public const string Deleted = "whatsapp.phone_number.deleted";
    public const string Offboarded = "whatsapp.phone_number.offboarded";
    public const string Disconnected = "whatsapp.phone_number.disconnected";
    public const string Reconnected = "whatsapp.phone_number.reconnected";
    public const string ConfigCreated = "whatsapp.config.created";

    public const string AccountDisabled = "whatsapp.account.disabled";
    public const string AccountRestricted = "whatsapp.account.restricted";
    public const string AccountViolation = "whatsapp.account.violation";
    public const string AccountReinstated = "whatsapp.account.reinstated";

    public static readonly IReadOnlyList<string> All =
    [
        Created, Deleted, Offboarded, Disconnected, Reconnected, ConfigCreated,
        AccountDisabled, AccountRestricted, AccountViolation, AccountReinstated,
    ];
}
