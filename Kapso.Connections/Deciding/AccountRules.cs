using System.Collections.Immutable;

namespace Kapso.Connections.Deciding;

/// <summary>
/// What an event of a number's account changes. It leaves the number as it stands: connected, gone, welcomed. Events are ordered
/// by the platform's time, so that they end alike whatever the order in which they come; of a notice and a reinstatement of one
/// time the notice stays, which is the safer of the two.
/// </summary>
internal static class AccountRules
{
    /// <summary>Longest text in the timeline, in characters.</summary>
    private const int MaxWords = 600;

    public static Verdict Change(in Sighting sighting)
    {
        var observation = sighting.Observation;
        if (observation.Account is not { } news)
            return NumberRules.Nothing(sighting);

        var known = sighting.Number.Attention ?? new AccountAttention();
        if (observation.OccurredAt is null && WasUndated(known, news.EventId))
            return new(null, Outcome.Duplicate);

        var at = observation.OccurredAt ?? observation.ReceivedAt;
        var (attention, outcome, detail) = news.Reinstated
            ? Reinstate(known, at, observation.ReceivedAt)
            : Hold(known, news, at, observation.ReceivedAt);
        if (observation.OccurredAt is null && news.EventId is { } id)
            attention = attention with { Undated = Remember(attention.Undated, id) };

        return new(attention == known ? null : sighting.Number with { Attention = attention }, outcome)
        {
            Detail = detail is { Length: > MaxWords } ? detail[..MaxWords] + "…" : detail,
            Attention = outcome == Outcome.Applied ? AttentionOf(news) : null,
        };
    }

    /// <summary>What a person, and the company's application, should look at.</summary>
    private static string AttentionOf(AccountNews news) =>
        AccountNews.AttentionPrefix + (news.Reinstated ? "reinstated" : news.Notices[0].Kind.ToString().ToLowerInvariant());

    private static (AccountAttention Attention, Outcome Outcome, string? Detail) Reinstate(
        AccountAttention known, DateTimeOffset at, DateTimeOffset receivedAt)
    {
        if (at == known.ReinstatedAt)
            return (known, Outcome.Duplicate, null);
        if (at < known.ReinstatedAt)
            return (known, Outcome.Stale, "It occurred before the account was last reinstated.");

        var kept = known.Notices.RemoveAll(notice => notice.At < at);
        var attention = known with { Notices = kept, ReinstatedAt = at };
        return kept.Length < known.Notices.Length || !kept.Any(notice => notice.HoldsAt(receivedAt))
            ? (attention, Outcome.Applied, "WhatsApp reinstated the account.")
            : (attention, Outcome.Stale, "The account was reinstated, and what is held against it came after that.");
    }

    private static (AccountAttention Attention, Outcome Outcome, string? Detail) Hold(
        AccountAttention known, AccountNews news, DateTimeOffset at, DateTimeOffset receivedAt)
    {
        if (at < known.ReinstatedAt)
            return (known, Outcome.Stale, "The account was reinstated after it.");

        var (notices, isRepeat) = (known.Notices, true);
        foreach (var told in news.Notices)
        {
            var notice = told with { At = at, EventId = news.EventId };
            var former = notices.FirstOrDefault(other => IsOfOneThing(other, notice));
            isRepeat &= former is not null && IsOfOneEvent(former, notice);
            if (former is null)
                notices = notices.Add(notice);
            else if (Compare(notice, former) > 0)
                notices = notices.Replace(former, notice);
        }

        notices = Bounded(notices);
        var attention = known with { Notices = notices };
        if (isRepeat)
            return (attention, Outcome.Duplicate, null);

        var mine = notices.Except(known.Notices).ToList();
        if (mine.Count == 0)
            return (attention, Outcome.Stale, "Newer news of the account had come before it.");
        var words = string.Join(' ', mine.Select(notice => notice.ToWords()));
        return mine.Any(notice => notice.HoldsAt(receivedAt))
            ? (attention, Outcome.Applied, words)
            : (attention, Outcome.Stale, words + " That was over when it was received.");
    }

    private static bool IsOfOneThing(AccountNotice one, AccountNotice other) => one.Kind == other.Kind && one.Type == other.Type;

    /// <summary>By their ids; where one has none, by the time.</summary>
    private static bool IsOfOneEvent(AccountNotice one, AccountNotice other) =>
        one.EventId is null || other.EventId is null ? one.At == other.At : one.EventId == other.EventId;

    /// <summary>Which of two counts: the later one; of one time, what lasts longer. The rest only makes the order a whole one.</summary>
    private static int Compare(AccountNotice one, AccountNotice other)
    {
        var order = one.At.CompareTo(other.At);
        if (order == 0)
            order = (one.Until ?? DateTimeOffset.MaxValue).CompareTo(other.Until ?? DateTimeOffset.MaxValue);
        if (order == 0)
            order = string.CompareOrdinal(one.Type, other.Type);
        if (order == 0)
            order = string.CompareOrdinal(one.Detail, other.Detail);
        return order == 0 ? string.CompareOrdinal(one.EventId, other.EventId) : order;
    }

    /// <summary>Of each kind the latest, in an order that does not depend on when they came.</summary>
    private static ImmutableArray<AccountNotice> Bounded(ImmutableArray<AccountNotice> notices) =>
    [
        .. notices.GroupBy(notice => notice.Kind).OrderBy(kind => kind.Key)
            .SelectMany(kind => kind.OrderDescending(Comparer<AccountNotice>.Create(Compare)).Take(AccountAttention.MaxOfKind)),
    ];

    private static bool WasUndated(AccountAttention known, string? eventId) =>
        eventId is not null && known.Undated?.Split('\n').Contains(eventId, StringComparer.Ordinal) == true;

    // Ids hold no control characters (BoundedId), so a line's end separates them.
    private static string Remember(string? undated, string eventId) =>
        undated is null ? eventId : string.Join('\n', undated.Split('\n').Append(eventId).TakeLast(AccountAttention.MaxUndated));
}
