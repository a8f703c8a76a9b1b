using Kapso.Connections.Redirects;

namespace Kapso.Connections.Deciding;

/// <content>
/// A failure that a browser tells is recorded on its link and in the timeline; it never undoes a connected number. It counts at once
/// only where nothing better is to be had. While a setup of its link is being checked it waits for the outcome: the proof drops it, and
/// it counts if the hint is refused or lapses. With an API key it waits until the platform agrees.
/// </content>
public static partial class Decisions
{
    /// <summary>Without the link's state anybody may say that a setup failed: then it is only noted.</summary>
    private static Decision ObserveFailedSetup(
        Connection connection, Observation observation, ConnectionPolicy policy, DateTimeOffset now)
    {
        var code = SetupErrorCodes.Normalize(observation.ErrorCode);
        var link = FindLinkByState(connection, observation);
        var (outcome, detail) = (Outcome.Noted, code);
        if (link is not (null or { Status: SetupLinkStatus.Revoked } or { Status: SetupLinkStatus.Completed, SucceededAt: null }))
        {
            var isReceived = connection.IsReceived(link);
            if (link.ErrorCodes.Contains(code) || link.PendingFailure == code)
                outcome = Outcome.Duplicate;
            else if (isReceived || policy.CanConfirm)
            {
                detail += isReceived ? ": it counts if the setup that is being checked is not confirmed." : ": it counts once the platform says so.";
                var waits = code == SetupErrorCodes.Unknown ? link.PendingFailure ?? code : code; // A reason that is known is worth more.
                connection = WithLink(connection, link, Tied(link, observation) with { PendingFailure = waits, UpdatedAt = observation.ReceivedAt });
            }
            else
            {
                outcome = Outcome.Applied;
                connection = Fail(connection, link, Tied(link, observation), code, policy, observation.ReceivedAt, new Cause(null, observation.TraceParent, now));
            }
        }

        var line = Line(observation, new Verdict(null, outcome) { Detail = detail });
        return new Decision(connection with { Timeline = Timelines.Add(connection.Timeline, line) }, outcome);
    }

    /// <summary>A failure counts from now on, and the company is told. What the platform lists as active can still be used.</summary>
    private static Connection Fail(
        Connection connection, SetupLink known, SetupLink link, string code, ConnectionPolicy policy, DateTimeOffset at, Cause cause)
    {
        var failed = Failed(link, code, at) with { SucceededAt = null, LapsedAt = null };
        var isOver = link.PlatformStatus == "expired" || (code == SetupErrorCodes.LinkExpired && link.PlatformStatus != SetupLink.Active);
        connection = WithLink(
            connection, known,
            isOver ? Closed(failed, SetupLinkStatus.Expired, at) : failed with { Status = SetupLinkStatus.Failed });
        return Outboxes.AddNotify(connection, NotifyType.SetupFailed, code, ToldId(link), policy, cause);
    }

    /// <summary>The id by which the company is told of a link: no browser's word.</summary>
    private static string ToldId(SetupLink link) => link.IsTiedByBrowser ? link.Id : link.PlatformId ?? link.Id;

    private static SetupLink Failed(SetupLink link, string code, DateTimeOffset at) => link with
    {
        ErrorCodes = link.ErrorCodes.Contains(code) ? link.ErrorCodes : link.ErrorCodes.Add(code),
        PendingFailure = null,
        UpdatedAt = at,
    };

    /// <summary>What becomes of the failures that wait, where a number became connected or a hint came to nothing.</summary>
    private static Connection SettleFailures(
        Connection connection, NumberStatus? before, NumberStatus? after, ConnectionPolicy policy, DateTimeOffset at, Cause cause)
    {
        if (after == NumberStatus.Connected && before != after)
        {
            foreach (var link in connection.SetupLinks)
                connection = WithLink(connection, link, link with { PendingFailure = null, HasNoHint = false });
            return connection;
        }

        var cameToNothing = before == NumberStatus.Hinted && after is NumberStatus.Refused or NumberStatus.Gone;
        return cameToNothing && !connection.Numbers.Any(number => number.Status is NumberStatus.Hinted or NumberStatus.Connected)
            ? CountFailures(connection, connection.SetupLinks, policy, at, cause)
            : connection;
    }

    private static Connection CountFailures(
        Connection connection, IEnumerable<SetupLink> links, ConnectionPolicy policy, DateTimeOffset at, Cause cause)
    {
        foreach (var link in links)
        {
            // Of a link that no browser called completed, and of the end of one, the platform has the word where it can be asked.
            if (link.PendingFailure is { } code
                && (!policy.CanConfirm || (link.SucceededAt is not null && !(code == SetupErrorCodes.LinkExpired && link.PlatformStatus == SetupLink.Active))))
                connection = LinkNote(Fail(connection, link, link, code, policy, at, cause), link, Source.Service, "failed", code, cause.Now);
        }

        return connection;
    }
}
