namespace Kapso.Connections.Webhooks;

/// <summary>
/// The events of a project webhook that change a number, or say something of its account. All others are not ours, whether
/// documented (<c>workflow.execution.*</c>, <c>project.event</c>, <c>kapso_agent.run.*</c>, messages) or never heard of: neither
/// may be answered with an error, which would pause the whole webhook in the end.
/// </summary>
public static class WebhookEvents
{
    /// <summary>A number was connected.</summary>
    public const string Created = "whatsapp.phone_number.created";

    /// <summary>A number's teardown has started.</summary>
    public const string Deleted = "whatsapp.phone_number.deleted";

    /// <summary>A number was offboarded.</summary>
    public const string Offboarded = "whatsapp.phone_number.offboarded";

    /// <summary>A number was disconnected.</summary>
    public const string Disconnected = "whatsapp.phone_number.disconnected";

    /// <summary>A number that was disconnected is back.</summary>
    public const string Reconnected = "whatsapp.phone_number.reconnected";

    /// <summary>A number was connected, as version 1 says it.</summary>
    public const string ConfigCreated = "whatsapp.config.created";

    /// <summary>WhatsApp disabled an account.</summary>
    public const string AccountDisabled = "whatsapp.account.disabled";

    /// <summary>WhatsApp restricted what an account can do.</summary>
    public const string AccountRestricted = "whatsapp.account.restricted";

    /// <summary>WhatsApp reported that an account broke a rule.</summary>
    public const string AccountViolation = "whatsapp.account.violation";

    /// <summary>WhatsApp reinstated an account.</summary>
    public const string AccountReinstated = "whatsapp.account.reinstated";

    /// <summary>What the event says about a number; null where it is not ours. Names are compared exactly.</summary>
    /// <param name="name">The event's name.</param>
    /// <param name="canonical">The constant of that name, so that records do not each keep a copy of it.</param>
    public static ObservationKind? KindOf(string? name, out string canonical)
    {
        (ObservationKind? kind, canonical) = name switch
        {
            Created => (ObservationKind.Created, Created),
            Deleted => (ObservationKind.Gone, Deleted),
            Offboarded => (ObservationKind.Gone, Offboarded),
            Disconnected => (ObservationKind.Gone, Disconnected),
            Reconnected => (ObservationKind.Reconnected, Reconnected),
            ConfigCreated => (ObservationKind.Created, ConfigCreated),
            AccountDisabled => (ObservationKind.AccountChanged, AccountDisabled),
            AccountRestricted => (ObservationKind.AccountChanged, AccountRestricted),
            AccountViolation => (ObservationKind.AccountChanged, AccountViolation),
            AccountReinstated => (ObservationKind.AccountChanged, AccountReinstated),
            _ => ((ObservationKind?)null, name ?? ""),
        };
        return kind;
    }

    /// <summary>Whether the event changes a number, or says something of its account.</summary>
    public static bool IsOurs(string? name) => KindOf(name, out _) is not null;
}
