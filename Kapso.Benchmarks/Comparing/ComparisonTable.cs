using Kapso.Benchmarks.Load;
using Kapso.Benchmarks.Scenarios;

namespace Kapso.Benchmarks.Comparing;

/// <summary>Writes reports as one Markdown table, with ratios where there is something to compare with.</summary>
internal static class ComparisonTable
{
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
        var rows = reports.Select(report =>
        {
            var load = report.Load;
            return $"| {report.Target} | {Describe(report.Plan)} | {load.Answered:N0} | {report.PerSecond:N0} "
                + $"| {Ratio(report, reports, "empty", Scenario.New)} | {Ratio(report, reports, "Express", report.Plan.Scenario)} "
                + $"| {Ratio(report, reports, "ASP.NET Core", report.Plan.Scenario)} | {Percentile(load, 50)} | {Percentile(load, 95)} | {Percentile(load, 99)} | {Milliseconds(load.Slowest)} "
                + $"| {load.ErrorCount:N0} | {Mebibytes(report.Memory?.Peak)} | {Mebibytes(report.Memory?.Current)} "
                + $"| {load.GeneratorCpu / load.Elapsed * 100:N0} % |\n";
        });
        return $"""
            | target | scenario | done | per second | / empty | / Express | / ASP.NET Core | p50 ms | p95 ms | p99 ms | max ms | errors | peak MiB | now MiB | generator CPU |
            | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
            {string.Concat(rows)}
            """;
    }

    /// <summary>What the table has no column for, a line each.</summary>
    public static IEnumerable<string> Notes(IReadOnlyList<ScenarioReport> reports)
    {
        foreach (var report in reports)
        {
            var name = $"{report.Target}, {Describe(report.Plan)}";
            if (report.LookedUp > 0)
            {
                yield return $"{name}: looked up {report.LookedUp:N0} deliveries, warm-up included; {(report.Failures.Count == 0 ? "all as it must be" : "FAILED")}";
            }

            if (report.UntilSettled is { } elapsed)
            {
                yield return $"{name}: accepted {report.Load.PerSecond:N0}/s, all welcomes settled {elapsed.TotalSeconds:N1} s after the first delivery; the receiver saw {report.Welcomes!.Repeats} repeats";
            }

            if (report.StoreMemory is { } bytes)
            {
                yield return $"{name}: the store's processes held {Mebibytes(bytes)} MiB besides (PSS)";
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
    private static string Ratio(
        ScenarioReport report, IReadOnlyList<ScenarioReport> reports, string target, Scenario scenario)
    {
        var other = reports.FirstOrDefault(other =>
            other.Target == target && other.Plan.Scenario == scenario && other.Plan.Rate is null);
        return other is null || report.Plan.Rate is not null || report.Target == target || report.Target == "empty"
            || other.PerSecond == 0
            ? ""
            : target == "empty"
                ? $"{report.PerSecond / other.PerSecond * 100:N0} %"
                : $"{report.PerSecond / other.PerSecond:N1} ×";
    }

    private static string Percentile(LoadResult load, double percent) =>
        Milliseconds(load.Answered == 0 ? TimeSpan.Zero : TimeSpan.FromTicks(load.Latency.GetValueAtPercentile(percent)));

    private static string Milliseconds(TimeSpan latency) => $"{latency.TotalMilliseconds:N1}";

    private static string Mebibytes(long? bytes) => bytes is { } value ? $"{value / 1048576.0:N0}" : "";
}
