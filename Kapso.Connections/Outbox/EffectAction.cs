namespace Kapso.Connections.Outbox;

/// <summary>What became of a person's action on an effect.</summary>
public enum EffectAction
{
    /// <summary>It was done.</summary>
    Applied,

    /// <summary>It was done before, or the effect has settled by itself: nothing changed.</summary>
    AlreadySo,

    /// <summary>The effect is pending or in flight: only held or dead effects wait for a person.</summary>
    NotWaiting,

    /// <summary>No such effect.</summary>
    NotFound,
}
