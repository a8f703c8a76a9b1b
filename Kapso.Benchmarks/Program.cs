using System.Runtime.InteropServices;
using BenchmarkDotNet.Running;
using Kapso.Benchmarks;
using Kapso.Benchmarks.Cluster;
using Kapso.Benchmarks.Micro;
using Kapso.Benchmarks.Servers;

// A stop by a signal still ends every process that was started.
using var stop = new CancellationTokenSource();
Action<PosixSignalContext> cancel = context =>
{
    context.Cancel = true;
    stop.Cancel();
};

string[] rest = [.. args.Skip(1)];
try
{
    switch (args.FirstOrDefault())
    {
        case "serve-empty":
            await EmptyEndpoint.RunAsync((int)new Options(rest, ["port"]).Number("port").GetValueOrDefault());
            return 0;
        case "serve-receiver":
            await WelcomeReceiver.RunAsync((int)new Options(rest, ["port"]).Number("port").GetValueOrDefault());
            return 0;
        case "compare":
            using (PosixSignalRegistration.Create(PosixSignal.SIGINT, cancel))
            using (PosixSignalRegistration.Create(PosixSignal.SIGTERM, cancel))
            {
                return await Commands.CompareAsync(rest, stop.Token);
            }

        case "run":
            using (PosixSignalRegistration.Create(PosixSignal.SIGINT, cancel))
            using (PosixSignalRegistration.Create(PosixSignal.SIGTERM, cancel))
            {
                return await Commands.RunAsync(rest, stop.Token);
            }

        case "cluster":
            using (PosixSignalRegistration.Create(PosixSignal.SIGINT, cancel))
            using (PosixSignalRegistration.Create(PosixSignal.SIGTERM, cancel))
            {
                return await ClusterCommands.RunAsync(rest, stop.Token);
            }

        case "micro":
            var summaries = BenchmarkSwitcher.FromAssembly(typeof(ObserveBenchmarks).Assembly)
                .Run(rest.Contains("--filter") ? rest : [.. rest, "--filter", "*"]);
            return summaries.Any() && summaries.All(summary => summary.Reports.All(report => report.Success)) ? 0 : 1;

        default:
            Console.Error.WriteLine(Commands.Usage);
            return 2;
    }
}
catch (Exception exception) when (exception is BenchmarkException or LeftOutException)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    Console.Error.WriteLine("Stopped.");
    return 130;
}
