using System.CommandLine;
using Kapso.Benchmarks.Comparing;

namespace Kapso.Benchmarks.Cluster;

/// <summary>Measures what only the distributed service has: silos that die or stop, grains that idle, starts, many customers.</summary>
internal static class ClusterCommands
{
    public static Command Create()
    {
        var runs = Commands.Number<int>("--runs", "How many kills, one after the other.", 6);
        var all = new Option<bool>("--all") { Description = "All silos are killed at once and started on other ports; it counts from when the first is ready." };
        var stops = Commands.Number<int>("--runs", "How many silos are stopped, one after the other.", 20);
        var rate = Commands.Number<double>("--rate", "Deliveries per second, each of a new customer.", 10);
        var delay = Commands.Number<double>("--delay", "Seconds that the receiver takes for each welcome.", 1.5);
        var idle = Commands.Number<int>("--customers", "How many customers connect.", 50_000);
        var pending = Commands.Number<int>("--customers", "How many welcomes are pending.", 10_000);
        var stop = new Option<StopSignal>("--stop") { Description = "How the cluster is stopped.", DefaultValueFactory = _ => StopSignal.Kill };
        stop.AcceptOnlyFromAmong("kill", "term");
        var starts = Commands.Number<int>("--runs", "How often the cluster is started.", 3);
        var sustained = Commands.Number<double>("--sustained", "Deliveries per second that `run new --target cluster` sustained; a quarter of them is sent.");
        sustained.Required = true;
        var idleSeconds = Commands.Number<double>("--seconds", "How long it is looked at.", 60);
        var sizes = Commands.Counts("--sizes", "Numbers of customers, with commas between them.", 10_000, 100_000, 1_000_000);
        return new Command("cluster", "Measures what only the distributed service has.")
        {
            Measurement(
                "failover",
                "What the death of a silo costs its customers.",
                (factory, arguments, cancellation) =>
                    Failover.MeasureAsync(factory, arguments.GetValue(runs), arguments.GetValue(all), cancellation),
                runs,
                all),
            Measurement(
                "hand-over",
                "What the orderly stop of a silo costs, under load and with a slow receiver.",
                (factory, arguments, cancellation) => HandOver.MeasureAsync(
                    factory, arguments.GetValue(stops), arguments.GetValue(rate), TimeSpan.FromSeconds(arguments.GetValue(delay)), cancellation),
                stops,
                rate,
                delay),
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
            Measurement(
                "cold-start",
                "What the first deliveries after a start wait for.",
                (factory, arguments, cancellation) =>
                    ColdStart.MeasureAsync(factory, arguments.GetValue(sustained), arguments.GetValue(starts), cancellation),
                sustained,
                starts),
            Measurement(
                "idle",
                "What a cluster with nothing to do takes of the processor.",
                (factory, arguments, cancellation) =>
                    IdleProcessor.MeasureAsync(factory, TimeSpan.FromSeconds(arguments.GetValue(idleSeconds)), cancellation),
                idleSeconds),
            Measurement(
                "scale",
                "What many customers cost, at rest and at a start.",
                (factory, arguments, cancellation) => Scale.MeasureAsync(factory, arguments.GetValue(sizes)!, cancellation),
                sizes),
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
