using Kapso.Connections.Reconciling;

namespace Kapso.Platform.Reconciling;

/// <summary>What a pass needs to know of its project's settings, and whom it tells of alarms.</summary>
/// <param name="PublicUrl">Where the platform reaches this service; null where that is not known, and then no webhook can be checked.</param>
/// <param name="IsOnlyProject">Whether it is the only project that is served.</param>
/// <param name="Tell">Told of the alarms before and after each look.</param>
internal sealed record PassTerms(
    Uri? PublicUrl,
    bool IsOnlyProject,
    Action<(IReadOnlyList<ReconciliationAlarm> Before, IReadOnlyList<ReconciliationAlarm> After)> Tell);
