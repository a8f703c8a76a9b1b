using Kapso.Connections.Reconciling;
using Kapso.Platform.Links;

namespace Kapso.Platform.Reconciling;

/// <summary>What a pass needs to know of its project's settings.</summary>
/// <param name="Interval">From the start of one pass to that of the next.</param>
/// <param name="PublicUrl">
/// Where the platform and browsers reach this service; null where that is not known, and then no webhook can be checked, and no link made.
/// </param>
/// <param name="IsOnlyProject">Whether it is the only project that is served.</param>
/// <param name="Check">Looks at setup links.</param>
/// <param name="Links">Makes those with which a number is connected again.</param>
internal sealed record PassTerms(TimeSpan Interval, Uri? PublicUrl, bool IsOnlyProject, LinkCheck Check, SetupLinks Links);

/// <summary>The alarms before and after a look.</summary>
internal readonly record struct AlarmChange(IReadOnlyList<ReconciliationAlarm> Before, IReadOnlyList<ReconciliationAlarm> After);
