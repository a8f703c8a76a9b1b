namespace Kapso.Connections.Deciding;

/// <content>
/// A setup of which a browser said that it succeeded, and no more: no number is hinted that could be asked about. It lapses as a hint
/// does: once the platform, asked ten minutes later, knows nothing of it, and after a day whatever can be asked.
/// </content>
public static partial class Decisions
{
    /// <summary>Furthest that the end of such a setup can lie ahead; beyond it, it was written under a clock that has been set back.</summary>
    private static readonly TimeSpan FurthestSetup = ConnectionPolicy.MaxPutOff + TimeSpan.FromHours(1);

    /// <summary>What has become of setups of which nothing was heard in time.</summary>
    private static Connection LookAtSetups(Connection connection, ConnectionPolicy policy, DateTimeOffset now)
    {
        foreach (var link in connection.SetupLinks)
        {
            if (link.LapsesAt is { } at && (at <= now || at - now > FurthestSetup))
                connection = LapseSetup(connection, link, "Nothing was heard of the setup within 24 hours.", policy, now);
        }

        return connection;
    }

    /// <summary>What the platform, asked long enough after it, knows nothing of.</summary>
    private static Connection LapseUnknownSetups(
        Connection connection, FoldLinks fold, HashSet<string> found, ConnectionPolicy policy, DateTimeOffset now)
    {
        foreach (var link in connection.SetupLinks)
        {
            if (link is { LapsesAt: not null, SucceededAt: { } at } && link.CheckedAt - at >= SetupLink.HintLife
                && (link.IsNotBorneOut || (fold.IsWhole && !found.Contains(link.Id))))
                connection = LapseSetup(connection, link, "The platform was asked and knows nothing of the setup.", policy, now);
        }

        return connection;
    }

    /// <summary>Where a number is connected there is nothing to tell: it may be the one.</summary>
    private static Connection LapseSetup(Connection connection, SetupLink link, string why, ConnectionPolicy policy, DateTimeOffset now)
    {
        if (connection.Numbers.Any(number => number.Status == NumberStatus.Connected))
            return WithLink(connection, link, link with { HasNoHint = false });

        var lapsed = link with
        {
            Status = link.Status == SetupLinkStatus.Completed ? SetupLinkStatus.Failed : link.Status,
            LapsedAt = now,
            UpdatedAt = now,
        };
        var cause = new Cause(null, null, now);
        connection = LinkNote(WithLink(connection, link, lapsed), link, Source.Service, "lapsed", why, now);
        connection = Outboxes.AddNotify(connection, NotifyType.Attention, NumberRules.NotBorneOut, ToldId(link), policy, cause);
        return connection.IsReceived(lapsed) ? connection : CountFailures(connection, [lapsed], policy, now, cause);
    }
}
