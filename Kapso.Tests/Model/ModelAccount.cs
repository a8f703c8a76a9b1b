namespace Kapso.Tests.Model;

/// <summary>
/// The account of one number, as the guarantee says: all that was ever heard is kept, and what holds is worked out of it anew.
/// </summary>
internal sealed class ModelAccount
{
    private readonly List<(DateTimeOffset At, AccountNews News)> _heard = [];
    private readonly List<string> _undated = [];

    /// <summary>When the account was last reinstated.</summary>
    public DateTimeOffset? Reinstated => _heard.Where(one => one.News.Reinstated).Select(one => (DateTimeOffset?)one.At).Max();

    /// <summary>What was not taken back: of each kind and type the latest; of one time what lasts longest, then by the event's id.</summary>
    public IReadOnlyList<(AccountNoticeKind Kind, string? Type, DateTimeOffset At, DateTimeOffset? Until, string? Event)> Held =>
    [
        .. _heard.Where(one => !one.News.Reinstated && !(one.At < Reinstated))
            .SelectMany(one => one.News.Notices.Select(notice => (notice.Kind, notice.Type, one.At, notice.Until, one.News.EventId)))
            .GroupBy(notice => (notice.Kind, notice.Type))
            .Select(same => same.OrderBy(one => one.At).ThenBy(one => one.Until ?? DateTimeOffset.MaxValue).ThenBy(one => one.EventId, StringComparer.Ordinal).Last()),
    ];

    /// <summary>Hears an event. Says whether the company is to be told: once of each event, and of none that newer news made old.</summary>
    public bool Hear(Told told)
    {
        var news = told.Account!;
        if (told.Occurred is null)
        {
            if (_undated.Contains(news.EventId!))
                return false;
            _undated.Add(news.EventId!);
            if (_undated.Count > 16)
                _undated.RemoveAt(0);
        }

        var at = told.Occurred ?? told.Received;
        var isRepeat = _heard.Any(one => one.News.EventId == news.EventId && one.At == at);
        var (heldBefore, reinstatedBefore) = (Held, Reinstated);
        _heard.Add((at, news));
        if (isRepeat || at < reinstatedBefore)
            return false;
        if (news.Reinstated)
        {
            return at != reinstatedBefore
                && (Held.Count < heldBefore.Count || !Held.Any(notice => !(notice.Until <= told.Received)));
        }

        return Held.Any(notice => notice.Event == news.EventId && notice.At == at && !(notice.Until <= told.Received));
    }
}
