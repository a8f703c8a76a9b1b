using Kapso.Connections.Reconciling;

namespace Kapso.Web.Management;

/// <summary>Where a project's reconciliation stands.</summary>
/// <param name="Running">The pass that is not finished; null where there is none.</param>
/// <param name="FullWanted">Whether a full pass was asked for that has not begun.</param>
/// <param name="FullWantedBy">Who asked for it: an operator's name, or <c>management key</c> for the API.</param>
/// <param name="GoneAcceptedBy">Who accepted that the numbers of the alarm <c>many_gone</c> are gone, for the next full pass.</param>
/// <param name="Last">How the last pass ended; null before the first.</param>
/// <param name="LastFullAt">When the last full pass began that came to its end.</param>
/// <param name="Alarms">What needs a person.</param>
public sealed record ReconciliationView(
    PassView? Running,
    bool FullWanted, string? FullWantedBy, string? GoneAcceptedBy, PassReportView? Last, DateTime? LastFullAt,
    IReadOnlyList<AlarmView> Alarms)
{
    /// <summary>Shows it.</summary>
    public static ReconciliationView Of(Reconciliation reconciliation) => new(
        reconciliation.Running is { } pass ? PassView.Of(pass) : null,
        reconciliation.FullWanted,
        reconciliation.WantedBy,
        reconciliation.GoneAccepted?.By,
        reconciliation.Last is { } last ? PassReportView.Of(last) : null,
        reconciliation.FullAt?.UtcDateTime,
        [.. reconciliation.Alarms.Select(AlarmView.Of)]);
}

/// <summary>A pass that is not finished.</summary>
/// <param name="Id">Names it within the project.</param>
/// <param name="Full">Whether it compares everything, or only what the platform created lately.</param>
/// <param name="AskedBy">Who asked for it: an operator's name, or <c>management key</c> for the API; null where it came by itself.</param>
/// <param name="GoneAcceptedBy">Who accepted that many numbers are gone, for this pass; null where nobody did.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="Step">What it is about.</param>
/// <param name="StillToAsk">Numbers that the list lacked and that are still to be asked about.</param>
/// <param name="Counts">What it has done so far.</param>
public sealed record PassView(
    string Id, bool Full, string? AskedBy, string? GoneAcceptedBy, DateTime StartedAt, ReconciliationStep Step, int StillToAsk, ReconciliationCounts Counts)
{
    /// <summary>Shows a pass.</summary>
    public static PassView Of(ReconciliationPass pass) =>
        new(pass.Id, pass.Full, pass.AskedBy, pass.GoneAccepted?.By, pass.StartedAt.UtcDateTime, pass.Step, pass.Missing.Length, pass.Counts);
}

/// <summary>How a pass ended.</summary>
/// <param name="Id">The pass.</param>
/// <param name="Full">Whether it compared everything.</param>
/// <param name="AskedBy">Who asked for it: an operator's name, or <c>management key</c> for the API; null where it came by itself.</param>
/// <param name="GoneAcceptedBy">Who accepted that many numbers are gone, for this pass; null where nobody did.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="FinishedAt">When it ended.</param>
/// <param name="Error">Why it was given up; null where it came to its end.</param>
/// <param name="Counts">What it did.</param>
public sealed record PassReportView(
    string Id, bool Full, string? AskedBy, string? GoneAcceptedBy, DateTime StartedAt, DateTime FinishedAt, string? Error, ReconciliationCounts Counts)
{
    /// <summary>Shows a report.</summary>
    public static PassReportView Of(ReconciliationReport report) =>
        new(
            report.PassId, report.Full, report.AskedBy, report.GoneAcceptedBy, report.StartedAt.UtcDateTime, report.FinishedAt.UtcDateTime, report.Error,
            report.Counts);
}

/// <summary>What needs a person.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Detail">What was found and what to do.</param>
/// <param name="RaisedAt">When it was first found.</param>
/// <param name="SeenAt">When it was last found.</param>
/// <param name="Numbers"><c>many_gone</c>: how many connected numbers the platform's list lacked; null for the others.</param>
public sealed record AlarmView(ReconciliationAlarmKind Kind, string Detail, DateTime RaisedAt, DateTime SeenAt, int? Numbers)
{
    /// <summary>Shows an alarm.</summary>
    public static AlarmView Of(ReconciliationAlarm alarm) =>
        new(
        alarm.Kind,
        alarm.Detail,
        alarm.RaisedAt.UtcDateTime,
        alarm.SeenAt.UtcDateTime,
        alarm.Kind == ReconciliationAlarmKind.ManyGone ? alarm.Numbers : null);
}
