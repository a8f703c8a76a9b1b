using Kapso.Connections.Redirects;

namespace Kapso.Connections.Deciding;

public static partial class Decisions
{
    /// <summary>
    /// Changes a customer's setup links. A link that is to be made is an intent first, which is written before the platform
    /// is asked, since asking twice would revoke what was mailed already.
    /// </summary>
    public static LinkDecision ChangeLink(Connection connection, LinkChange change, ConnectionPolicy policy, DateTimeOffset now) =>
        change switch
        {
            IntendLink intend => Intend(connection, intend, policy, now),
            IssueLink issue => Issue(connection, issue, policy, now),
            AbandonLink abandon => Abandon(connection, abandon, policy, now),
            RegisterLink register => Register(connection, register.Link, now),
            RevokeLink revoke => Revoke(connection, revoke.LinkId, now),
            FoldLinks fold => new(Fold(connection, fold, policy, now), new LinkReceipt(LinkOutcome.Applied, null)),
            _ => throw new ArgumentOutOfRangeException(nameof(change), change, "Expected a change of this version's."),
        };

    private static LinkDecision Intend(Connection connection, IntendLink intend, ConnectionPolicy policy, DateTimeOffset now)
    {
        var link = intend.Link;
        var links = connection.SetupLinks;
        if (links.FirstOrDefault(known => known.Id == link.Id) is { } same)
            return Unchanged(connection, LinkOutcome.Applied, same);
        if (link.IdempotencyKey is { } key && links.LastOrDefault(known => known.IdempotencyKey == key) is { } earlier)
            return Unchanged(connection, earlier.Fingerprint == link.Fingerprint ? LinkOutcome.AlreadySo : LinkOutcome.KeyReused, earlier);
        if (links.FirstOrDefault(known => known.Status == SetupLinkStatus.Intended) is { } other)
            return Unchanged(connection, LinkOutcome.InProgress, other);
        if (link.ReconnectsPhoneNumberId is not null && JudgeReconnect(connection, link, policy, now) is { } against)
            return against;
        if (!intend.Replace && connection.FindUsableLink(now) is { } usable)
            return Unchanged(connection, LinkOutcome.StillUsable, usable);

        link = link with { Status = SetupLinkStatus.Intended };
        return new(WithNewLink(connection, link), new LinkReceipt(LinkOutcome.Applied, link));
    }

    private static LinkDecision Issue(Connection connection, IssueLink issue, ConnectionPolicy policy, DateTimeOffset now)
    {
        if (connection.SetupLinks.FirstOrDefault(known => known.Id == issue.LinkId) is not { } link)
            return Unchanged(connection, LinkOutcome.NotFound, null);
        if (link.Status != SetupLinkStatus.Intended && link.PlatformStatus is not null)
            return Unchanged(connection, LinkOutcome.AlreadySo, link);

        connection = MakeIssued(connection, link, issue.Listed, issue.Token, policy, now);
        return new(connection, new LinkReceipt(LinkOutcome.Applied, connection.SetupLinks.First(known => known.Id == link.Id)));
    }

    private static Connection MakeIssued(
        Connection connection, SetupLink link, ListedLink listed, BearerSecret? token, ConnectionPolicy policy, DateTimeOffset now)
    {
        // The customer may have been quicker than the platform's answer: then the link has been completed or has failed.
        var issued = link.Status == SetupLinkStatus.Intended ? link with { Status = SetupLinkStatus.Live } : link;
        issued = issued with { PlatformId = listed.PlatformId, IsTiedByBrowser = false, UpdatedAt = now, Token = issued.IsOpen ? token : null };
        connection = LinkNote(
            WithLink(connection, link, issued), link, link.IsAutomatic ? Source.Service : Source.Operator, "issued",
            link.ReconnectsPhoneNumberId is { } gone ? $"It connects number {gone} again." : null, now);
        foreach (var older in connection.SetupLinks)
        {
            if (older.Id != link.Id && older is { PlatformId: not null, IsOpen: true })
            {
                connection = WithLink(connection, older, Closed(older, SetupLinkStatus.Revoked, now));
                connection = LinkNote(connection, older, Source.Api, "revoked", "A newer link took its place.", now);
            }
        }

        return ConcludeReconnect(FoldLink(connection, issued, listed, policy, now, now), link.Id, policy, now);
    }

    /// <summary>The link never went out: it is forgotten, and its key may be used again.</summary>
    private static LinkDecision Abandon(Connection connection, AbandonLink abandon, ConnectionPolicy policy, DateTimeOffset now)
    {
        if (connection.SetupLinks.FirstOrDefault(known => known.Id == abandon.LinkId) is not { } link)
            return Unchanged(connection, LinkOutcome.NotFound, null);
        if (link.Status != SetupLinkStatus.Intended)
            return Unchanged(connection, LinkOutcome.AlreadySo, link);
        connection = ConcludeAbandoned(
            connection with { SetupLinks = connection.SetupLinks.Remove(link) }, link, abandon.IsRefused, policy, now);
        return new(
            LinkNote(connection, link, Source.Api, "not_issued", Shortened(abandon.Reason), now),
            new LinkReceipt(LinkOutcome.Applied, link));
    }

    private static LinkDecision Register(Connection connection, SetupLink link, DateTimeOffset now)
    {
        ArgumentException.ThrowIfNullOrEmpty(link.PlatformId);
        if (connection.SetupLinks.FirstOrDefault(known => known.PlatformId == link.PlatformId) is { } known)
            return Unchanged(connection, LinkOutcome.AlreadySo, known);
        return new(
            LinkNote(WithNewLink(connection, link), link, Source.Operator, "registered", null, now),
            new LinkReceipt(LinkOutcome.Applied, link));
    }

    private static LinkDecision Revoke(Connection connection, string linkId, DateTimeOffset now)
    {
        if (connection.SetupLinks.FirstOrDefault(known => known.Id == linkId) is not { } link)
            return Unchanged(connection, LinkOutcome.NotFound, null);
        if (link.Status is SetupLinkStatus.Revoked or SetupLinkStatus.Completed or SetupLinkStatus.Expired)
            return Unchanged(connection, LinkOutcome.AlreadySo, link);
        var revoked = Closed(link, SetupLinkStatus.Revoked, now) with { PlatformStatus = "revoked" };
        return new(
            LinkNote(WithLink(connection, link, revoked), link, Source.Operator, "revoked", null, now),
            new LinkReceipt(LinkOutcome.Applied, revoked));
    }

    private static Connection Fold(Connection connection, FoldLinks fold, ConnectionPolicy policy, DateTimeOffset now)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        var before = connection;

        // The oldest first, so that a newer one that was issued meanwhile has the last word on the older ones.
        foreach (var listed in fold.Links.Reverse())
        {
            var link = connection.SetupLinks.FirstOrDefault(known => known.PlatformId == listed.PlatformId)
                ?? connection.SetupLinks.FirstOrDefault(known => known.Id == listed.LinkId && (known.PlatformId is null || known.IsTiedByBrowser));
            if (link is null)
                continue;
            found.Add(link.Id);
            connection = link.Status == SetupLinkStatus.Intended
                ? MakeIssued(connection, link, listed, null, policy, now)
                : FoldLink(connection, link, listed, policy, fold.AskedAt, now);
        }

        foreach (var link in connection.SetupLinks)
        {
            if (link.IsAwaited && !found.Contains(link.Id))
                connection = FoldMissing(connection, link, fold, policy, now);
        }

        connection = PassOverDue(LapseUnknownSetups(connection, fold, found, policy, now), fold, now);
        var wasUsed = before.SetupLinks.Any(link => link.Status == SetupLinkStatus.Revoked
            && connection.SetupLinks.Any(known => known.Id == link.Id && known.Status == SetupLinkStatus.Completed));
        return ProveLinks(wasUsed ? Reopen(connection, fold, now) : connection);
    }

    /// <summary>What a browser said of a number's link holds where the platform lists that link as this customer's and used.</summary>
    private static Connection ProveLinks(Connection connection)
    {
        foreach (var number in connection.Numbers)
        {
            if (!number.SetupLinkProven && number.SetupLinkId is { } id
                && connection.SetupLinks.Any(link => link.PlatformId == id && link.IsUsedAtPlatform))
                connection = WithNumber(connection, number, number with { SetupLinkProven = true });
        }

        return connection;
    }

    /// <summary>
    /// A webhook that names no link completed the newest; now it turns out that the one before it was used. What the platform
    /// lists as active is not used.
    /// </summary>
    private static Connection Reopen(Connection connection, FoldLinks fold, DateTimeOffset now)
    {
        foreach (var listed in fold.Links)
        {
            if (listed is not { Status: SetupLink.Active, SetupStatus: null or "pending" }
                || connection.SetupLinks.FirstOrDefault(known => known.PlatformId == listed.PlatformId)
                    is not { Status: SetupLinkStatus.Completed } link)
                continue;
            connection = MakeLive(connection, link, link, listed, "The link before it was used, and not this one.", now);
        }

        return connection;
    }

    /// <summary>Opens a link again that had ended here, on the platform's word.</summary>
    private static Connection MakeLive(
        Connection connection, SetupLink known, SetupLink link, ListedLink listed, string why, DateTimeOffset now) =>
        LinkNote(
            WithLink(connection, known, link with { Status = SetupLinkStatus.Live, Url = listed.Url, UpdatedAt = now }),
            known, Source.Api, "reopened", why, now);

    /// <summary>A link that is not there may be one that was never made (a pair of redirect URLs) or one that was cleared away.</summary>
    private static Connection FoldMissing(Connection connection, SetupLink link, FoldLinks fold, ConnectionPolicy policy, DateTimeOffset now)
    {
        var looked = link with { CheckedAt = fold.AskedAt };
        if (link is { PendingFailure: { } code, Status: not SetupLinkStatus.Intended } && fold.IsWhole && !connection.IsReceived(link))
            return Fail(connection, link, looked, code, policy, now, new Cause(null, null, now));
        if (link.Status != SetupLinkStatus.Intended && fold.IsWhole && fold.AskedAt - link.CreatedAt > SetupLink.Life)
        {
            if (!link.IsOpen)
                return WithLink(connection, link, looked with { PlatformStatus = SetupLink.Unlisted });
            connection = WithLink(connection, link, Closed(link, SetupLinkStatus.Expired, now));
            return LinkNote(connection, link, Source.Api, "expired", "The platform does not list it.", now);
        }

        return WithLink(connection, link, looked);
    }

    private static Connection FoldLink(
        Connection connection, SetupLink link, ListedLink listed, ConnectionPolicy policy, DateTimeOffset askedAt, DateTimeOffset now)
    {
        var folded = link with
        {
            PlatformId = listed.PlatformId,
            IsTiedByBrowser = false,
            PlatformStatus = Shortened(listed.Status),
            SetupStatus = Shortened(listed.SetupStatus),
            ExpiresAt = listed.ExpiresAt ?? link.ExpiresAt,
            CheckedAt = askedAt,
        };
        folded = listed.Status is null or SetupLink.Active
            ? folded with { Url = folded.IsOpen ? listed.Url ?? link.Url : null }
            : folded with { Url = null, Token = null };
        SetupLinkStatus? end = listed switch
        {
            { Status: "used", SetupStatus: null } or { Status: "used" or "revoked" or "expired", SetupStatus: "completed" } =>
                SetupLinkStatus.Completed,
            { Status: "revoked" } => SetupLinkStatus.Revoked,
            { Status: "expired" } => SetupLinkStatus.Expired,
            _ => null,
        };
        if (end == SetupLinkStatus.Completed)
            folded = folded with { SucceededAt = null, PendingFailure = null, LapsedAt = null };

        var isActive = listed is { Status: SetupLink.Active, SetupStatus: null or "pending" or "processing" };
        var isByBrowser = link is { Status: SetupLinkStatus.Completed, SucceededAt: not null };
        if (isActive && (link.Status == SetupLinkStatus.Expired || isByBrowser))
            return MakeLive(connection, link, folded, listed, "The platform lists it as active.", now);

        // A link that has ended here stays as it is, except where it was used after all, or only a browser said that it was.
        if (!link.IsOpen && !(isByBrowser && end is not null) && (end != SetupLinkStatus.Completed || link.Status == SetupLinkStatus.Completed))
            return WithLink(connection, link, folded);
        if (end == SetupLinkStatus.Expired && link.PendingFailure is { } code)
            return FoldFailure(connection, link, folded, code, policy, now);
        if (end is { } status)
        {
            connection = WithLink(connection, link, Closed(folded with { SucceededAt = null, LapsedAt = null }, status, now));
            return LinkNote(connection, link, Source.Api, NameOf(status), null, now);
        }

        if (listed.SetupStatus != "failed" || (link.Status == SetupLinkStatus.Failed && link.PendingFailure is null))
            return WithLink(connection, link, folded);
        var told = SetupErrorCodes.Normalize(listed.SetupError);
        return FoldFailure(connection, link, folded, told == SetupErrorCodes.Unknown ? link.PendingFailure ?? told : told, policy, now);
    }

    private static Connection FoldFailure(
        Connection connection, SetupLink link, SetupLink folded, string code, ConnectionPolicy policy, DateTimeOffset now)
    {
        // Told once for each code, whatever a browser says again.
        if (link.Status is SetupLinkStatus.Failed && link.ErrorCodes.Contains(code) && folded.PlatformStatus == link.PlatformStatus)
            return WithLink(connection, link, folded with { PendingFailure = null });
        connection = Fail(connection, link, folded, code, policy, now, new Cause(null, null, now));
        return LinkNote(connection, link, Source.Api, "failed", code, now);
    }

    private static string NameOf(SetupLinkStatus status) => status switch
    {
        SetupLinkStatus.Revoked => "revoked",
        SetupLinkStatus.Expired => "expired",
        _ => "completed",
    };

    private static LinkDecision Unchanged(Connection connection, LinkOutcome outcome, SetupLink? link) =>
        new(connection, new LinkReceipt(outcome, link));
}
