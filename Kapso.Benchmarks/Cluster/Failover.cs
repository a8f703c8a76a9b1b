using System.Diagnostics;
using Kapso.Benchmarks.Targets;

namespace Kapso.Benchmarks.Cluster;

/// <summary>
/// How long the death of a silo is felt by its customers. All of them are certain to be its own: they connect while it is
/// the only one. Then the other starts, the first is killed, and one delivery comes for each customer at that moment.
/// </summary>
internal sealed class Failover(ClusterProcesses cluster, TargetCredentials credentials)
{
    private const int CustomersOfRun = 16;
    private const long FirstNumber = 200_000_000_000_000;

    /// <summary>Until both silos know each other, and the API both.</summary>
    private static readonly TimeSpan Acquaintance = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    /// <summary>One run: kills the silo that lives and leaves the other.</summary>
    /// <param name="run">Which, from 0: the even ones kill the first silo.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>For each customer, how long it took from the SIGKILL until the delivery was applied.</returns>
    public async Task<IReadOnlyList<TimeSpan>> RunAsync(int run, CancellationToken cancellation)
    {
        using var customers = new Customers(cluster.Address, credentials);
        var numbers = Enumerable.Range(0, CustomersOfRun).Select(i => FirstNumber + (run * 1_000) + (i * 2)).ToArray();
        foreach (var number in numbers)
        {
            while (!await customers.ConnectAsync(Name(number), number, cancellation))
            {
                await Task.Delay(Interval, cancellation);
            }
        }

        await cluster.StartSiloAsync((run + 1) % ClusterProcesses.Silos, cancellation);
        await Task.Delay(Acquaintance, cancellation);

        var start = Stopwatch.GetTimestamp();
        await cluster.KillSiloAsync(run % ClusterProcesses.Silos);
        return await Task.WhenAll(numbers.Select(async number =>
        {
            // Parked or applied, it is answered once: the platform does not send it again.
            await customers.ConnectAsync(Name(number), number + 1, cancellation);
            while (!await customers.HasAsync(Name(number), number + 1, cancellation))
            {
                await Task.Delay(Interval, cancellation);
            }

            return Stopwatch.GetElapsedTime(start);
        }));
    }

    private static string Name(long number) => $"customer-{number}";
}
