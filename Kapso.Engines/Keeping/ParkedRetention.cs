using Kapso.Connections.Webhooks;

namespace Kapso.Engines.Keeping;

/// <summary>In which order parked deliveries are pruned: the lowest first.</summary>
public enum ParkedRetention
{
    /// <summary>Replayed or discarded: kept for the record only.</summary>
    Resolved,

    /// <summary>Can only be discarded.</summary>
    DiscardOnly,

    /// <summary>Waits for its number to become known.</summary>
    Awaited,

    /// <summary>A person has to look at it.</summary>
    NeedsPerson,

    /// <summary>Accepted, and not folded in yet: never pruned.</summary>
    Owed,
}

public static class ParkedRetentions
{
    /// <summary>How those that waited and are gone are counted among what was turned away, and in the metric.</summary>
    /// <param name="expired">How many went by their age.</param>
    /// <param name="dropped">How many went for lack of room.</param>
    /// <param name="now">The time.</param>
    public static IReadOnlyList<TurnedAwayTally> TallyGone(long expired, long dropped, DateTimeOffset now)
    {
        return [.. Of(TurnedAwayKind.ParkedDropped, dropped), .. Of(TurnedAwayKind.ParkedExpired, expired)];

        IEnumerable<TurnedAwayTally> Of(TurnedAwayKind kind, long count)
        {
            if (count == 0)
                yield break;
            KapsoTelemetry.TurnedAway.Add(count, Tags.Of("reason", kind));
            yield return new TurnedAwayTally(kind, count, now, now, []);
        }
    }

    public static ParkedRetention Retention(this ParkedDelivery delivery) =>
        delivery.Status != ParkedStatus.Waiting ? ParkedRetention.Resolved
        : delivery.DiscardOnly ? ParkedRetention.DiscardOnly
        : delivery.Reason switch
        {
            ParkedReason.EngineUnavailable => ParkedRetention.Owed,
            ParkedReason.UnknownCustomer => ParkedRetention.Awaited,
            _ => ParkedRetention.NeedsPerson,
        };
}
