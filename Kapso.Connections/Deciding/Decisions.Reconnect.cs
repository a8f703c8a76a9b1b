namespace Kapso.Connections.Deciding;

/// <content>
/// Links with which a customer connects a number again that has gone. A person asks for one; or, where the policy says so, the service
/// makes one by itself: decided once for each time that a number goes, and on what is known when it is to be made, so that whatever came
/// since counts. A number that comes by such a link came back, also under a new id.
/// </content>
public static partial class Decisions
{
    /// <summary>How long a number is given to come back by itself: one that changed its phone is back within minutes.</summary>
    private static readonly TimeSpan BeforeReconnect = TimeSpan.FromMinutes(15);

    /// <summary>Most links that the service makes by itself for a number within <see cref="ReconnectsCount"/>.</summary>
    private const int MostReconnects = 3;

    private static readonly TimeSpan ReconnectsCount = TimeSpan.FromDays(30);

    private static Connection PlanReconnect(Connection connection, Number? known, ConnectionPolicy policy) =>
        policy.ReconnectsByItself && known?.Status == NumberStatus.Connected && connection.FindNumber(known.PhoneNumberId) is { } number
            ? WithNumber(connection, number, number with { ReconnectAt = number.GoneAt + BeforeReconnect })
            : connection;

    /// <summary>What speaks against a reconnect link; null for nothing.</summary>
    private static LinkDecision? JudgeReconnect(Connection connection, SetupLink link, ConnectionPolicy policy, DateTimeOffset now)
    {
        var number = connection.FindNumber(link.ReconnectsPhoneNumberId);
        if (!link.IsAutomatic)
            return number is not null && connection.IsReconnectable(number) ? null : Unchanged(connection, LinkOutcome.NotGone, null);

        if (number is null || !(number.ReconnectAt <= now) || IsSetupChecked(connection, now))
            return Unchanged(connection, LinkOutcome.NotDue, null);
        return WhyNotByItself(connection, number, policy, now) is { } why
            ? new(PassOver(connection, number, why, now), new LinkReceipt(LinkOutcome.NotDue, null))
            : null;
    }

    /// <summary>Whether a setup is being checked, which may be the one that connects the number; for a day at most.</summary>
    private static bool IsSetupChecked(Connection connection, DateTimeOffset now) =>
        connection.SetupLinks.Any(link => link.IsSpokenOf && now - (link.UpdatedAt ?? link.CreatedAt) <= SetupLink.UnaskedLife)
        || connection.Numbers.Any(number => number.Status == NumberStatus.Hinted && now - number.HintedAt <= SetupLink.UnaskedLife);

    private static string? WhyNotByItself(Connection connection, Number number, ConnectionPolicy policy, DateTimeOffset now) =>
        !policy.ReconnectsByItself ? "The service makes none by itself (Reconnect:Auto)."
        : !connection.IsReconnectable(number) ? "Its phone is connected as another number, or it is a sandbox number."
        : number.Disconnection?.Initiator == DisconnectionInitiator.Customer ? "The customer disconnected it."
        : number.Disconnection?.Initiator != DisconnectionInitiator.WhatsApp ? "The platform did not say that it was WhatsApp who disconnected it."
        : number.ReconnectPhone is null ? "No proof told its phone."
        : connection.FindUsableLink(now) is not null ? "The customer has a link that can still be used."
        : connection.SetupLinks.Count(link => IsRecentReconnect(link, now) && link.ReconnectsPhoneNumberId == number.PhoneNumberId) >= MostReconnects
            ? "Three were made within the last 30 days."
        : null;

    private static bool IsRecentReconnect(SetupLink link, DateTimeOffset now) => link.IsAutomatic && now - link.CreatedAt <= ReconnectsCount;

    /// <summary>The service makes no link for a number that went, until it goes again.</summary>
    private static Connection PassOver(Connection connection, Number number, string why, DateTimeOffset now) =>
        Note(WithNumber(connection, number, number with { ReconnectAt = null }), new TimelineEntry
        {
            At = now,
            Source = Source.Service,
            Event = "reconnect.passed_over",
            Outcome = Outcome.Noted,
            Detail = why,
            PhoneNumberId = number.PhoneNumberId,
        });

    /// <summary>The platform lists a link that can be used, made here or elsewhere: a new one would revoke it.</summary>
    private static Connection PassOverDue(Connection connection, FoldLinks fold, DateTimeOffset now)
    {
        if (!fold.Links.Any(link => link.Status == SetupLink.Active))
            return connection;
        foreach (var number in connection.Numbers)
        {
            if (number.ReconnectAt <= now)
                connection = PassOver(connection, number, "The platform lists a link of the customer's that can still be used.", now);
        }

        return connection;
    }

    /// <summary>A reconnect link has been made: the company is told, as far as the customer can open it.</summary>
    private static Connection ConcludeReconnect(Connection connection, string linkId, ConnectionPolicy policy, DateTimeOffset now)
    {
        var link = connection.SetupLinks.First(known => known.Id == linkId);
        if (connection.FindNumber(link.ReconnectsPhoneNumberId) is not { } number)
            return connection;
        connection = WithNumber(connection, number, number with { ReconnectAt = null });
        return link.IsUsable(now)
            ? Outboxes.AddNotify(
                connection, NotifyType.ReconnectLink, link.IsAutomatic ? Effect.ReconnectAutomatic : Effect.ReconnectAskedFor, ToldId(link), policy,
                new Cause(number.PhoneNumberId, null, now))
            : connection;
    }

    /// <summary>A link that the service wanted to make by itself was not made: it is tried again, or left to a person, who is told.</summary>
    private static Connection ConcludeAbandoned(Connection connection, SetupLink link, bool isRefused, ConnectionPolicy policy, DateTimeOffset now)
    {
        if (!link.IsAutomatic || connection.FindNumber(link.ReconnectsPhoneNumberId) is not { ReconnectAt: not null } number)
            return connection;
        connection = WithNumber(connection, number, number with { ReconnectAt = isRefused ? null : now + BeforeReconnect });
        return isRefused
            ? Outboxes.AddNotify(
                connection, NotifyType.Attention, "reconnect_refused", null, policy, new Cause(number.PhoneNumberId, null, now))
            : connection;
    }

    /// <summary>Whether a number that became connected can have come by a link: one that connects a number again connects no other phone.</summary>
    private static bool CanHaveUsed(Connection connection, Number number, SetupLink link) =>
        link.ReconnectsPhoneNumberId is not { } id || id == number.PhoneNumberId
        || (number.ProvenPhone is { } phone && connection.FindNumber(id)?.ProvenPhone == phone);

    /// <summary>
    /// The customer's numbers that were to be connected again when this one became connected, and were not under their own ids: with the
    /// same phone, this one is them.
    /// </summary>
    private static IEnumerable<Number> AwaitedAgain(Connection connection, Number number) => connection.Numbers.Where(other =>
        other != number && other is { Status: NumberStatus.Gone, WelcomeDecided: true }
        && connection.SetupLinks.Any(link =>
            link.ReconnectsPhoneNumberId == other.PhoneNumberId
            && link.Status is SetupLinkStatus.Live or SetupLinkStatus.Completed or SetupLinkStatus.Failed
            && link.CreatedAt >= other.GoneAt && number.ConnectedAt >= link.CreatedAt && number.ConnectedAt - link.CreatedAt <= SetupLink.Life));

    /// <summary>Whether a number came back by a reconnect link, under an id that is new.</summary>
    private static bool IsBackByLink(Connection connection, Number? number) =>
        number?.ProvenPhone is { } phone && AwaitedAgain(connection, number).Any(other => other.ProvenPhone == phone);
}
