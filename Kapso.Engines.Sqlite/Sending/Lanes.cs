namespace Kapso.Engines.Sqlite.Sending;

/// <summary>
/// Effects of one kind share a lane, with slots of its own: a receiver of notifies that hangs holds up no welcome.
/// </summary>
internal static class Lanes
{
    /// <summary>Every lane, in the order of the store's columns.</summary>
    public static EffectKind[] All { get; } =
        [EffectKind.Confirm, EffectKind.Welcome, EffectKind.Notify, EffectKind.Release];

    /// <summary>The store's column of a lane's wake times.</summary>
    public static string Column(EffectKind lane) => lane switch
    {
        EffectKind.Confirm => "wake_confirm",
        EffectKind.Welcome => "wake_welcome",
        EffectKind.Notify => "wake_notify",
        EffectKind.Release => "wake_release",
        _ => throw new ArgumentOutOfRangeException(nameof(lane), lane, "No such lane."),
    };
}
