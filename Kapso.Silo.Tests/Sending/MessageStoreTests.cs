using Kapso.Engines.Orleans.Redis;

namespace Kapso.Silo.Tests.Sending;

/// <summary>How many messages to receivers Redis keeps, and for how long.</summary>
public sealed class MessageStoreTests
{
    private const string Project = "project-1";

    [Fact]
    public async Task The_oldest_make_room_and_those_of_other_receivers_stay()
    {
        await using var server = await RedisServer.StartAsync();
        await using var redis = await server.ConnectAsync();
        var store = new MessageStore(redis, new StoreKeys("test"));
        var now = DateTimeOffset.UtcNow;
        await store.RecordAsync(Project, "rcv_other", Message("other", now.AddHours(-1), MessageStatus.Dead), wentThrough: false);
        await Parallel.ForAsync(0, MessageQuery.MaxKept + 100, new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (i, _) =>
            await store.RecordAsync(Project, "rcv_1", Message($"m{i}", now.AddMilliseconds(i), (MessageStatus)(i % 4)), wentThrough: null));

        var keys = new StoreKeys("test");
        Assert.Equal(MessageQuery.MaxKept, await redis.GetDatabase().HashLengthAsync(keys.Messages(Project, "rcv_1")));
        Assert.Equal(MessageQuery.MaxKept, await redis.GetDatabase().SortedSetLengthAsync(keys.MessageTimes(Project, "rcv_1")));
        Assert.Equal(MessageQuery.MaxKept * 3 / 4, await redis.GetDatabase().SortedSetLengthAsync(keys.OpenMessages(Project, "rcv_1")));
        Assert.NotNull(await store.FindAsync(Project, "rcv_other", "other"));
    }

    [Fact]
    public async Task After_thirty_days_a_message_is_forgotten()
    {
        await using var server = await RedisServer.StartAsync();
        await using var redis = await server.ConnectAsync();
        var store = new MessageStore(redis, new StoreKeys("test"));
        var now = DateTimeOffset.UtcNow;
        foreach (var days in (int[])[0, 20])
            await store.RecordAsync(Project, "rcv_1", Message($"after-{days}", now.AddDays(days), MessageStatus.Held), wentThrough: null);

        Assert.False(await store.PruneAsync(Project, "rcv_1", now + MessageQuery.KeptFor + TimeSpan.FromMinutes(1)));
        Assert.Equal(["after-20"], (await store.ListAsync(new MessageQuery(Project, "rcv_1"))).Items.Select(message => message.Id));
        Assert.Equal(["after-20"], (await store.ListAsync(new MessageQuery(Project, "rcv_1", MessageStatus.Held))).Items.Select(message => message.Id));
    }

    private static ReceiverMessage Message(string id, DateTimeOffset at, MessageStatus status) =>
        new() { Id = id, Type = "receiver.test", Status = status, CreatedAt = at, At = at };
}
