using System.Net;
using System.Text.Json;

namespace Kapso.Benchmarks.Soak;

/// <summary>
/// The distributed service under a steady load while one fault after the other is done to it. Afterwards every answered delivery is looked
/// up, and each welcome is counted by its id.
/// </summary>
internal static class SoakOfCluster
{
    private static readonly ClusterSize Size = new(Silos: 3, Apis: 1);

    /// <summary>How long what was parked, and what was being sent, may take after the last fault: a replay, a lease and a retry.</summary>
    private static readonly TimeSpan SettlesWithin = TimeSpan.FromMinutes(5);

    /// <summary>Runs it; says in sentences what it survived.</summary>
    /// <param name="factory">Starts the cluster.</param>
    /// <param name="minutes">For how long faults are done.</param>
    /// <param name="perSecond">Deliveries per second.</param>
    /// <param name="seed">Which faults come in which order.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="BenchmarkException">Something was lost, greeted twice, or is not as it was told.</exception>
    public static async Task<string> RunAsync(
        TargetFactory factory, double minutes, double perSecond, int seed, CancellationToken cancellation)
    {
        await Console.Error.WriteLineAsync($"Seed {seed}.");
        await using var receiver = await ReceiverProcess.StartAsync(ChildProcess.FreePort(), cancellation);
        await using var cluster = await factory.StartClusterAsync(receiver.Welcomes, Size, cancellation);
        using var load = new SoakLoad(cluster.Address, factory.Credentials, new Random(seed));
        var script = new FaultScript(cluster, new Random(seed + 1));
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var sending = Task.Run(() => load.RunAsync(perSecond, enough.Token), cancellation);
        try
        {
            await script.RunAsync(TimeSpan.FromMinutes(minutes), cancellation);
        }
        finally
        {
            await enough.CancelAsync();
            await sending;
        }

        var repeats = await CheckAsync(cluster, receiver, load, factory.Credentials, cancellation);
        return Report(load, script, repeats, seed, minutes);
    }

    private static string Report(SoakLoad load, FaultScript script, long repeats, int seed, double minutes) => string.Join(
        Environment.NewLine,
        $"{minutes} minutes, seed {seed}, {Size}: nothing was lost, no customer was greeted twice, each is as it was told.",
        $"  {load.Answered:N0} deliveries answered 200, {load.Parked:N0} of them parked; {load.Unavailable:N0} answers of 503, {load.Unanswered:N0} attempts without an answer, {load.GivenUp:N0} deliveries given up.",
        $"  {load.Customers.Count:N0} customers, {load.Customers.Count(customer => customer.IsDoubtful):N0} of whom are only looked for, since a delivery was given up; {repeats:N0} welcomes came again under the same id. Longest time between two answers of 200: {load.LongestGap.TotalSeconds:N1} s.",
        $"  {script.Survived.Values.Sum()} faults survived: {string.Join(", ", script.Survived.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key} {pair.Value}"))}; {script.Restarts} processes that could not go on were started again.");

    /// <summary>Looks at every customer, again and again where something may still be on its way.</summary>
    /// <returns>How many welcomes were repeated.</returns>
    private static async Task<long> CheckAsync(
        ClusterProcesses cluster, ReceiverProcess receiver, SoakLoad load, TargetCredentials credentials, CancellationToken cancellation)
    {
        using var client = credentials.NewClient(cluster.Address);
        var left = load.Customers.Where(customer => customer.IsKnown).ToList();
        var end = DateTime.UtcNow + SettlesWithin;
        while (left.Count > 0)
        {
            if (DateTime.UtcNow > end)
            {
                throw new BenchmarkException(
                    $"{left.Count} customers are not as they were told {SettlesWithin.TotalMinutes:N0} minutes after the last fault, among them {left[0].Id}, who is to be {(left[0].IsDoubtful ? "known" : left[0].IsConnected ? "connected and welcomed" : "gone")}.");
            }

            var wrong = new System.Collections.Concurrent.ConcurrentBag<SoakCustomer>();
            await Parallel.ForEachAsync(
                left,
                new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = cancellation },
                async (customer, stop) =>
                {
                    if (!await IsAsToldAsync(client, credentials, customer, stop))
                    {
                        wrong.Add(customer);
                    }
                });
            left = [.. wrong];
            if (left.Count > 0)
            {
                await Task.Delay(TimeSpan.FromSeconds(2), cancellation);
            }
        }

        var welcomes = (await receiver.ReadCustomersAsync(int.MaxValue, cancellation)).GroupBy(customer => customer).ToDictionary(group => group.Key, group => group.Count());
        var twice = welcomes.Count(pair => pair.Value > 1);
        var never = load.Customers.Count(customer => customer is { IsKnown: true, IsDoubtful: false, IsConnected: true } && !welcomes.ContainsKey(customer.Id));
        return twice + never == 0
            ? (await receiver.CountAsync(cancellation)).Repeats
            : throw new BenchmarkException($"{twice} customers were greeted under a second id, and {never} that are connected never.");
    }

    private static async Task<bool> IsAsToldAsync(HttpClient client, TargetCredentials credentials, SoakCustomer customer, CancellationToken cancellation)
    {
        using var answer = await client.GetAsync($"/api/projects/{credentials.ProjectId}/customers/{customer.Id}/connection", cancellation);
        if (answer.StatusCode != HttpStatusCode.OK)
        {
            return false;
        }

        // Whether the platform's last word of them was taken is not known.
        if (customer.IsDoubtful)
        {
            return true;
        }

        using var connection = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(cancellation));
        var number = connection.RootElement.GetProperty("numbers").EnumerateArray()
            .SingleOrDefault(number => number.GetProperty("phone_number_id").ValueEquals($"{customer.Number}"));
        if (number.ValueKind != JsonValueKind.Object || !number.GetProperty("status").ValueEquals(customer.IsConnected ? "connected" : "gone"))
        {
            return false;
        }

        return !customer.IsConnected
            || (number.GetProperty("welcome") is { ValueKind: JsonValueKind.Object } welcome && welcome.GetProperty("status").ValueEquals("done"));
    }
}
