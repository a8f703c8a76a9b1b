using Kapso.Tests.Engines.Memory;

namespace Kapso.Tests.Engines;

public sealed class MemoryEngineTests
{
    private static readonly CustomerKey Key = new("project", "customer");

    [Fact]
    public async Task Two_engines_on_one_store_decide_one_welcome()
    {
        var store = new MemoryStore(TimeProvider.System);
        await using var one = new MemoryEngine(store, new MemoryEngineOptions());
        await using var other = new MemoryEngine(store, new MemoryEngineOptions());

        var receipts = await Task.WhenAll(Enumerable.Range(0, 20).Select(i =>
            (i % 2 == 0 ? one : other).ObserveAsync(Key, Created(), CancellationToken.None)));

        Assert.Single(receipts, receipt => receipt.Outcome == Outcome.Applied);
        Assert.Equal(19, receipts.Count(receipt => receipt.Outcome == Outcome.Duplicate));
        var connection = await other.FindAsync(Key, CancellationToken.None);
        Assert.Equal(20, Assert.Single(connection!.Timeline, line => line.Event.EndsWith("created", StringComparison.Ordinal)
            && line.Outcome == Outcome.Applied).Count + connection.Timeline.Where(line => line.Outcome == Outcome.Duplicate).Sum(line => line.Count));
    }

    private static Observation Created() => new()
    {
        Kind = ObservationKind.Created,
        Source = Source.Webhook,
        Event = "whatsapp.phone_number.created",
        PhoneNumberId = "123456789012345",
        ReceivedAt = TimeProvider.System.GetUtcNow(),
    };
}
