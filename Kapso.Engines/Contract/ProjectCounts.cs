namespace Kapso.Engines.Contract;

/// <summary>How many customers stand somewhere.</summary>
/// <param name="Status">Where they stand.</param>
/// <param name="Count">How many there are.</param>
public sealed record StatusCount(ConnectionStatus Status, long Count);

/// <summary>How many deliveries came on a day, by where they came from and what became of them.</summary>
/// <param name="Day">The day, UTC.</param>
/// <param name="Source">Where they came from.</param>
/// <param name="Outcome">What became of them; null for parked.</param>
/// <param name="Count">How many there were.</param>
public sealed record ArrivalCount(DateOnly Day, Source Source, Outcome? Outcome, long Count);

/// <summary>How many setups failed on a day.</summary>
/// <param name="Day">The day, UTC.</param>
/// <param name="ErrorCode">One of <see cref="Connections.Redirects.SetupErrorCodes"/>.</param>
/// <param name="Count">How many there were.</param>
public sealed record FailureCount(DateOnly Day, string ErrorCode, long Count);

/// <summary>
/// What an overview of a project counts. Cheap to read, whatever the project's size. Arrivals and failures are there to be
/// looked at: an engine may be seconds behind with them, and lose the last of them in a crash.
/// </summary>
/// <param name="Connections">Customers by where they stand, in the order of the statuses; those without any are left out.</param>
/// <param name="Arrivals">Arrivals of the last <see cref="Days"/> days, today included.</param>
/// <param name="Failures">Failed setups of those days.</param>
/// <param name="LastWebhook">When an authentic webhook last came; null for never.</param>
/// <param name="EffectsHeld">Effects whose outcome only a person can tell.</param>
/// <param name="EffectsDead">Effects that were refused for good, or whose attempts are used up.</param>
/// <param name="ParkedWaiting">Parked deliveries that wait.</param>
/// <param name="NumbersDisputed">Numbers with <see cref="NumberMark.Disputed"/>.</param>
/// <param name="NumbersRefused">Numbers with <see cref="NumberMark.Refused"/>.</param>
/// <param name="NumbersAttention">Numbers with <see cref="NumberMark.Attention"/> that is not over.</param>
public sealed record ProjectCounts(
    IReadOnlyList<StatusCount> Connections,
    IReadOnlyList<ArrivalCount> Arrivals,
    IReadOnlyList<FailureCount> Failures,
    DateTimeOffset? LastWebhook,
    long EffectsHeld,
    long EffectsDead,
    long ParkedWaiting,
    long NumbersDisputed,
    long NumbersRefused,
    long NumbersAttention)
{
    /// <summary>For how many days arrivals, failures and what was turned away are counted.</summary>
    public const int Days = 7;

    /// <summary>What was turned away, of this project and of none; those kinds of which there was something. Up to a minute old.</summary>
    public IReadOnlyList<TurnedAwayCount> TurnedAway { get; init; } = [];

    /// <summary>The counts of a project of which nothing is known.</summary>
    public static ProjectCounts Nothing { get; } = new([], [], [], null, 0, 0, 0, 0, 0, 0);
}
