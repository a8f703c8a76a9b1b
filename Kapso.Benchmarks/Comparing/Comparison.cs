using Kapso.Benchmarks.Scenarios;

namespace Kapso.Benchmarks.Comparing;

/// <summary>Runs every scenario against every target in turn, each on a fresh process with an empty store.</summary>
internal sealed class Comparison(TargetFactory factory, ScenarioPlan plan, int openConnections)
{
    /// <summary>An open loop runs at this share of the rate that the closed loop sustained.</summary>
    private const double OpenLoopShare = 0.7;

    /// <summary>What was found, and which targets were left out, each with the reason.</summary>
    public async Task<(IReadOnlyList<ScenarioReport> Reports, IReadOnlyList<string> LeftOut)> RunAsync(
        IEnumerable<TargetKind> kinds, CancellationToken cancellation)
    {
        var reports = new List<ScenarioReport>();
        var leftOut = new List<string>();
        foreach (var kind in kinds)
        {
            try
            {
                await RunAllAsync(kind, reports, cancellation);
            }
            catch (LeftOutException exception)
            {
                leftOut.Add($"{kind} was left out: {exception.Message}");
            }
        }

        return (reports, leftOut);
    }

    /// <summary>Starts a target, runs one scenario against it, and ends it.</summary>
    public async Task<ScenarioReport> RunAsync(TargetKind kind, ScenarioPlan one, CancellationToken cancellation)
    {
        await Console.Error.WriteLineAsync($"{kind}: {ComparisonTable.Describe(one)}, {one.Duration.TotalSeconds} s …");
        await using var receiver = one.Scenario == Scenario.Welcome
            ? await ReceiverProcess.StartAsync(ChildProcess.FreePort(), cancellation)
            : null;
        await using var target = await factory.StartAsync(kind, receiver?.Welcomes, cancellation);
        return await ScenarioRun.RunAsync(target, receiver, one, cancellation);
    }

    private async Task RunAllAsync(TargetKind kind, List<ScenarioReport> reports, CancellationToken cancellation)
    {
        var sustained = await RunAsync(kind, plan with { Scenario = Scenario.New }, cancellation);
        reports.Add(sustained);
        if (kind == TargetKind.Empty)
        {
            return;
        }

        reports.Add(await RunAsync(
            kind,
            plan with { Scenario = Scenario.New, Rate = sustained.PerSecond * OpenLoopShare, Connections = openConnections },
            cancellation));
        foreach (var scenario in new[] { Scenario.Welcome, Scenario.Duplicates, Scenario.Invalid })
        {
            reports.Add(await RunAsync(kind, plan with { Scenario = scenario }, cancellation));
        }
    }
}
