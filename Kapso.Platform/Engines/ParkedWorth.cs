using Kapso.Connections.Engine;

namespace Kapso.Platform.Engines;

/// <summary>In which order parked deliveries are pruned: the lowest first.</summary>
internal enum ParkedWorth
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

internal static class ParkedWorthExtensions
{
    public static ParkedWorth Worth(this ParkedDelivery delivery) =>
        delivery.Status != ParkedStatus.Waiting ? ParkedWorth.Resolved
        : delivery.DiscardOnly ? ParkedWorth.DiscardOnly
        : delivery.Reason switch
        {
            ParkedReason.EngineUnavailable => ParkedWorth.Owed,
            ParkedReason.UnknownCustomer => ParkedWorth.Awaited,
            _ => ParkedWorth.NeedsPerson,
        };
}
