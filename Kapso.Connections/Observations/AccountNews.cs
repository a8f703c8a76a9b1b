namespace Kapso.Connections.Observations;

/// <summary>What an event says of the WhatsApp Business Account behind the numbers that it names.</summary>
public sealed record AccountNews
{
    /// <summary>How what is told of an account begins in a notify's <c>detail</c>: <c>account_disabled</c> and its like.</summary>
    public const string AttentionPrefix = "account_";

    /// <summary>Whether a notify's <c>detail</c> tells of an account.</summary>
    public static bool IsAttention(string? detail) => detail?.StartsWith(AttentionPrefix, StringComparison.Ordinal) == true;

    /// <summary>The event's id, the same in its repeats; null where it has none.</summary>
    public string? EventId { get; init; }

    /// <summary>The account is reinstated: what was held against it before is over.</summary>
    public bool Reinstated { get; init; }

    /// <summary>What is held against it, at least one unless it is reinstated; without time and event, which are the observation's.</summary>
    public IReadOnlyList<AccountNotice> Notices { get; init; } = [];
}
