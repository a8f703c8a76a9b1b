namespace Kapso.Connections.Webhooks;

/// <summary>Why a delivery was parked.</summary>
public enum ParkedReason
{
    /// <summary>The engine did not answer in time. Replayed by itself; never pruned.</summary>
    EngineUnavailable,

    /// <summary>It names no customer and its number belongs to none that is known. Replayed by itself once the number is known.</summary>
    UnknownCustomer,

    /// <summary>The connection has no room for another number.</summary>
    TooManyNumbers,

    /// <summary>A batch of more than 100 items.</summary>
    BatchTooLarge,

    /// <summary>It names another project. Discard only.</summary>
    OtherProject,

    /// <summary>The event header and the body disagree. Discard only.</summary>
    EventMismatch,

    /// <summary>Not the JSON that was expected, or an id that cannot be a key. Discard only.</summary>
    Malformed,
}

/// <summary>What follows from the reason alone.</summary>
public static class ParkedReasons
{
    /// <summary>Whether nothing but discarding it makes sense.</summary>
    public static bool IsDiscardOnly(this ParkedReason reason) =>
        reason is ParkedReason.OtherProject or ParkedReason.EventMismatch or ParkedReason.Malformed;
}
