using Kapso.Benchmarks.Scenarios;

namespace Kapso.Benchmarks.Comparing;

/// <summary>Runs every scenario against every target in turn, each on a fresh process with an empty store.</summary>
/// <param name="factory">Starts the targets.</param>
/// <param name="plan">What each run has in common.</param>
/// <param name="openConnections">Connections of the generator in the open loop.</param>
/// <param name="openShare">An open loop runs at this share of the rate that the closed loop sustained.</param>
internal sealed class Comparison(TargetFactory factory, ScenarioPlan plan, int openConnections, double openShare)
{
    /// <summary>What was found, and which targets were left out, each with the reason. Rounds go through all targets, so that each has its share of a machine's better and worse minutes.</summary>
    public async Task<(IReadOnlyList<ScenarioReport> Reports, IReadOnlyList<string> LeftOut)> RunAsync(
        IEnumerable<TargetChoice> choices, int rounds, CancellationToken cancellation)
    {
        var reports = new List<ScenarioReport>();
        var leftOut = new List<string>();
        var left = choices.ToList();
        for (var round = 0; round < rounds; round++)
        {
            foreach (var choice in left.ToArray())
            {
                try
                {
                    await RunAllAsync(choice, reports, cancellation);
                }
                catch (LeftOutException exception)
                {
                    leftOut.Add($"{choice} was left out: {exception.Message}");
                    left.Remove(choice);
                }
            }
        }

        return (reports, leftOut);
    }

    /// <summary>Starts a target, runs one scenario against it, and ends it.</summary>
    public async Task<ScenarioReport> RunAsync(TargetChoice choice, ScenarioPlan one, CancellationToken cancellation)
    {
        await Console.Error.WriteLineAsync($"{choice}: {ComparisonTable.Describe(one)}, {one.Duration.TotalSeconds} s …");
        await using var receiver = one.Scenario == Scenario.Welcome
            ? await ReceiverProcess.StartAsync(ChildProcess.FreePort(), cancellation)
            : null;
        await using var target = await factory.StartAsync(choice, receiver?.Welcomes, cancellation);
        return await ScenarioRun.RunAsync(target, receiver, one, cancellation);
    }

    private async Task RunAllAsync(TargetChoice choice, List<ScenarioReport> reports, CancellationToken cancellation)
    {
        var sustained = await RunAsync(choice, plan with { Scenario = Scenario.New }, cancellation);
        reports.Add(sustained);
        if (choice.Kind == TargetKind.Empty)
        {
            return;
        }

        reports.Add(await RunAsync(
            choice,
            plan with { Scenario = Scenario.New, Rate = sustained.PerSecond * openShare, Connections = openConnections },
            cancellation));
        foreach (var scenario in new[] { Scenario.Welcome, Scenario.Duplicates, Scenario.Invalid })
        {
            reports.Add(await RunAsync(choice, plan with { Scenario = scenario }, cancellation));
        }
    }
}
