using Kapso.Benchmarks.Scenarios;

namespace Kapso.Benchmarks.Comparing;

/// <summary>Writes reports as one Markdown table, with ratios where there is something to compare with.</summary>
internal static class ComparisonTable
{
    private const double Mebibyte = 1 << 20;

    public static string Describe(ScenarioPlan plan)
    {
        var scenario = plan.Scenario switch
        {
            Scenario.New => "new",
            Scenario.Welcome => "new, welcomes settled",
            Scenario.Duplicates => "duplicates",
            Scenario.Invalid => "invalid signature",
            _ => throw new ArgumentOutOfRangeException(nameof(plan)),
        };
        return plan.Rate is { } rate ? $"{scenario}, open loop at {rate:N0}/s" : scenario;
    }

    public static string Write(IReadOnlyList<ScenarioReport> reports)
    {
        var all = RunsOfScenario.Group(reports);
        var rows = all.Select(runs =>
            $"| {runs.Target} | {Describe(runs.Plan)} | {runs.Median(run => run.Load.Answered):N0} | {runs.PerSecond:N0} "
            + $"| {Ratio(runs, all, "empty", Scenario.New)} | {Ratio(runs, all, "Express", runs.Plan.Scenario)} "
            + $"| {Ratio(runs, all, "ASP.NET Core", runs.Plan.Scenario)} | {Percentile(runs, 50)} | {Percentile(runs, 95)} | {Percentile(runs, 99)} "
            + $"| {runs.Median(run => run.Load.Slowest.TotalMilliseconds):N1} | {runs.Runs.Sum(run => run.Load.ErrorCount):N0} "
            + $"| {Mebibytes(runs, run => run.Memory?.Peak)} | {Mebibytes(runs, run => run.Memory?.Current)} | {ProcessorTimes(runs)} "
            + $"| {runs.Median(run => run.Load.GeneratorCpu / run.Load.Elapsed) * 100:N0} % |\n");
        return $"""
            | target | scenario | done | per second | / empty | / Express | / ASP.NET Core | p50 ms | p95 ms | p99 ms | max ms | errors | peak MiB | now MiB | CPU µs each | generator CPU |
            | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
            {string.Concat(rows)}
            """;
    }

    /// <summary>What the table has no column for, a line each.</summary>
    public static IEnumerable<string> Notes(IReadOnlyList<ScenarioReport> reports)
    {
        foreach (var (report, number, of) in RunsOfScenario.Group(reports).SelectMany(runs => runs.Runs.Select((run, at) => (run, at + 1, runs.Runs.Count))))
        {
            var name = $"{report.Target}, {Describe(report.Plan)}{(of == 1 ? "" : $", run {number}")}";
            if (report.LookedUp > 0)
            {
                yield return $"{name}: looked up {report.LookedUp:N0} deliveries, warm-up included; {(report.Failures.Count == 0 ? "all as it must be" : "FAILED")}";
            }

            if (report.Late > 0)
            {
                yield return $"{name}: {report.Late:N0} of them were parked and folded in after the load was over";
            }

            if (report.UntilSettled is { } elapsed)
            {
                yield return $"{name}: accepted {report.Load.PerSecond:N0}/s, all welcomes settled {elapsed.TotalSeconds:N1} s after the first delivery; the receiver saw {report.Welcomes!.Repeats} repeats";
            }

            if (report.StoreMemory is { } bytes)
            {
                yield return $"{name}: the store's processes held {bytes / Mebibyte:N0} MiB besides (PSS)";
            }

            if (report.RedisScripts is { } scripts && report.Load.Answered > 0)
            {
                yield return $"{name}: {(double)scripts / report.Load.Answered:N2} writes of Redis for each delivery";
            }

            if (report.Load.SignedLate > 0 && report.Plan.Scenario != Scenario.Duplicates)
            {
                yield return $"{name}: {report.Load.SignedLate:N0} deliveries had to be signed while the clock ran";
            }

            foreach (var (kind, count) in report.WarmUpErrors)
            {
                yield return $"{name}: in the warm-up, ERROR {kind}: {count:N0}";
            }

            foreach (var (kind, count) in report.Load.Errors)
            {
                yield return $"{name}: ERROR {kind}: {count:N0}";
            }

            foreach (var failure in report.Failures)
            {
                yield return $"{name}: FAILURE {failure}";
            }
        }
    }

    /// <summary>Ratios of sustained rates; an open loop's rate was chosen, not found.</summary>
    private static string Ratio(RunsOfScenario runs, IReadOnlyList<RunsOfScenario> all, string target, Scenario scenario)
    {
        var other = all.FirstOrDefault(other =>
            other.Target == target && other.Plan.Scenario == scenario && other.Plan.Rate is null);
        return other is null || runs.Plan.Rate is not null || runs.Target == target || runs.Target == "empty"
            || other.PerSecond == 0
            ? ""
            : target == "empty"
                ? $"{runs.PerSecond / other.PerSecond * 100:N0} %"
                : $"{runs.PerSecond / other.PerSecond:N1} ×";
    }

    private static string Percentile(RunsOfScenario runs, double percent) => $"{runs.Median(run =>
        run.Load.Answered == 0 ? 0 : TimeSpan.FromTicks(run.Load.Latency.GetValueAtPercentile(percent)).TotalMilliseconds):N1}";

    private static string Mebibytes(RunsOfScenario runs, Func<ScenarioReport, long?> bytes) =>
        bytes(runs.Runs[0]) is null ? "" : $"{runs.Median(run => bytes(run)!.Value) / Mebibyte:N0}";

    /// <summary>For each delivery, by kind of process.</summary>
    private static string ProcessorTimes(RunsOfScenario runs) => string.Join(", ", runs.Runs[0].ProcessorTimes.Keys.Select(kind =>
        $"{kind} {runs.Median(run => run.Load.Answered == 0 ? 0 : run.ProcessorTimes[kind].TotalMicroseconds / run.Load.Answered):N0}"));
}
