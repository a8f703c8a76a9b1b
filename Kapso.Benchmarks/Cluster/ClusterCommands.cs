using System.Globalization;
using Kapso.Benchmarks.Comparing;
using Kapso.Benchmarks.Targets;

namespace Kapso.Benchmarks.Cluster;

/// <summary>The verb that measures what only the distributed service has: silos that die, grains that idle, a start with much to do.</summary>
internal sealed class ClusterCommands(TargetFactory factory, Options options, CancellationToken cancellation)
{
    private static readonly string[] Known = ["runs", "customers", "stop", "hosts", "folder"];

    /// <summary>Measures what the first argument names, and prints it.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        if (arguments.Count == 0)
        {
            throw new BenchmarkException("What of the cluster? failover, memory or recovery.");
        }

        var options = new Options(arguments.Skip(1).ToArray(), Known);
        using var workspace = new Workspace(options.Text("folder"));
        await using var factory = new TargetFactory(workspace, service: null, options.Text("hosts"));
        var commands = new ClusterCommands(factory, options, cancellation);
        Console.WriteLine(arguments[0] switch
        {
            "failover" => await commands.FailOverAsync(),
            "memory" => await commands.ReadMemoryAsync(),
            "recovery" => await commands.RecoverAsync(),
            var other => throw new BenchmarkException($"Expected failover, memory or recovery, got '{other}'."),
        });
        Console.WriteLine($"Machine: {await Machine.DescribeAsync(workspace, null, cancellation)}.");
        return 0;
    }

    private async Task<string> FailOverAsync()
    {
        var runs = (int)(options.Number("runs") ?? 6);
        await using var cluster = await factory.StartClusterAsync(welcomes: null, silos: 1, cancellation);
        var failover = new Failover(cluster, factory.Credentials);
        var all = new List<TimeSpan>();
        for (var run = 0; run < runs; run++)
        {
            var times = await failover.RunAsync(run, cancellation);
            await Console.Error.WriteLineAsync(Text($"  run {run + 1}: {times.Min().TotalSeconds:N1} to {times.Max().TotalSeconds:N1} s"));
            all.AddRange(times);
        }

        all.Sort();
        return Text($"From SIGKILL of a silo until a delivery for one of its customers is applied: median {all[all.Count / 2].TotalSeconds:N1} s, worst {all[^1].TotalSeconds:N1} s, of {all.Count} customers in {runs} runs.");
    }

    private async Task<string> ReadMemoryAsync()
    {
        var count = (int)(options.Number("customers") ?? 50_000);
        await using var cluster = await factory.StartClusterAsync(welcomes: null, ClusterProcesses.Silos, cancellation);
        var target = factory.TargetOf(cluster);
        var (before, active, collected) = await new IdleMemory(cluster, target).RunAsync(count, cancellation);
        return Text($"""
            {count:N0} customers, connected and welcomed, cost both silos {(double)(active.Silos - before.Silos) / count:N0} bytes each while their grains are active ({Mebibytes(before.Silos)} to {Mebibytes(active.Silos)} MiB),
            and {(double)(collected.Silos - before.Silos) / count:N0} bytes each after the collection age ({Mebibytes(collected.Silos)} MiB). In Redis each takes {(double)(collected.Redis - before.Redis) / count:N0} bytes.
            """);
    }

    private async Task<string> RecoverAsync()
    {
        var count = (int)(options.Number("customers") ?? 10_000);
        var kill = (options.Text("stop") ?? "kill") switch
        {
            "kill" => true,
            "term" => false,
            var other => throw new BenchmarkException($"Expected --stop kill or --stop term, got '{other}'."),
        };
        var port = ChildProcess.FreePort();
        await using var cluster = await factory.StartClusterAsync(
            new Uri($"http://127.0.0.1:{port}/welcome"), ClusterProcesses.Silos, cancellation);
        var (started, settled, repeats) = await new Recovery(cluster, factory.TargetOf(cluster), port)
            .RunAsync(count, kill, cancellation);
        return Text($"After a stop of the whole cluster by {(kill ? "SIGKILL" : "SIGTERM")} with {count:N0} welcomes pending: ready {started.TotalSeconds:N1} s after its start, the last welcome settled after {settled.TotalSeconds:N1} s; each was received, {repeats} of them twice.");
    }

    private static string Mebibytes(long bytes) => Text($"{bytes / 1048576.0:N0}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
