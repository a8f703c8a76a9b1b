using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;

namespace Kapso.Connections.Numbers;

/// <summary>What the platform can hold against the WhatsApp Business Account of a number.</summary>
public enum AccountNoticeKind
{
    /// <summary>WhatsApp disabled the account: webhook <c>whatsapp.account.disabled</c>.</summary>
    Disabled,

    /// <summary>WhatsApp took an ability from the account: webhook <c>whatsapp.account.restricted</c>.</summary>
    Restricted,

    /// <summary>WhatsApp reported that the account broke a rule: webhook <c>whatsapp.account.violation</c>.</summary>
    Violation,
}

/// <summary>One thing that the platform holds against an account.</summary>
public sealed record AccountNotice
{
    /// <summary>Longest <see cref="Type"/> and <see cref="Detail"/> that are kept, in characters.</summary>
    public const int MaxText = 200;

    /// <summary>What it is.</summary>
    [JsonPropertyName("k")]
    public AccountNoticeKind Kind { get; init; }

    /// <summary>The platform's own word for it, as it came: the ban's state, the restriction's or the violation's type.</summary>
    [JsonPropertyName("t")]
    public string? Type { get; init; }

    /// <summary>What the platform adds: the ban's date as it came, or what it asks for after a violation.</summary>
    [JsonPropertyName("d")]
    public string? Detail { get; init; }

    /// <summary>When it happened by the platform's time; where it told none, when the event was received. In whole milliseconds.</summary>
    [JsonPropertyName("a")]
    public DateTimeOffset At { get; init => field = value.ToWholeMilliseconds(); }

    /// <summary>When it ends by itself; null where no end is known. In whole milliseconds.</summary>
    [JsonPropertyName("u")]
    public DateTimeOffset? Until { get; init => field = value?.ToWholeMilliseconds(); }

    /// <summary>The event that told of it; null where it had no id.</summary>
    [JsonPropertyName("e")]
    public string? EventId { get; init; }

    /// <summary>Whether it holds at a time.</summary>
    public bool HoldsAt(DateTimeOffset time) => !(Until <= time);

    /// <summary>It in a sentence.</summary>
    public string ToWords()
    {
        var until = Kind != AccountNoticeKind.Restricted ? ""
            : Until is { } end ? string.Create(CultureInfo.InvariantCulture, $", until {end.UtcDateTime:s}Z")
            : ", and no end is known";
        return Kind switch
        {
            AccountNoticeKind.Disabled => $"WhatsApp disabled the account{Named(Type)}{(Detail is null ? "" : $", {Detail}")}.",
            AccountNoticeKind.Restricted => $"WhatsApp restricted the account{Named(Type)}{until}.",
            _ => $"WhatsApp reported a violation{Named(Type)}.{(Detail is null ? "" : $" {Detail}")}",
        };

        static string Named(string? type) => type is null ? "" : $": {type}";
    }
}

/// <summary>What the platform holds against the account of a number, and since when it is reinstated.</summary>
public sealed record AccountAttention
{
    /// <summary>Most notices of one kind that are kept; the oldest make room.</summary>
    public const int MaxOfKind = 8;

    /// <summary>Most events without a time of their own that are remembered by their ids.</summary>
    public const int MaxUndated = 16;

    /// <summary>What is held against it and was not taken back, over or not: of each kind and type the latest, in the order of kind and time.</summary>
    [JsonPropertyName("n")]
    public ImmutableArray<AccountNotice> Notices { get; init; } = [];

    /// <summary>When the account was last reinstated: what is older is over.</summary>
    [JsonPropertyName("r")]
    public DateTimeOffset? ReinstatedAt { get; init => field = value?.ToWholeMilliseconds(); }

    /// <summary>Ids of the last events that carried no time, each on a line: only so is a repeat of one known. Null for none.</summary>
    [JsonPropertyName("s")]
    public string? Undated { get; init; }

    /// <summary>What holds at a time, the gravest first: disabled, restricted, violation, and of each the latest.</summary>
    public IReadOnlyList<AccountNotice> HoldingAt(DateTimeOffset time) => [.. Notices.Where(notice => notice.HoldsAt(time))];

    /// <summary>What holds at a time, in short; null for nothing.</summary>
    public AttentionSummary? SummaryAt(DateTimeOffset time)
    {
        if (HoldingAt(time) is not { Count: > 0 } holding)
            return null;
        var kind = holding[0].Kind.ToString().ToLowerInvariant();
        return new AttentionSummary(
            holding[0].Type is { } type ? $"{kind}: {type}" : kind,
            holding.Min(notice => notice.At),
            holding.Any(notice => notice.Until is null) ? null : holding.Max(notice => notice.Until),
            holding);
    }

    /// <summary>When the last of what is kept ends; null where something has no known end.</summary>
    [JsonIgnore]
    public DateTimeOffset? Until => Notices.Any(notice => notice.Until is null) ? null : Notices.Max(notice => notice.Until);

    /// <inheritdoc/>
    public bool Equals(AccountAttention? other) =>
        other is not null && ReinstatedAt == other.ReinstatedAt && Undated == other.Undated
        && Notices.AsSpan().SequenceEqual(other.Notices.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(ReinstatedAt, Undated, Notices.Length);
}

/// <summary>What is held against an account at some time.</summary>
/// <param name="Reason">The gravest of it in the platform's words, e.g. <c>restricted: RESTRICTED_BIZ_INITIATED_MESSAGING</c>.</param>
/// <param name="Since">Since when the first of it holds.</param>
/// <param name="Until">When the last of it ends; null where no end is known.</param>
/// <param name="Notices">All of it, the gravest first; at least one.</param>
public sealed record AttentionSummary(string Reason, DateTimeOffset Since, DateTimeOffset? Until, IReadOnlyList<AccountNotice> Notices);
