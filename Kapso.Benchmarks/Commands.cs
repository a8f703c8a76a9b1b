using Kapso.Benchmarks.Comparing;
using Kapso.Benchmarks.Scenarios;
using Kapso.Benchmarks.Targets;

namespace Kapso.Benchmarks;

/// <summary>The verbs that load targets.</summary>
internal static class Commands
{
    public const string Usage = """
        compare [--seconds 60] [--warm-up 5] [--connections 64] [--open-connections 256]
                [--targets empty,express,kapso,cluster] [--folder <for the stores>]
                [--service <Kapso.Embedded.dll>] [--hosts <folder with Kapso.Silo/ and Kapso.Api/, as published>]
            starts each target in turn on this machine, runs every scenario and prints one table
        run <new|welcome|duplicates|invalid> --target <empty|express|kapso|cluster>
                [--seconds] [--warm-up] [--connections] [--rate <per second: open loop>] [--service] [--hosts] [--folder]
            starts one target and runs one scenario
        run <scenario> --url <http://…> --project <id> --secret <webhook secret> --management-key <key>
                [--receiver-port <port of the welcomes' receiver, for the scenario welcome>] …
            runs one scenario against a service that is running already
        cluster failover [--runs 6], cluster memory [--customers 50000],
        cluster recovery [--customers 10000] [--stop kill|term]
                [--hosts] [--folder]
            what the death of a silo costs its customers, what an idle customer costs, what a start with much to do takes
        serve-empty --port <port>, serve-receiver --port <port>
            the empty endpoint; the receiver of welcomes (POST /welcome, GET /count)
        micro [BenchmarkDotNet's options, e.g. --filter *Signature*]
            signature, parse and observe, with their allocations
        """;

    private static readonly string[] PlanOptions = ["seconds", "warm-up", "connections", "service", "hosts", "folder"];

    /// <summary>Returns the exit code: 0 only if nothing was lost and every answer was as expected.</summary>
    public static async Task<int> CompareAsync(IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        var options = new Options(arguments, [.. PlanOptions, "open-connections", "targets"]);
        var kinds = (options.Text("targets") ?? "empty,express,kapso,cluster").Split(',').Select(Options.Parse<TargetKind>).ToArray();
        using var workspace = new Workspace(options.Text("folder"));
        await using var factory = new TargetFactory(workspace, options.Text("service"), options.Text("hosts"));
        var comparison = new Comparison(factory, Plan(Scenario.New, options), (int)(options.Number("open-connections") ?? 256));
        var (reports, leftOut) = await comparison.RunAsync(kinds, cancellation);
        return Print(reports, leftOut, await Machine.DescribeAsync(workspace, factory.PostgresVersion, cancellation));
    }

    /// <summary>Returns the exit code: 0 only if nothing was lost and every answer was as expected.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        if (arguments.Count == 0)
        {
            throw new BenchmarkException("Which scenario? new, welcome, duplicates or invalid.");
        }

        var scenario = Options.Parse<Scenario>(arguments[0]);
        var options = new Options(
            arguments.Skip(1).ToArray(),
            [.. PlanOptions, "rate", "target", "url", "project", "secret", "management-key", "receiver-port"]);
        var plan = Plan(scenario, options) with { Rate = options.Number("rate") };
        using var workspace = new Workspace(options.Text("folder"));
        await using var factory = new TargetFactory(workspace, options.Text("service"), options.Text("hosts"));
        var report = options.Text("url") is { } url
            ? await RunAgainstAsync(new Uri(url), plan, options, cancellation)
            : await new Comparison(factory, plan, plan.Connections).RunAsync(
                options.Choice<TargetKind>("target") ?? TargetKind.Kapso, plan, cancellation);
        return Print([report], [], await Machine.DescribeAsync(workspace, factory.PostgresVersion, cancellation));
    }

    private static async Task<ScenarioReport> RunAgainstAsync(
        Uri url, ScenarioPlan plan, Options options, CancellationToken cancellation)
    {
        var credentials = new TargetCredentials
        {
            ProjectId = options.Required("project"),
            WebhookSecret = options.Required("secret"),
            ManagementKey = options.Required("management-key"),
        };
        await using var target = new Target
        {
            Name = url.Authority,
            Address = url,
            Credentials = credentials,
            Stored = StoredState.OfKapso(url, credentials),
        };
        await using var receiver = plan.Scenario == Scenario.Welcome
            ? await TargetFactory.StartReceiverAsync(
                (int)(options.Number("receiver-port") ?? throw new BenchmarkException("--receiver-port is missing.")), cancellation)
            : null;
        return await ScenarioRun.RunAsync(target, receiver, plan, cancellation);
    }

    private static ScenarioPlan Plan(Scenario scenario, Options options) => new()
    {
        Scenario = scenario,
        Duration = TimeSpan.FromSeconds(options.Number("seconds") ?? 60),
        WarmUp = TimeSpan.FromSeconds(options.Number("warm-up") ?? 5),
        Connections = (int)(options.Number("connections") ?? 64),
    };

    private static int Print(IReadOnlyList<ScenarioReport> reports, IReadOnlyList<string> leftOut, string machine)
    {
        Console.WriteLine(ComparisonTable.Write(reports));
        Console.WriteLine($"Machine: {machine}. Generator, service and stores share it.");
        Console.WriteLine();
        foreach (var note in leftOut.Concat(ComparisonTable.Notes(reports)))
        {
            Console.WriteLine($"- {note}");
        }

        return reports.All(report => report.Failures.Count == 0 && report.Load.ErrorCount == 0 && report.WarmUpErrors.Count == 0
            && report.Load.Answered > 0) ? 0 : 1;
    }
}
