using System.Collections.Immutable;
using System.Globalization;

namespace Kapso.Connections.Reconciling;

/// <summary>
/// The pure functions that change a <see cref="Reconciliation"/>. Each returns what is to be written, with the next version, or
/// null where nothing is to be.
/// </summary>
public static class Passes
{
    /// <summary>How long a pass belongs to whoever works at it, unless they say so again.</summary>
    public static TimeSpan LeaseTime { get; } = TimeSpan.FromSeconds(60);

    /// <summary>How often everything is compared.</summary>
    public static TimeSpan BetweenFullPasses { get; } = TimeSpan.FromHours(24);

    /// <summary>How much of the time before the last pass is listed again: for rows that the platform shows late, and clocks that differ.</summary>
    public static TimeSpan Margin { get; } = TimeSpan.FromHours(1);

    /// <summary>
    /// Whether nobody works at the pass. A lease further ahead than one can be given was given under another clock: it counts
    /// as past.
    /// </summary>
    public static bool IsFree(ReconciliationPass pass, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(pass);
        return pass.Lease is not { } lease || lease.Until <= now || lease.Until - now > LeaseTime;
    }

    /// <summary>
    /// Begins a pass, or takes over one that was left: null while somebody else works at one. The first pass and one a day compare
    /// everything.
    /// </summary>
    /// <param name="reconciliation">As last written.</param>
    /// <param name="holder">Who begins.</param>
    /// <param name="now">The time.</param>
    public static Reconciliation? Begin(Reconciliation reconciliation, string holder, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(reconciliation);
        if (reconciliation.Running is { } left)
            return IsFree(left, now) || left.Lease?.Holder == holder ? Next(reconciliation with { Running = Held(left, holder, now) }) : null;

        // A full pass of a day ahead was written under another clock.
        var full = reconciliation.FullWanted || reconciliation.ListedUntil is null
            || reconciliation.FullAt is not { } fullAt || (now - fullAt).Duration() >= BetweenFullPasses;
        var id = (reconciliation.Version + 1).ToString(CultureInfo.InvariantCulture);
        var pass = new ReconciliationPass
        {
            Id = id,
            Full = full,
            AskedBy = reconciliation.WantedBy,
            GoneAccepted = reconciliation.GoneAccepted,
            StartedAt = now,
        };
        return Next(reconciliation with { Running = Held(pass, holder, now), FullWanted = false, WantedBy = null, GoneAccepted = null });
    }

    /// <summary>Goes on with the pass, and with its lease. Null where it is not the holder's any more.</summary>
    /// <param name="reconciliation">As last written.</param>
    /// <param name="holder">Who works at it.</param>
    /// <param name="change">What the pass becomes.</param>
    /// <param name="now">The time.</param>
    public static Reconciliation? Advance(
        Reconciliation reconciliation, string holder, Func<ReconciliationPass, ReconciliationPass> change, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(reconciliation);
        ArgumentNullException.ThrowIfNull(change);
        return Mine(reconciliation, holder) is { } pass
            ? Next(reconciliation with { Running = Held(change(pass), holder, now) })
            : null;
    }

    /// <summary>Leaves the pass to whoever comes next. Null where it is not the holder's any more.</summary>
    public static Reconciliation? Leave(Reconciliation reconciliation, string holder)
    {
        ArgumentNullException.ThrowIfNull(reconciliation);
        return Mine(reconciliation, holder) is { } pass
            ? Next(reconciliation with { Running = pass with { Lease = null } })
            : null;
    }

    /// <summary>
    /// Leaves the pass of whoever held it to whoever comes next: for an engine that knows that nobody who held one is alive.
    /// Null where nobody held it.
    /// </summary>
    public static Reconciliation? Orphan(Reconciliation reconciliation)
    {
        ArgumentNullException.ThrowIfNull(reconciliation);
        return reconciliation.Running is { Lease: not null } pass
            ? Next(reconciliation with { Running = pass with { Lease = null } })
            : null;
    }

    /// <summary>Ends the pass. Null where it is not the holder's any more.</summary>
    /// <param name="reconciliation">As last written.</param>
    /// <param name="holder">Who worked at it.</param>
    /// <param name="error">Why it is given up; null where it came to its end. One that is given up moves no mark: the next pass begins where it did.</param>
    /// <param name="now">The time.</param>
    public static Reconciliation? End(Reconciliation reconciliation, string holder, string? error, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(reconciliation);
        if (Mine(reconciliation, holder) is not { } pass)
            return null;

        var report = new ReconciliationReport
        {
            PassId = pass.Id,
            Full = pass.Full,
            AskedBy = pass.AskedBy,
            GoneAcceptedBy = pass.GoneAccepted?.By,
            StartedAt = pass.StartedAt,
            FinishedAt = now,
            Counts = pass.Counts,
            Error = error,
        };
        var listed = error is null || pass.Step > ReconciliationStep.List;
        return Next(reconciliation with
        {
            Running = null,
            Last = report,
            ListedUntil = listed ? pass.StartedAt : reconciliation.ListedUntil,
            FullAt = error is null && pass.Full ? pass.StartedAt : reconciliation.FullAt,
        });
    }

    /// <summary>
    /// Remembers that somebody wants everything compared. A full pass that runs by itself becomes theirs; where somebody asked
    /// before, that is who asked.
    /// </summary>
    /// <param name="reconciliation">As last written.</param>
    /// <param name="by">Who asks, at most <see cref="TimelineEntry.MaxBy"/> characters.</param>
    public static Reconciliation? WantFull(Reconciliation reconciliation, string by)
    {
        ArgumentNullException.ThrowIfNull(reconciliation);
        return reconciliation switch
        {
            { FullWanted: true } or { Running: { Full: true, AskedBy: not null } } => null,
            { Running: { Full: true } pass } => Next(reconciliation with { Running = pass with { AskedBy = by } }),
            _ => Next(reconciliation with { FullWanted = true, WantedBy = by }),
        };
    }

    /// <summary>
    /// Takes somebody's word that the numbers of the alarm are gone, and has everything compared anew: that pass, and none after
    /// it, marks as many gone as the alarm spoke of, each by two answers of the platform as always.
    /// </summary>
    /// <param name="reconciliation">As last written.</param>
    /// <param name="by">Who gives it, at most <see cref="TimelineEntry.MaxBy"/> characters.</param>
    /// <param name="now">The time.</param>
    /// <returns>Null where no such alarm is raised, or the pass that it is accepted for runs already.</returns>
    public static Reconciliation? AcceptGone(Reconciliation reconciliation, string by, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(reconciliation);
        return reconciliation.Alarms.FirstOrDefault(alarm => alarm.Kind == ReconciliationAlarmKind.ManyGone) is { } raised
            && reconciliation.Running?.GoneAccepted is null
                ? Next(reconciliation with { GoneAccepted = new(by, now, raised.Numbers), FullWanted = true, WantedBy = by })
                : null;
    }

    /// <summary>Raises or clears alarms of these kinds, so that exactly those found are raised.</summary>
    /// <param name="reconciliation">As last written.</param>
    /// <param name="kinds">The kinds that were looked for.</param>
    /// <param name="found">What was found of them, with what to do.</param>
    /// <param name="now">The time.</param>
    /// <param name="numbers">How many numbers they are about, where they are about some.</param>
    public static Reconciliation? Alarm(
        Reconciliation reconciliation,
        IReadOnlyCollection<ReconciliationAlarmKind> kinds,
        IReadOnlyDictionary<ReconciliationAlarmKind, string> found,
        DateTimeOffset now,
        int numbers = 0)
    {
        ArgumentNullException.ThrowIfNull(reconciliation);
        ArgumentNullException.ThrowIfNull(kinds);
        ArgumentNullException.ThrowIfNull(found);
        var known = reconciliation.Alarms;
        ImmutableArray<ReconciliationAlarm> alarms =
        [
            .. known.Where(alarm => !kinds.Contains(alarm.Kind) || found.ContainsKey(alarm.Kind))
                .Select(alarm => found.TryGetValue(alarm.Kind, out var detail) ? alarm with { Detail = detail, SeenAt = now, Numbers = numbers } : alarm),
            .. found.Where(one => known.All(alarm => alarm.Kind != one.Key))
                .Select(one => new ReconciliationAlarm(one.Key, one.Value, now, now) { Numbers = numbers }),
        ];
        if (alarms.IsEmpty && known.IsEmpty)
            return null;

        // Nobody's word outlives the alarm that it was given for.
        var isRaised = alarms.Any(alarm => alarm.Kind == ReconciliationAlarmKind.ManyGone);
        return Next(reconciliation with { Alarms = alarms, GoneAccepted = isRaised ? reconciliation.GoneAccepted : null });
    }

    private static ReconciliationPass? Mine(Reconciliation reconciliation, string holder) =>
        reconciliation.Running is { Lease: { } lease } pass && lease.Holder == holder ? pass : null;

    private static ReconciliationPass Held(ReconciliationPass pass, string holder, DateTimeOffset now) =>
        pass with { Lease = new Lease(holder, now + LeaseTime) };

    private static Reconciliation Next(Reconciliation reconciliation) =>
        reconciliation with { Version = reconciliation.Version + 1 };
}
