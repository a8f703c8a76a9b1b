using System.Diagnostics;
using Kapso.Benchmarks.Load;

namespace Kapso.Benchmarks.Scenarios;

/// <summary>Looks up, after a run, what became of every delivery that was answered as expected.</summary>
internal sealed class LookUp(Target target, ReceiverProcess? receiver, Deliveries deliveries, IReadOnlyList<int> answered)
{
    /// <summary>What the engine did not answer for in time is parked, answered 200 and folded in later: twice within this time.</summary>
    private static readonly TimeSpan ParkedLimit = TimeSpan.FromSeconds(75);

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(3);

    /// <summary>How many deliveries were answered 200 and stored only after the load was over.</summary>
    public int Late { get; private set; }

    /// <summary>In sentences; empty if all is as it must be. A target that keeps nothing is not asked.</summary>
    public async Task<IReadOnlyList<string>> FindFailuresAsync(Scenario scenario, CancellationToken cancellation)
    {
        if (target.Stored is null)
        {
            return [];
        }

        var failures = new List<string>();
        var stored = await target.Stored.ReadCustomersAsync(cancellation);
        var customers = answered.Select(deliveries.Customer).ToHashSet();
        if (scenario == Scenario.Invalid)
        {
            Add(failures, customers.Count(stored.Contains), "deliveries with a wrong signature were refused and stored all the same");
            return failures;
        }

        var start = Stopwatch.GetTimestamp();
        var missing = Late = customers.Count(customer => !stored.Contains(customer));
        while (missing > 0 && Stopwatch.GetElapsedTime(start) < ParkedLimit)
        {
            await Task.Delay(Interval, cancellation);
            stored = await target.Stored.ReadCustomersAsync(cancellation);
            missing = customers.Count(customer => !stored.Contains(customer));
        }

        Add(failures, missing, "deliveries were answered 200 and are missing");
        if (receiver is not null)
        {
            var welcomed = await receiver.ReadCustomersAsync(int.MaxValue, cancellation);
            var distinct = welcomed.ToHashSet();
            Add(failures, customers.Count(customer => !distinct.Contains(customer)), "customers were never welcomed");
            Add(failures, welcomed.Count - distinct.Count, "welcomes had a second id for the same customer");
            Add(failures, await target.Stored.CountUnsettledAsync(customers, cancellation), "welcomes were received and are not settled");
        }

        return failures;
    }

    private static void Add(List<string> failures, long count, string what)
    {
        if (count > 0)
        {
            failures.Add($"{count} {what}.");
        }
    }
}
