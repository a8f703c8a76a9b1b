namespace Kapso.Web.Management;

/// <summary>What the platform holds against the account of a number now. What has ended by itself is left out.</summary>
/// <param name="Reason">The gravest of it in the platform's words, e.g. <c>restricted: RESTRICTED_BIZ_INITIATED_MESSAGING</c>.</param>
/// <param name="Since">Since when the first of it holds.</param>
/// <param name="Until">When the last of it ends; null where no end is known.</param>
/// <param name="Notices">All of it, the gravest first.</param>
public sealed record AttentionView(string Reason, DateTime Since, DateTime? Until, IReadOnlyList<AccountNoticeView> Notices)
{
    /// <summary>Shows what holds at a time; null for nothing.</summary>
    public static AttentionView? Of(AccountAttention? attention, DateTimeOffset now)
    {
        return attention?.SummaryAt(now) is { } summary
            ? new AttentionView(
                summary.Reason, summary.Since.UtcDateTime, summary.Until?.UtcDateTime, [.. summary.Notices.Select(AccountNoticeView.Of)])
            : null;
    }
}

/// <summary>One thing that is held against an account.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Type">The platform's own word for it, as it came.</param>
/// <param name="Detail">What the platform adds, as it came.</param>
/// <param name="Since">When it happened.</param>
/// <param name="Until">When it ends by itself; null where no end is known.</param>
/// <param name="EventId">The event that told of it.</param>
public sealed record AccountNoticeView(
    AccountNoticeKind Kind, string? Type, string? Detail, DateTime Since, DateTime? Until, string? EventId)
{
    /// <summary>Shows one.</summary>
    public static AccountNoticeView Of(AccountNotice notice) =>
        new(notice.Kind, notice.Type, notice.Detail, notice.At.UtcDateTime, notice.Until?.UtcDateTime, notice.EventId);
}

/// <summary>Why a number last went, in the platform's words as they came.</summary>
/// <param name="Reason">The reason.</param>
/// <param name="InitiatedBy">Whose doing it was.</param>
/// <param name="SourceEvent">The name of the event behind the platform's own.</param>
public sealed record DisconnectionView(string? Reason, string? InitiatedBy, string? SourceEvent)
{
    /// <summary>Shows one; null for none.</summary>
    public static DisconnectionView? Of(Disconnection? disconnection) =>
        disconnection is null ? null : new(disconnection.Reason, disconnection.InitiatedBy, disconnection.SourceEvent);
}
