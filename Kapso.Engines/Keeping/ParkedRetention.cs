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
