using Kapso.Connections.Storage;
using Kapso.Engines.Orleans.Calls;
using Kapso.Engines.Orleans.Grains;
using StackExchange.Redis;

namespace Kapso.Silo.Tests.Engine;

public sealed class ClusterEngineTests(ITestOutputHelper output)
{
    private static readonly CustomerKey Customer1 = new("project", "customer-1");

    [Fact]
    public async Task A_new_connection_costs_at_most_four_writes_from_webhook_to_settled_welcome()
    {
        const int Customers = 50;
        var welcomes = new RecordingRunner(EffectKind.Welcome);
        await using var server = await RedisServer.StartAsync();
        await using var redis = await server.ConnectAsync();
        // The sweep comes once a second, and may come upon a customer that is about to settle.
        await using var cluster = await StartAsync(redis, welcomes, wakes: false);
        await ConnectAsync(cluster, Customer1, "1"); // The project's first connection also makes the project known.
        await cluster.UntilNothingIsDueAsync(redis, "project");
        await cluster.SweepAsync("project"); // The first sweep of a project prunes, the next in an hour.

        var admin = redis.GetServers()[0];
        await Wait.ForAsync(
            async () =>
            {
                await cluster.SweepAsync("project"); // What it does for stores of earlier versions, once, is not awaited by it.
                return admin.Keys(pattern: "*words-added/project").Any();
            },
            "the search index to be filled in");
        await admin.ConfigResetStatisticsAsync();
        for (var i = 0; i < Customers; i++)
            await ConnectAsync(cluster, new CustomerKey("project", $"customer-{i}"), $"2{i}");
        await cluster.UntilNothingIsDueAsync(redis, "project"); // A connection is seen to be settled before its last write.

        // Every write of the engine is a script, but for health probes and new projects.
        var commands = await admin.InfoAsync("commandstats");
        var scripts = commands.SelectMany(group => group)
            .Where(command => command.Key is "cmdstat_evalsha" or "cmdstat_eval")
            .Sum(command => int.Parse(command.Value.Split('=', ',')[1], System.Globalization.CultureInfo.InvariantCulture));
        output.WriteLine($"{(double)scripts / Customers} writes per connection");
        Assert.InRange(scripts, 3 * Customers, 4 * Customers);
    }

    [Fact]
    public async Task A_receiver_that_hangs_delays_no_delivery_of_its_customer()
    {
        var hangs = new TaskCompletionSource<EffectResult>();
        var welcomes = new RecordingRunner(EffectKind.Welcome) { Answer = _ => hangs.Task };
        await using var server = await RedisServer.StartAsync();
        await using var redis = await server.ConnectAsync();
        await using var cluster = await StartAsync(redis, welcomes);
        await cluster.Engine.ObserveAsync(Customer1, News("1"), CancellationToken.None);

        await Wait.ForAsync(() => welcomes.Calls.Count == 1, "the welcome to be sent");

        // The receiver answers when all is over: a delivery that waited for it would never be answered.
        for (var i = 0; i < 100; i++)
        {
            await Wait.For(cluster.Engine.ObserveAsync(Customer1, News("1"), CancellationToken.None), $"an answer to delivery {i}");
            if (i % 10 == 0)
                await cluster.SweepAsync("project");
        }

        Assert.Single(welcomes.Calls);
        hangs.SetResult(EffectResult.Done);
        await UntilSettledAsync(cluster, Customer1);
    }

    [Fact]
    public async Task A_call_that_is_made_again_gets_the_answer_that_got_lost_and_a_second_delivery_its_own()
    {
        await using var server = await RedisServer.StartAsync();
        await using var redis = await server.ConnectAsync();
        await using var cluster = await StartAsync(redis, new RecordingRunner(EffectKind.Welcome));
        var delivery = News("1");
        var grain = cluster.Grain(Customer1);

        Assert.Equal(Outcome.Applied, (await grain.ObserveAsync(delivery)).Outcome);
        Assert.Equal(Outcome.Applied, await AgainAsync(delivery));
        Assert.Equal(Outcome.Duplicate, await AgainAsync(delivery with { ReceivedAt = delivery.ReceivedAt.AddSeconds(1) }));
        Assert.Equal(Outcome.Duplicate, (await grain.ObserveAsync(delivery)).Outcome);

        async Task<Outcome> AgainAsync(Observation observation)
        {
            RepeatedCall.Mark();
            return (await grain.ObserveAsync(observation)).Outcome;
        }
    }

    [Fact]
    public async Task A_connection_is_taken_over_once_with_its_open_effects()
    {
        var welcomes = new RecordingRunner(EffectKind.Welcome);
        await using var server = await RedisServer.StartAsync();
        await using var redis = await server.ConnectAsync();
        await using var cluster = await StartAsync(redis, welcomes);
        var connection = Decisions.Observe(
            Connection.Empty(Customer1), News("1"), new ConnectionPolicy(), News("1").ReceivedAt).Connection;

        Assert.True(await cluster.Engine.ImportAsync(connection, ["1"], CancellationToken.None));
        Assert.False(await cluster.Engine.ImportAsync(connection, ["1"], CancellationToken.None));

        await UntilSettledAsync(cluster, Customer1);
        Assert.Equal(EffectIds.Welcome(Customer1, "1"), Assert.Single(welcomes.Calls).Effect.Id);
        Assert.Equal(Customer1, await cluster.Engine.FindByNumberAsync("project", "1", CancellationToken.None));
    }

    [Fact]
    public void Both_engines_store_a_connection_in_the_same_form()
    {
        var serializer = new ConnectionRecordSerializer();
        var connection = Connection.Empty(Customer1);
        var stored = serializer.Serialize(new ConnectionRecord { Connection = connection });

        Assert.Equal("""{"v":1,"k":{"p":"project","c":"customer-1"},"nu":[],"sl":[],"ob":[],"tl":[]}""", stored.ToString());
        Assert.Equal(ConnectionJson.Write(connection), stored.ToArray());
        Assert.Equal(Customer1, serializer.Deserialize<ConnectionRecord>(new BinaryData("""{"v":0,"k":{"p":"project","c":"customer-1"}}""")).Connection?.Key);
        Assert.Null(serializer.Deserialize<ConnectionRecord>(serializer.Serialize(new ConnectionRecord())).Connection);
    }

    [Theory]
    [InlineData("project", "customer-1", "project/customer-1")]
    [InlineData("a/b", "c/d", "a%2Fb/c/d")]
    [InlineData("ü p", "é", "%C3%BC%20p/é")]
    public void A_grain_key_names_one_customer(string project, string customer, string key)
    {
        Assert.Equal(key, GrainKey.Of(new CustomerKey(project, customer)));
        Assert.Equal(new CustomerKey(project, customer), GrainKey.Read(key));
    }

    [Theory]
    [InlineData("", "customer-1")]
    [InlineData("project", "a\nb")]
    [InlineData("project", null)]
    public void No_grain_is_called_for_an_id_that_is_none(string project, string? customer) =>
        Assert.Throws<ArgumentException>(() => GrainKey.Of(new CustomerKey(project, customer!)));

    private static Task<EngineCluster> StartAsync(ConnectionMultiplexer redis, RecordingRunner welcomes, bool wakes = true) =>
        EngineCluster.StartAsync(
            new ClusterSetup { Redis = redis, Policy = _ => new ConnectionPolicy(), Runners = [welcomes], Wakes = wakes });

    private static async Task ConnectAsync(EngineCluster cluster, CustomerKey key, string phoneNumberId)
    {
        await cluster.Engine.ObserveAsync(key, News(phoneNumberId), CancellationToken.None);
        await UntilSettledAsync(cluster, key);
    }

    private static Task UntilSettledAsync(EngineCluster cluster, CustomerKey key) => Wait.ForAsync(
        async () => await cluster.Engine.FindAsync(key, CancellationToken.None) is { Outbox.IsEmpty: true }, $"the outbox of {key} to become empty");

    private static Observation News(string phoneNumberId) => new()
    {
        Kind = ObservationKind.Created,
        Source = Source.Webhook,
        Event = "whatsapp.phone_number.created",
        PhoneNumberId = phoneNumberId,
        ReceivedAt = TimeProvider.System.GetUtcNow(),
    };
}
