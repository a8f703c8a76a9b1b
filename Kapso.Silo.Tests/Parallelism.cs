using Kapso.Silo.Tests;
using Xunit.Sdk;
using Xunit.v3;

// Each test has silos and a Redis of its own, and two cores are few: one after the other, none starves another.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
[assembly: TestCollectionOrderer(typeof(NewcomerLast))]

namespace Kapso.Silo.Tests;

/// <summary>
/// A newcomer's machine has nothing else to do, and the README's words are held to that. The other suite, which may run beside this one,
/// is over before this one's last tests.
/// </summary>
public sealed class NewcomerLast : ITestCollectionOrderer
{
    /// <inheritdoc/>
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(collection => collection.TestCollectionDisplayName.Contains($".{nameof(Newcomer)}.", StringComparison.Ordinal))];
}
