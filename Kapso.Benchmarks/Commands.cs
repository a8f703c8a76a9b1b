using System.CommandLine;
using System.Globalization;
using System.Numerics;
using BenchmarkDotNet.Running;
using Kapso.Benchmarks.Cluster;
using Kapso.Benchmarks.Comparing;
using Kapso.Benchmarks.Scenarios;
using Kapso.Benchmarks.Servers;
using Kapso.Benchmarks.Soak;

namespace Kapso.Benchmarks;

/// <summary>What the benchmark can be told to do, and the options of each command.</summary>
internal static class Commands
{
    public static readonly Option<string> Hosts = new("--hosts")
    {
        Description = "The folder with Kapso.Silo/ and Kapso.Api/, as published; without it they are published from the checkout.",
    };

    public static readonly Option<string> Folder = new("--folder")
    {
        Description = "Where the stores go, which must not be a file system in memory; without it a temporary folder.",
    };

    /// <summary>How often what is measured is done, for the median.</summary>
    public static readonly Option<int> Runs = Number<int>("--runs", "How often it is done; the table shows the median of each figure.", 1);

    private static readonly Option<int[]> Silos = Counts("--silos", "How many silos a cluster has, e.g. 1,2,4 for one after the other.", ClusterSize.Usual.Silos);
    private static readonly Option<int[]> Apis = Counts("--apis", "How many API processes a cluster has, likewise.", ClusterSize.Usual.Apis);
    private static readonly string[] TargetNames = ["empty", "express", "aspnet", "kapso", "cluster"];
    private static readonly Option<double> Seconds = Number<double>("--seconds", "How long deliveries are sent.", 60);
    private static readonly Option<double> WarmUp = Number<double>("--warm-up", "Seconds that they are sent before, without being measured.", 5);
    private static readonly Option<int> Connections = Number<int>("--connections", "Connections of the generator, each with one request in flight.", 64);
    private static readonly Option<string> Service = new("--service")
    {
        Description = "Kapso.Embedded.dll, built for release; without it the service is published from the checkout.",
    };

    private static readonly Option<string> Project = new("--project") { Description = "With --url: the project's id." };
    private static readonly Option<string> Secret = new("--secret") { Description = "With --url: the project's webhook secret." };
    private static readonly Option<string> ManagementKey = new("--management-key") { Description = "With --url: the key of the management API." };
    private static readonly Option<double> Delay = Number<double>("--delay", "Seconds that it takes for each welcome; without it none.");
    private static readonly Option<int> ReceiverPort =
        Number<int>("--receiver-port", "With --url and the scenario welcome: where the receiver of the welcomes listens.");

    public static RootCommand Root() => new("Loads the service, and what it is compared with, on this machine.")
    {
        Compare(),
        Run(),
        ClusterCommands.Create(),
        Soak(),
        Serve("serve-empty", "The empty endpoint.", (port, _, cancellation) => EmptyEndpoint.RunAsync(port, cancellation)),
        Serve(
            "serve-receiver",
            "The receiver of welcomes: POST /welcome, GET /count.",
            (port, arguments, cancellation) => WelcomeReceiver.RunAsync(port, TimeSpan.FromSeconds(arguments.GetValue(Delay)), cancellation),
            Delay),
        Micro(),
    };

    /// <summary>An option whose value must be above 0; without a default it is 0 if not given.</summary>
    public static Option<T> Number<T>(string name, string description, T? otherwise = null)
        where T : struct, INumber<T> => new(name)
        {
            Description = description,
            DefaultValueFactory = otherwise is { } value ? _ => value : null,
            CustomParser = result =>
            {
                if (!(T.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out var number) && number > T.Zero))
                {
                    result.AddError($"{name} must be a positive number, not '{result.Tokens[0].Value}'.");
                }

                return number;
            },
        };

    /// <summary>An option whose value is a list of numbers above 0.</summary>
    public static Option<int[]> Counts(string name, string description, params int[] otherwise) => new(name)
    {
        Description = description,
        DefaultValueFactory = _ => otherwise,
        CustomParser = result =>
        {
            var numbers = result.Tokens[0].Value.Split(',').Select(item => int.TryParse(item, CultureInfo.InvariantCulture, out var number) ? number : 0).ToArray();
            if (numbers.Any(number => number <= 0))
            {
                result.AddError($"{name} must be positive numbers with commas between them, not '{result.Tokens[0].Value}'.");
            }

            return numbers;
        },
    };

    /// <summary>Each kind, and a cluster once for each of its sizes.</summary>
    private static IEnumerable<TargetChoice> Choices(ParseResult arguments, params IEnumerable<TargetKind> kinds) =>
        from kind in kinds
        from apis in kind == TargetKind.Cluster ? arguments.GetValue(Apis)! : [0]
        from silos in kind == TargetKind.Cluster ? arguments.GetValue(Silos)! : [0]
        select new TargetChoice(kind, new ClusterSize(silos, apis));

    private static Command Compare()
    {
        var openConnections = Number<int>("--open-connections", "Connections of the generator in the open loop.", 256);
        var openShare = Number<double>("--open-share", "The rate of the open loop, as a share of what the closed loop sustained.", 0.7);
        var targets = new Option<string>("--targets")
        {
            Description = "Which targets, in which order.",
            DefaultValueFactory = _ => string.Join(',', TargetNames),
        };
        targets.Validators.Add(result =>
        {
            foreach (var name in result.GetValueOrDefault<string>()!.Split(',').Except(TargetNames))
            {
                result.AddError($"Expected some of {string.Join(',', TargetNames)}, got '{name}'.");
            }
        });
        var command = new Command("compare", "Starts each target in turn on this machine, runs every scenario and prints one table.")
        {
            Seconds, WarmUp, Connections, openConnections, openShare, targets, Silos, Apis, Runs, Folder, Service, Hosts,
        };
        command.SetAction(async (arguments, cancellation) =>
        {
            using var workspace = new Workspace(arguments.GetValue(Folder));
            await using var factory = new TargetFactory(workspace, arguments.GetValue(Service), arguments.GetValue(Hosts));
            var comparison = new Comparison(factory, Plan(Scenario.New, arguments), arguments.GetValue(openConnections), arguments.GetValue(openShare));
            var kinds = arguments.GetValue(targets)!.Split(',').Select(name => Enum.Parse<TargetKind>(name, ignoreCase: true));
            var (reports, leftOut) = await comparison.RunAsync(Choices(arguments, kinds), arguments.GetValue(Runs), cancellation);
            return await PrintAsync(reports, leftOut, factory, cancellation);
        });
        return command;
    }

    private static Command Run()
    {
        var scenario = new Argument<Scenario>("scenario").AcceptOnlyFromAmong("new", "welcome", "duplicates", "invalid");
        var target = new Option<TargetKind>("--target") { Description = "What is started.", DefaultValueFactory = _ => TargetKind.Kapso };
        target.AcceptOnlyFromAmong(TargetNames);
        var rate = Number<double>("--rate", "Requests per second of an open loop; without it a closed loop.");
        var url = new Option<string>("--url") { Description = "A service that is running already, in place of --target." };
        var command = new Command("run", "Starts one target, or takes one that is running already, and runs one scenario.")
        {
            scenario, target, rate, url, Project, Secret, ManagementKey, ReceiverPort,
            Silos, Apis, Runs, Seconds, WarmUp, Connections, Folder, Service, Hosts,
        };
        command.SetAction(async (arguments, cancellation) =>
        {
            var plan = Plan(arguments.GetValue(scenario), arguments) with { Rate = arguments.GetValue(rate) is > 0 and var each ? each : null };
            using var workspace = new Workspace(arguments.GetValue(Folder));
            await using var factory = new TargetFactory(workspace, arguments.GetValue(Service), arguments.GetValue(Hosts));
            var comparison = new Comparison(factory, plan, plan.Connections, openShare: 1);
            var reports = new List<ScenarioReport>();
            for (var round = 0; round < arguments.GetValue(Runs); round++)
            {
                if (arguments.GetValue(url) is { } address)
                {
                    reports.Add(await RunAgainstAsync(new Uri(address), plan, arguments, cancellation));
                    continue;
                }

                foreach (var choice in Choices(arguments, arguments.GetValue(target)))
                {
                    reports.Add(await comparison.RunAsync(choice, plan, cancellation));
                }
            }

            return await PrintAsync(reports, [], factory, cancellation);
        });
        return command;
    }

    private static Command Soak()
    {
        var minutes = Number<double>("--minutes", "For how long faults are done.", 30);
        var rate = Number<double>("--rate", "Deliveries per second.", 50);
        var seed = new Option<int>("--seed") { Description = "Which faults come in which order; without it any.", DefaultValueFactory = _ => Random.Shared.Next() };
        var cluster = new Command("cluster", "API, three silos and Redis: processes are killed, frozen, stopped and started while deliveries come.")
        {
            minutes, rate, seed, Folder, Hosts,
        };
        cluster.SetAction(async (arguments, cancellation) =>
        {
            using var workspace = new Workspace(arguments.GetValue(Folder));
            await using var factory = new TargetFactory(workspace, service: null, arguments.GetValue(Hosts));
            Console.WriteLine(await SoakOfCluster.RunAsync(
                factory, arguments.GetValue(minutes), arguments.GetValue(rate), arguments.GetValue(seed), cancellation));
        });
        return new Command("soak", "Holds the service under load and faults, and looks afterwards whether anything was lost.") { cluster };
    }

    private static async Task<ScenarioReport> RunAgainstAsync(
        Uri url, ScenarioPlan plan, ParseResult arguments, CancellationToken cancellation)
    {
        var credentials = new TargetCredentials
        {
            ProjectId = Required(Project),
            WebhookSecret = Required(Secret),
            ManagementKey = Required(ManagementKey),
        };
        await using var target = new Target(url.Authority, url, credentials, new StoredState(url, credentials));
        await using var receiver = plan.Scenario == Scenario.Welcome
            ? await ReceiverProcess.StartAsync(
                arguments.GetValue(ReceiverPort) is > 0 and var port ? port : throw new BenchmarkException("--receiver-port is missing."), cancellation)
            : null;
        return await ScenarioRun.RunAsync(target, receiver, plan, cancellation);

        string Required(Option<string> option) =>
            arguments.GetValue(option) ?? throw new BenchmarkException($"{option.Name} is missing.");
    }

    private static ScenarioPlan Plan(Scenario scenario, ParseResult arguments) => new()
    {
        Scenario = scenario,
        Duration = TimeSpan.FromSeconds(arguments.GetValue(Seconds)),
        WarmUp = TimeSpan.FromSeconds(arguments.GetValue(WarmUp)),
        Connections = arguments.GetValue(Connections),
    };

    /// <summary>Returns the exit code: 0 only if nothing was lost and every answer was as expected.</summary>
    private static async Task<int> PrintAsync(
        IReadOnlyList<ScenarioReport> reports, IEnumerable<string> leftOut, TargetFactory factory, CancellationToken cancellation)
    {
        Console.WriteLine(ComparisonTable.Write(reports));
        Console.WriteLine($"Machine: {await Machine.DescribeAsync(factory, cancellation)}. Generator, service and stores share it.");
        Console.WriteLine();
        foreach (var note in leftOut.Concat(ComparisonTable.Notes(reports)))
        {
            Console.WriteLine($"- {note}");
        }

        return reports.All(report => report.Failures.Count == 0 && report.Load.ErrorCount == 0 && report.WarmUpErrors.Count == 0
            && report.Load.Answered > 0) ? 0 : 1;
    }

    private static Command Serve(
        string name, string description, Func<int, ParseResult, CancellationToken, Task> serve, params IEnumerable<Option> options)
    {
        var port = Number<int>("--port", "Where it listens, on the loopback address.");
        port.Required = true;
        var command = new Command(name, description) { port };
        foreach (var option in options)
        {
            command.Add(option);
        }

        command.SetAction((arguments, cancellation) => serve(arguments.GetValue(port), arguments, cancellation));
        return command;
    }

    private static Command Micro()
    {
        var command = new Command("micro", "Signature, parse and observe, with their allocations. Takes BenchmarkDotNet's options, e.g. --filter *Signature*.")
        {
            TreatUnmatchedTokensAsErrors = false,
        };
        command.SetAction(arguments =>
        {
            var options = arguments.UnmatchedTokens;
            var summaries = BenchmarkSwitcher.FromAssembly(typeof(Commands).Assembly)
                .Run(options.Contains("--filter") ? [.. options] : [.. options, "--filter", "*"]);
            return summaries.Any() && summaries.All(summary => summary.Reports.All(report => report.Success)) ? 0 : 1;
        });
        return command;
    }
}
