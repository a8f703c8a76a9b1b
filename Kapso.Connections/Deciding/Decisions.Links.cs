namespace Kapso.Connections.Deciding;

public static partial class Decisions
{
    /// <summary>Adds a setup link; the same link again changes nothing.</summary>
    public static Decision AddLink(Connection connection, SetupLink link, ConnectionPolicy policy, DateTimeOffset now)
    {
        if (connection.SetupLinks.Any(known => known.Id == link.Id))
            return new Decision(connection, Outcome.Duplicate);

        return new Decision(
            LinkNote(WithNewLink(connection, link), link, Source.Operator, "added", null, now), Outcome.Applied);
    }

    /// <summary>The oldest form of the success redirect names no number: it speaks of its link only.</summary>
    private static Decision ObserveNumberless(Connection connection, Observation observation)
    {
        var before = connection.SetupLinks;
        if (observation.Kind == ObservationKind.RedirectSucceeded)
            connection = CompleteLink(connection, FindLinkByState(connection, observation), observation, hasHint: false);
        var outcome = connection.SetupLinks == before ? Outcome.Noted : Outcome.Applied;
        var line = Line(observation, new Verdict(null, outcome) { Detail = "It names no number." });
        return new Decision(connection with { Timeline = Timelines.Add(connection.Timeline, line) }, outcome);
    }

    /// <summary>
    /// A redirect that brings a link's state completes it. Of webhooks only the older form names a link, so a number that becomes
    /// connected completes the link that was named for it, or else the newest that was waiting: without that, a customer who
    /// connects and leaves would still count as invited.
    /// </summary>
    private static Connection ConcludeLinks(Connection connection, Number? known, Verdict verdict, Observation observation)
    {
        if (connection.SetupLinks.IsEmpty)
            return connection;
        if (observation.Kind == ObservationKind.RedirectSucceeded)
        {
            var hasHint = (verdict.Number ?? known)?.Status is NumberStatus.Hinted or NumberStatus.Connected or NumberStatus.Refused;
            return CompleteLink(connection, FindLinkByState(connection, observation), observation, hasHint);
        }

        var becameConnected = verdict.Number?.Status == NumberStatus.Connected && known?.Status != NumberStatus.Connected;
        if (!becameConnected || verdict.Outcome == Outcome.Adopted)
            return connection;
        var link = FindLink(connection, observation)
            ?? connection.SetupLinks.LastOrDefault(link => link.PlatformId is not null && link.PlatformId == verdict.Number!.SetupLinkId)
            ?? connection.SetupLinks.LastOrDefault(link => link.SucceededAt is not null && CanHaveUsed(connection, verdict.Number!, link))
            ?? connection.SetupLinks.LastOrDefault(link =>
                link.Status is SetupLinkStatus.Live or SetupLinkStatus.Failed && CanHaveUsed(connection, verdict.Number!, link));
        return CompleteLink(connection, link, observation, hasHint: true);
    }

    /// <summary>
    /// Completes a link. A browser's word is a hint, which may be proven later, and ends nothing that the platform lists as active.
    /// </summary>
    /// <param name="connection">The connection.</param>
    /// <param name="link">The link; null where none is known.</param>
    /// <param name="observation">What says so.</param>
    /// <param name="hasHint">Whether a number is known that waits to be confirmed, or that this is about: else the link itself waits.</param>
    private static Connection CompleteLink(Connection connection, SetupLink? link, Observation observation, bool hasHint)
    {
        var isHint = observation.Source == Source.Redirect;
        if (link is { HasNoHint: true, LapsedAt: null } && hasHint)
            (connection, link) = (WithLink(connection, link, link with { HasNoHint = false }), link with { HasNoHint = false });
        if (link is null || (link.Status == SetupLinkStatus.Completed && (isHint || link.SucceededAt is null)))
            return connection;
        if (isHint && link.LapsedAt is not null)
            return connection; // A page that is loaded again is no news.
        if (isHint && !link.IsOpen && link.PlatformStatus is not (null or SetupLink.Active))
            return connection; // The platform has said how it ended.

        var tied = Tied(link, observation) with
        {
            SucceededAt = isHint ? observation.ReceivedAt : null,
            HasNoHint = isHint && !hasHint,
            LapsedAt = null,
        };
        if (isHint && link.IsOpen && link.PlatformStatus == SetupLink.Active)
            return link.SucceededAt is null ? WithLink(connection, link, tied with { UpdatedAt = observation.ReceivedAt }) : connection;

        // One that was revoked or expired here may have been used before: whoever names it, knows.
        connection = WithLink(connection, link, Closed(tied, SetupLinkStatus.Completed, observation.ReceivedAt));
        return link.Status == SetupLinkStatus.Completed
            ? connection
            : LinkNote(connection, link, observation.Source, "completed", null, observation.ReceivedAt);
    }

    private static SetupLink? FindLink(Connection connection, Observation observation) =>
        FindLinkByState(connection, observation)
        ?? (observation.SetupLinkId is { } id ? connection.SetupLinks.FirstOrDefault(link => link.PlatformId == id) : null);

    private static SetupLink? FindLinkByState(Connection connection, Observation observation) =>
        observation.State is { } state ? connection.SetupLinks.FirstOrDefault(link => link.State == state) : null;

    /// <summary>
    /// The link that an observation speaks of. A webhook's is proven; a browser's where it brought the state of a link whose id we
    /// have from the platform or the company, or where the platform has told that the link was used.
    /// </summary>
    private static NamedLink NamedBy(Connection connection, Observation observation)
    {
        if (observation.Source == Source.Webhook)
            return new NamedLink(observation.SetupLinkId, IsProven: true);
        var byState = FindLinkByState(connection, observation);
        if (byState is { PlatformId: { } ours, IsTiedByBrowser: false })
            return new NamedLink(ours, IsProven: true);
        return new NamedLink(observation.SetupLinkId, FindLink(connection, observation) is { IsUsedAtPlatform: true });
    }

    /// <summary>The first delivery that comes with a link's state tells the platform's id of it, as far as a browser can.</summary>
    private static SetupLink Tied(SetupLink link, Observation observation) =>
        link.PlatformId is null && observation.SetupLinkId is { } id && observation.State == link.State
            ? link with { PlatformId = id, IsTiedByBrowser = observation.Source == Source.Redirect }
            : link;

    private static Connection WithLink(Connection connection, SetupLink known, SetupLink link) =>
        link == known ? connection : connection with { SetupLinks = connection.SetupLinks.Replace(known, link) };

    private static Connection WithNewLink(Connection connection, SetupLink link)
    {
        var links = connection.SetupLinks;
        if (links.Length >= Connection.MaxLinks)
        {
            links = links.Remove(
                links.FirstOrDefault(old =>
                    old.Status is not (SetupLinkStatus.Live or SetupLinkStatus.Intended) && !IsRecentReconnect(old, link.CreatedAt))
                ?? links.FirstOrDefault(old => old.Status is not (SetupLinkStatus.Live or SetupLinkStatus.Intended))
                ?? links.First(old => old.Status != SetupLinkStatus.Intended));
        }

        return connection with { SetupLinks = links.Add(link) };
    }

    /// <summary>What opened the setup is not kept longer than it can be used.</summary>
    private static SetupLink Closed(SetupLink link, SetupLinkStatus status, DateTimeOffset at) => link with
    {
        Status = status,
        UpdatedAt = at,
        Url = null,
        Token = null,
        PendingFailure = status == SetupLinkStatus.Completed ? link.PendingFailure : null,
    };

    private static Connection LinkNote(
        Connection connection, SetupLink link, Source source, string what, string? detail, DateTimeOffset now) =>
        Note(connection, new TimelineEntry
        {
            At = now,
            Source = source,
            Event = "setup_link." + what,
            Outcome = Outcome.Applied,
            DeliveryId = link.Id,
            Detail = detail,
        });
}
