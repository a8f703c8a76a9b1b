using System.Diagnostics;

namespace Kapso.Benchmarks.Cluster;

/// <summary>
/// How long the death of a silo is felt by its customers. All of them are certain to be its own: they connect while it is
/// the only one. Then the other starts, the first is killed, and one delivery comes for each customer at that moment. Or all
/// silos are killed and started elsewhere, and it comes when the first of them is ready.
/// </summary>
internal static class Failover
{
    private const int CustomersOfRun = 16;
    private const long FirstNumber = 200_000_000_000_000;

    /// <summary>Until both silos know each other, and the API both.</summary>
    private static readonly TimeSpan Acquaintance = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    /// <summary>Kills so many silos, one after the other, and says what came of it in a sentence.</summary>
    public static async Task<string> MeasureAsync(TargetFactory factory, int runs, bool everySilo, CancellationToken cancellation)
    {
        await using var cluster = await factory.StartClusterAsync(welcomes: null, ClusterSize.Usual, cancellation, silos: everySilo ? null : 1);
        using var customers = new Customers(cluster.Address, factory.Credentials);
        var all = new List<TimeSpan>();
        for (var run = 0; run < runs; run++)
        {
            var times = await RunAsync(cluster, customers, run, everySilo, cancellation);
            await Console.Error.WriteLineAsync($"  run {run + 1}: {times.Min().TotalSeconds:N1} to {times.Max().TotalSeconds:N1} s");
            all.AddRange(times);
        }

        all.Sort();
        return $"{(everySilo ? "All silos killed and started elsewhere: from when the first is ready" : "From SIGKILL of a silo")} until a delivery for a customer is applied: median {all[all.Count / 2].TotalSeconds:N1} s, worst {all[^1].TotalSeconds:N1} s, of {all.Count} customers in {runs} runs.";
    }

    /// <summary>Kills every silo, or the one that lives, and leaves the other: in even runs the first. Returns for each customer how long that was felt.</summary>
    private static async Task<TimeSpan[]> RunAsync(ClusterProcesses cluster, Customers customers, int run, bool everySilo, CancellationToken cancellation)
    {
        var numbers = Enumerable.Range(0, CustomersOfRun).Select(i => FirstNumber + (run * 1_000) + (i * 2)).ToArray();
        foreach (var number in numbers)
        {
            // Parked at first and folded in meanwhile, it is a duplicate when it comes again.
            while (!await customers.ConnectAsync(Name(number), number, cancellation)
                && !await customers.HasAsync(Name(number), number, cancellation))
            {
                await Task.Delay(Interval, cancellation);
            }
        }

        var silos = Enumerable.Range(0, cluster.Size.Silos).ToArray();
        Task[] starts = [];
        if (everySilo)
        {
            await Task.WhenAll(silos.Select(cluster.KillSiloAsync));
            Array.ForEach(silos, cluster.MoveSilo);
            starts = [.. silos.Select(silo => cluster.StartSiloAsync(silo, cancellation))];
            await await Task.WhenAny(starts);
        }
        else
        {
            await cluster.StartSiloAsync((run + 1) % silos.Length, cancellation);
            await Task.Delay(Acquaintance, cancellation);
        }

        var start = Stopwatch.GetTimestamp();
        if (!everySilo)
        {
            await cluster.KillSiloAsync(run % silos.Length);
        }

        var times = await Task.WhenAll(numbers.Select(async number =>
        {
            // Parked or applied, it is answered once: the platform does not send it again.
            await customers.ConnectAsync(Name(number), number + 1, cancellation);
            while (!await customers.HasAsync(Name(number), number + 1, cancellation))
            {
                await Task.Delay(Interval, cancellation);
            }

            return Stopwatch.GetElapsedTime(start);
        }));
        await Task.WhenAll(starts);
        return times;
    }

    private static string Name(long number) => $"customer-{number}";
}
