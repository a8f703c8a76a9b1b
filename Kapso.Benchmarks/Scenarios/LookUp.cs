using Kapso.Benchmarks.Load;

namespace Kapso.Benchmarks.Scenarios;

/// <summary>Looks up, after a run, what became of every delivery that was answered as expected.</summary>
internal sealed class LookUp(Target target, ReceiverProcess? receiver, Deliveries deliveries, IReadOnlyList<int> answered)
{
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

        Add(failures, customers.Count(customer => !stored.Contains(customer)), "deliveries were answered 200 and are missing");
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
