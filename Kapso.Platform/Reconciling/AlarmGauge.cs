using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Kapso.Connections.Reconciling;

namespace Kapso.Platform.Reconciling;

/// <summary>
/// The gauge <c>kapso.reconciliation.alarms</c>: projects with an alarm, by kind, as this process last read them. Every process
/// of a cluster shows the same, so that the largest counts and not the sum.
/// </summary>
internal sealed class AlarmGauge : IDisposable
{
    private readonly ConcurrentDictionary<string, IReadOnlyList<ReconciliationAlarm>> _projects = new(StringComparer.Ordinal);
    private readonly Meter _meter = new(KapsoTelemetry.Name);

    public AlarmGauge() => _meter.CreateObservableGauge(
        "kapso.reconciliation.alarms", Measure, "{project}", "Projects with an alarm of reconciliation, by kind.");

    /// <summary>Shows a project's alarms from now on.</summary>
    public void Show(string projectId, IReadOnlyList<ReconciliationAlarm> alarms) => _projects[projectId] = alarms;

    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<int>> Measure() => Enum.GetValues<ReconciliationAlarmKind>().Select(kind => new Measurement<int>(
        _projects.Values.Count(alarms => alarms.Any(alarm => alarm.Kind == kind)), Tags.Of("alarm", kind)));
}
