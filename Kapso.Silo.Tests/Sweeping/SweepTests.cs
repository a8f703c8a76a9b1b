using Kapso.Connections.Webhooks;
using Kapso.Engines.Orleans.Grains;
using Microsoft.Extensions.Time.Testing;
using StackExchange.Redis;

namespace Kapso.Silo.Tests.Sweeping;

/// <summary>What the sweep of a project does beside waking who is due, and that nobody stands in the way of the others.</summary>
public sealed class SweepTests
{
    private const string Project = "project";
    private static readonly CustomerKey Customer1 = new(Project, "customer-1");

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly RecordingRunner _welcomes = new(EffectKind.Welcome);

    [Fact]
    public async Task Customers_that_cannot_be_woken_do_not_stand_in_the_way_of_another()
    {
        const int Broken = 600; // More than the sweep reads at a time.
        await using var server = await RedisServer.StartAsync();
        await using var redis = await server.ConnectAsync();
        var storage = new MemoryStorage(new ConnectionRecordSerializer())
        {
            IsUnreadable = grain => grain.ToString().Contains("broken-", StringComparison.Ordinal),
        };
        await using var cluster = await EngineCluster.StartAsync(Setup(redis) with { Storage = storage });
        _welcomes.Answer = _ => Task.FromResult(EffectResult.Retry("The receiver is away."));
        await cluster.Engine.ObserveAsync(Customer1, News(), CancellationToken.None);
        await Wait.ForAsync(async () => (await cluster.Engine.FindAsync(Customer1, CancellationToken.None))!
            .Outbox is [{ Status: EffectStatus.Pending, Attempt: > 0 }], "the welcome waits");
        await cluster.SweepAsync(Project); // The first pass looks at all, whoever is due.

        _welcomes.Answer = _ => Task.FromResult(EffectResult.Done);
        await redis.GetDatabase().SortedSetAddAsync(
            $"{cluster.Silos.Options.ServiceId}/due/{Project}",
            [.. Enumerable.Range(0, Broken).Select(i => new SortedSetEntry($"broken-{i}\n0123456789abcdef", i))]);
        _time.Advance(TimeSpan.FromMinutes(5));
        await cluster.SweepAsync(Project);

        await Wait.ForAsync(async () => (await cluster.Engine.FindAsync(Customer1, CancellationToken.None))!.Outbox.IsEmpty, "the welcome is sent");
    }

    [Fact]
    public async Task A_customer_whose_record_cannot_be_read_hides_no_other_in_the_lists()
    {
        await using var server = await RedisServer.StartAsync();
        await using var redis = await server.ConnectAsync();
        var storage = new MemoryStorage(new ConnectionRecordSerializer());
        var setup = Setup(redis) with { Storage = storage };
        var broken = new CustomerKey(Project, "broken");
        _welcomes.Answer = _ => Task.FromResult(EffectResult.Held("?"));
        await using (var first = await EngineCluster.StartAsync(setup))
        {
            foreach (var key in (CustomerKey[])[broken, Customer1])
                await first.Engine.ObserveAsync(key, News() with { PhoneNumberId = key.CustomerId }, CancellationToken.None);
            await Wait.ForAsync(async () =>
                (await first.Engine.ListEffectsAsync(Project, EffectStatus.Held, null, 10, CancellationToken.None)).Items.Count == 2, "both welcomes are held");
            foreach (var key in (CustomerKey[])[broken, Customer1])
                await first.Engine.AddLinkAsync(key, LinkOf(key), CancellationToken.None);
        }

        storage.IsUnreadable = grain => grain.ToString().EndsWith("/broken", StringComparison.Ordinal);
        await using var cluster = await EngineCluster.StartAsync(setup);
        var held = await cluster.Engine.ListEffectsAsync(Project, EffectStatus.Held, null, 10, CancellationToken.None);
        Assert.Equal("customer-1", Assert.Single(held.Items).CustomerId);
        var links = await cluster.Engine.ListLinksToCheckAsync(Project, 10, CancellationToken.None);
        Assert.Equal("customer-1", Assert.Single(links).CustomerId);

        SetupLink LinkOf(CustomerKey key) => new()
        {
            Id = key.CustomerId,
            State = "state-" + key.CustomerId,
            PlatformId = "platform-" + key.CustomerId,
            Source = SetupLinkSource.Issued,
            CreatedAt = _time.GetUtcNow(),
        };
    }

    [Fact]
    public async Task What_is_kept_for_a_time_is_gone_from_Redis_when_it_is_over()
    {
        await using var server = await RedisServer.StartAsync();
        await using var redis = await server.ConnectAsync();
        await using var cluster = await EngineCluster.StartAsync(Setup(redis));
        await cluster.Engine.ObserveAsync(Customer1, News(), CancellationToken.None);
        await cluster.Engine.HoldHintAsync(
            Project, News() with { Source = Source.Redirect, Kind = ObservationKind.RedirectSucceeded, PhoneNumberId = "2" }, CancellationToken.None);
        await cluster.Engine.ParkAsync(Parked("01", [1]), CancellationToken.None);
        await cluster.SweepAsync(Project);
        string[] names = [$"hints/{Project}", $"hint-times/{Project}", $"parked/{Project}", $"parked-bodies/{Project}", $"parked-worth/{Project}", $"parked-waiting/{Project}"];
        Assert.Equal(names, await LeftAsync());

        _time.Advance(TimeSpan.FromHours(25));
        await cluster.SweepAsync(Project);
        Assert.Equal(names[2..], await LeftAsync());

        _time.Advance(TimeSpan.FromDays(30));
        await cluster.SweepAsync(Project);
        Assert.Empty(await LeftAsync());

        async Task<IEnumerable<string>> LeftAsync()
        {
            var left = new List<string>();
            foreach (var name in names)
            {
                if (await redis.GetDatabase().KeyExistsAsync($"{cluster.Silos.Options.ServiceId}/{name}"))
                    left.Add(name);
            }

            return left;
        }
    }

    [Fact]
    public async Task States_and_links_that_an_earlier_version_left_are_taken_out_once_and_those_in_use_stay()
    {
        await using var server = await RedisServer.StartAsync();
        await using var redis = await server.ConnectAsync();
        await using var cluster = await EngineCluster.StartAsync(Setup(redis));
        var database = redis.GetDatabase();
        var prefix = cluster.Silos.Options.ServiceId;
        await cluster.Engine.AddLinkAsync(
            Customer1, new SetupLink { Id = "link", State = "state", PlatformId = "platform", CreatedAt = _time.GetUtcNow() }, CancellationToken.None);
        await database.HashSetAsync($"{prefix}/states", [
            new("left", "project\ncustomer-1"), new("nobodys", "project\ncustomer-2"), new("anothers", "another\ncustomer-1"),
            .. Enumerable.Range(0, 300).Select(i => new HashEntry($"left-{i}", $"project\nmany-{i}"))]);
        await database.HashSetAsync($"{prefix}/links/{Project}", [new("left", "customer-1")]);

        await Wait.ForAsync(async () =>
        {
            await cluster.SweepAsync(Project);
            return await database.KeyExistsAsync($"{prefix}/links-tidied/{Project}");
        }, "what was left is taken out");
        Assert.Equal(
            [new("anothers", "another\ncustomer-1"), new("state", "project\ncustomer-1")],
            (await database.HashGetAllAsync($"{prefix}/states")).OrderBy(entry => entry.Name.ToString()));
        Assert.Equal([new("platform", "customer-1")], await database.HashGetAllAsync($"{prefix}/links/{Project}"));

        await database.HashSetAsync($"{prefix}/states", "left", "project\ncustomer-1");
        await cluster.SweepAsync(Project);
        Assert.True(await database.HashExistsAsync($"{prefix}/states", "left"), "It is looked for once, not with each pass.");
    }

    [Fact]
    public async Task Customers_whom_an_earlier_version_wrote_are_found_by_what_they_are_called_once_the_sweep_has_seen_to_it()
    {
        const int Many = 300; // More than are asked at a time.
        await using var server = await RedisServer.StartAsync();
        await using var redis = await server.ConnectAsync();
        var setup = Setup(redis);
        var (database, prefix) = (redis.GetDatabase(), setup.ServiceId);
        await using (var first = await EngineCluster.StartAsync(setup))
        {
            var details = new NumberDetails { DisplayPhoneNumber = "+55 64 99876-0001" };
            await first.Engine.ObserveAsync(
                Customer1, News() with { Customer = new CustomerNames("own-1", "Maria"), Details = details }, CancellationToken.None);
            await Parallel.ForEachAsync(
                Enumerable.Range(0, Many),
                async (i, _) => await first.Engine.ObserveAsync(new CustomerKey(Project, $"MANY-{i}"), News() with { PhoneNumberId = $"7{i}" }, CancellationToken.None));
        }

        // An earlier version's row and index.
        foreach (var key in (string[])["words", "words-of", "words-added"])
            await database.KeyDeleteAsync($"{prefix}/{key}/{Project}");
        await database.HashSetAsync($"{prefix}/rows/{Project}", "customer-1", "1 0 0 1772366400000\n1");
        await using var cluster = await EngineCluster.StartAsync(setup);
        await Wait.ForAsync(async () =>
        {
            await cluster.SweepAsync(Project);
            _time.Advance(TimeSpan.FromMinutes(1)); // Where a call fails on a busy machine, all are asked again later.
            return await database.KeyExistsAsync($"{prefix}/words-added/{Project}");
        }, "the words are put in");

        foreach (var text in (string[])["maria", "OWN", "5564998760001"])
        {
            var row = Assert.Single((await cluster.Engine.ListConnectionsAsync(new ConnectionQuery(Project, Text: text), CancellationToken.None)).Items);
            Assert.Equal(("customer-1", new CustomerNames("own-1", "Maria")), (row.CustomerId, row.Names));
            Assert.Equal(["+55 64 99876-0001"], row.DisplayPhoneNumbers);
            Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1_772_366_400_000), row.UpdatedAt);
        }

        Assert.Equal(Many, (await cluster.Engine.ListConnectionsAsync(new ConnectionQuery(Project, Text: "many-", Limit: 1_000), CancellationToken.None)).Items.Count);

        await database.KeyDeleteAsync($"{prefix}/words/{Project}");
        await cluster.SweepAsync(Project);
        Assert.False(await database.KeyExistsAsync($"{prefix}/words/{Project}"), "It is seen to once, not with each pass.");
    }

    [Fact]
    public async Task A_list_of_a_thousand_parked_deliveries_reads_no_body()
    {
        const int Count = 1_000;
        await using var server = await RedisServer.StartAsync("--appendonly", "no");
        await using var redis = await server.ConnectAsync();
        await using var cluster = await EngineCluster.StartAsync(Setup(redis));
        var body = new byte[64 * 1024];
        foreach (var ids in Enumerable.Range(0, Count).Chunk(50))
            await Task.WhenAll(ids.Select(i => cluster.Engine.ParkAsync(Parked($"{i:00000}", body), CancellationToken.None)));

        var before = await SentAsync();
        var page = await cluster.Engine.ListParkedAsync(Project, null, Count, CancellationToken.None);
        var sent = await SentAsync() - before;

        Assert.Equal(Count, page.Items.Count);
        Assert.True(sent < 4 * 1024 * 1024, $"Redis sent {sent} bytes for a list of {Count}.");

        async Task<long> SentAsync() => long.Parse(
            (await redis.GetServers()[0].InfoAsync("stats")).SelectMany(group => group).First(line => line.Key == "total_net_output_bytes").Value,
            System.Globalization.CultureInfo.InvariantCulture);
    }

    private ParkedDelivery Parked(string id, byte[] body) => new()
    {
        Id = id,
        ProjectId = Project,
        Reason = ParkedReason.TooManyNumbers,
        ReceivedAt = _time.GetUtcNow(),
        Body = body,
    };

    private ClusterSetup Setup(ConnectionMultiplexer redis) => new()
    {
        Redis = redis,
        Time = _time,
        Policy = _ => new ConnectionPolicy(),
        Runners = [_welcomes],
    };

    private Observation News() => new()
    {
        Kind = ObservationKind.Created,
        Source = Source.Webhook,
        Event = "test.created",
        PhoneNumberId = "1",
        ReceivedAt = _time.GetUtcNow(),
    };
}
