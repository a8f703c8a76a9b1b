using System.CommandLine;
using Kapso.Benchmarks.Comparing;

namespace Kapso.Benchmarks.Cluster;

/// <summary>Measures what only the distributed service has: silos that die, grains that idle, a start with much to do.</summary>
internal static class ClusterCommands
{
    public static Command Create()
    {
        var runs = Commands.Number<int>("--runs", "How many silos are killed, one after the other.", 6);
        var idle = Commands.Number<int>("--customers", "How many customers connect.", 50_000);
        var pending = Commands.Number<int>("--customers", "How many welcomes are pending.", 10_000);
        var stop = new Option<StopSignal>("--stop") { Description = "How the cluster is stopped.", DefaultValueFactory = _ => StopSignal.Kill };
        stop.AcceptOnlyFromAmong("kill", "term");
        return new Command("cluster", "Measures what only the distributed service has.")
        {
            Measurement(
                "failover",
                "What the death of a silo costs its customers.",
                (factory, arguments, cancellation) => Failover.MeasureAsync(factory, arguments.GetValue(runs), cancellation),
                runs),
            Measurement(
                "memory",
                "What an idle customer costs.",
                (factory, arguments, cancellation) => IdleMemory.MeasureAsync(factory, arguments.GetValue(idle), cancellation),
                idle),
            Measurement(
                "recovery",
                "What a start with much to do takes.",
                (factory, arguments, cancellation) =>
                    Recovery.MeasureAsync(factory, arguments.GetValue(pending), arguments.GetValue(stop), cancellation),
                pending,
                stop),
        };
    }

    private static Command Measurement(
        string name,
        string description,
        Func<TargetFactory, ParseResult, CancellationToken, Task<string>> measure,
        params IEnumerable<Option> options)
    {
        var command = new Command(name, description) { Commands.Hosts, Commands.Folder };
        foreach (var option in options)
        {
            command.Add(option);
        }

        command.SetAction(async (arguments, cancellation) =>
        {
            using var workspace = new Workspace(arguments.GetValue(Commands.Folder));
            await using var factory = new TargetFactory(workspace, service: null, arguments.GetValue(Commands.Hosts));
            Console.WriteLine(await measure(factory, arguments, cancellation));
            Console.WriteLine($"Machine: {await Machine.DescribeAsync(factory, cancellation)}.");
        });
        return command;
    }
}
