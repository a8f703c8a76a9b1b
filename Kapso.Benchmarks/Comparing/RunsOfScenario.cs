using Kapso.Benchmarks.Scenarios;

namespace Kapso.Benchmarks.Comparing;

/// <summary>All runs of one scenario against one target. What is said of them is the median of each figure.</summary>
internal sealed class RunsOfScenario(IReadOnlyList<ScenarioReport> runs)
{
    public IReadOnlyList<ScenarioReport> Runs => runs;

    public string Target => runs[0].Target;

    /// <summary>What was asked; the rate of an open loop is the median, as each round has its own.</summary>
    public ScenarioPlan Plan => runs[0].Plan.Rate is null ? runs[0].Plan : runs[0].Plan with { Rate = Median(run => run.Plan.Rate!.Value) };

    public double PerSecond => Median(run => run.PerSecond);

    /// <summary>In the order in which each of them came first.</summary>
    public static IReadOnlyList<RunsOfScenario> Group(IEnumerable<ScenarioReport> reports) =>
    [
        .. reports.GroupBy(report => (report.Target, report.Plan.Scenario, IsOpen: report.Plan.Rate is not null))
            .Select(group => new RunsOfScenario([.. group])),
    ];

    public double Median(Func<ScenarioReport, double> figure)
    {
        var ordered = runs.Select(figure).Order().ToArray();
        return (ordered[(ordered.Length - 1) / 2] + ordered[ordered.Length / 2]) / 2;
    }
}
