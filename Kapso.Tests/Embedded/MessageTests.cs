using Microsoft.Extensions.Time.Testing;

namespace Kapso.Tests.Embedded;

/// <summary>How many messages to receivers a store keeps, and for how long.</summary>
public sealed class MessageTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly Store _store = new();

    [Fact]
    public async Task The_oldest_make_room_and_those_of_other_receivers_stay()
    {
        await using var engine = await _store.StartAsync();
        var now = DateTimeOffset.UtcNow;
        await engine.RecordMessageAsync(Store.Project, "rcv_other", Message("other", now.AddHours(-1)), None);
        await Parallel.ForAsync(0, MessageQuery.MaxKept + 600, new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (i, _) =>
            await engine.RecordMessageAsync(Store.Project, "rcv_1", Message($"m{i}", now.AddMilliseconds(i)), None));

        var kept = (long)_store.Query("SELECT count(*) FROM messages WHERE receiver = 'rcv_1'")!;
        Assert.InRange(kept, MessageQuery.MaxKept, MessageQuery.MaxKept + 256);
        Assert.Null(await engine.FindMessageAsync(Store.Project, "rcv_1", "m0", None));
        Assert.NotNull(await engine.FindMessageAsync(Store.Project, "rcv_1", $"m{MessageQuery.MaxKept + 599}", None));
        Assert.NotNull(await engine.FindMessageAsync(Store.Project, "rcv_other", "other", None));
    }

    [Fact]
    public async Task After_thirty_days_a_message_of_any_receiver_is_forgotten()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using (var engine = await _store.StartAsync(time))
        {
            foreach (var (receiver, days) in new[] { ("rcv_1", 0), ("rcv_1", 20), ("rcv_2", 0), ("rcv_3", 20) })
                await engine.RecordMessageAsync(Store.Project, receiver, Message($"after-{days}", time.GetUtcNow().AddDays(days)), None);
        }

        time.Advance(MessageQuery.KeptFor + TimeSpan.FromMinutes(1));
        await using var later = await _store.StartAsync(time);
        await Wait.ForAsync(
            async () => await later.FindMessageAsync(Store.Project, "rcv_1", "after-0", None) is null
                && await later.FindMessageAsync(Store.Project, "rcv_2", "after-0", None) is null,
            "the messages of thirty days ago to be forgotten");
        Assert.NotNull(await later.FindMessageAsync(Store.Project, "rcv_1", "after-20", None));
        Assert.NotNull(await later.FindMessageAsync(Store.Project, "rcv_3", "after-20", None));
    }

    public void Dispose() => _store.Dispose();

    private static ReceiverMessage Message(string id, DateTimeOffset at) =>
        new() { Id = id, Type = "receiver.test", Status = MessageStatus.Delivered, CreatedAt = at, At = at };
}
