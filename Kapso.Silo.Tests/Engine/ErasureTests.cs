using System.Text;
using Kapso.Engines.Orleans.Redis;
using Kapso.Silo.Tests.Clusters;
using StackExchange.Redis;

namespace Kapso.Silo.Tests.Engine;

/// <summary>What is erased leaves Redis, its names and its files, and nothing brings it back.</summary>
public sealed class ErasureTests
{
    private const string Project = "project";
    private const string Number = "111222333444555";

    private static readonly CustomerKey Erased = new(Project, "erased-[customer]*-0001");
    private static readonly CustomerKey Kept = new(Project, "kept-customer");

    [Fact]
    public async Task Nothing_of_an_erased_customer_is_left_in_redis_or_in_its_files()
    {
        await using var server = await RedisServer.StartAsync();
        await using var redis = await ConnectAsync(server);
        await using var cluster = await StartAsync(redis);
        await FillAsync(cluster, redis);
        Assert.NotEmpty(await NamesOfAsync(redis));
        Assert.True(IsInFiles(server));

        var erasure = await cluster.Engine.EraseAsync(Erased, CancellationToken.None);
        Assert.Equal((null, true, 1), (erasure.Remains, erasure.CompletedAt is not null, erasure.Counts.Connections));
        Assert.Equal([], await NamesOfAsync(redis));
        Assert.False(IsInFiles(server));

        // Neither the sweep, nor an activation that begins anew, nor who looks.
        await cluster.SweepAsync(Project);
        Assert.Null(await cluster.Engine.FindAsync(Erased, CancellationToken.None));
        await cluster.Grain(Erased).WakeAsync(DueEntry.Of(Erased.CustomerId));
        Assert.Equal([], await NamesOfAsync(redis));
        Assert.NotNull(await cluster.Engine.FindAsync(Kept, CancellationToken.None));
        Assert.Equal(Kept, await cluster.Engine.FindByNumberAsync(Project, "222222222222222", CancellationToken.None));
    }

    [Fact]
    public async Task Garnet_says_what_it_does_not_do()
    {
        await using var server = await RedisServer.StartAsync(await Garnet.GetAsync());
        await using var redis = await ConnectAsync(server);
        await using var cluster = await StartAsync(redis);
        await FillAsync(cluster, redis);

        var erasure = await cluster.Engine.EraseAsync(Erased, CancellationToken.None);
        Assert.NotNull(erasure.CompletedAt);
        Assert.Equal([], await NamesOfAsync(redis));
        Assert.Equal(IsInFiles(server), erasure.Remains is not null);
    }

    [Fact]
    public async Task A_server_that_refuses_to_write_its_files_anew_is_told_of()
    {
        await using var server = await RedisServer.StartAsync(
            "--appendonly", "yes", "--appendfsync", "always", "--rename-command", "BGREWRITEAOF", "");
        await using var redis = await ConnectAsync(server);
        await using var cluster = await StartAsync(redis);
        await FillAsync(cluster, redis);

        var erasure = await cluster.Engine.EraseAsync(Erased, CancellationToken.None);
        Assert.NotNull(erasure.CompletedAt);
        Assert.Contains("stays in the store's files", erasure.Remains, StringComparison.Ordinal);
        Assert.Empty(await cluster.Engine.ContinueErasuresAsync(Project, CancellationToken.None));
    }

    /// <summary>As the service connects: it asks for nothing that needs an administrator.</summary>
    private static Task<ConnectionMultiplexer> ConnectAsync(RedisServer server) =>
        ConnectionMultiplexer.ConnectAsync(server.ConnectionString.Replace(",allowAdmin=true", "", StringComparison.Ordinal));

    private static Task<EngineCluster> StartAsync(ConnectionMultiplexer redis) => EngineCluster.StartAsync(new ClusterSetup
    {
        Redis = redis,
        Policy = _ => new ConnectionPolicy { Notifies = true },
        Runners = [new RecordingRunner(EffectKind.Welcome), new RecordingRunner(EffectKind.Notify) { Answer = _ => Task.FromResult(EffectResult.Retry("Busy.")) }],
    });

    /// <summary>Everything that can be kept of a customer, with what waits to be sent, and some leftovers of earlier writes.</summary>
    private static async Task FillAsync(EngineCluster cluster, ConnectionMultiplexer redis)
    {
        var engine = cluster.Engine;
        var now = TimeProvider.System.GetUtcNow();
        foreach (var (key, number) in ((CustomerKey, string)[])[(Kept, "222222222222222"), (Erased, Number)])
        {
            await engine.ChangeCustomerAsync(key, new CustomerChange { Name = new GivenText("Name of " + key.CustomerId) }, "anna", CancellationToken.None);
            await engine.AddLinkAsync(
                key, new SetupLink { Id = "link", State = "state-" + key.CustomerId, PlatformId = "pl-" + key.CustomerId, CreatedAt = now }, CancellationToken.None);
            await engine.ObserveAsync(key, News(number, now), CancellationToken.None);
            await engine.AppendAuditAsync(
                new AuditLine { Id = AuditLine.NewId(now), Action = "link.issue", By = AuditActor.ManagementKey, ProjectId = Project, CustomerId = key.CustomerId },
                CancellationToken.None);
            await engine.ParkAsync(
                new ParkedDelivery
                {
                    Id = "parked-" + number,
                    ProjectId = Project,
                    Reason = Kapso.Connections.Webhooks.ParkedReason.TooManyNumbers,
                    ReceivedAt = now,
                    Body = Encoding.UTF8.GetBytes($$"""{"phone_number_id":"{{number}}"}"""),
                },
                CancellationToken.None);
            await Wait.ForAsync(
                async () => (await engine.FindAsync(key, CancellationToken.None))!.Outbox.Any(static effect => effect.Attempt > 0), "a notify to have failed");
        }

        // What another activation was about to write under, and a number that has no place in the connection any more.
        var prefix = redis.GetServers()[0].Keys(pattern: $"*due/{Project}").Single().ToString()[..^$"due/{Project}".Length];
        await redis.GetDatabase().SortedSetAddAsync($"{prefix}due/{Project}", DueEntry.Of(Erased.CustomerId), 0);
        await redis.GetDatabase().HashSetAsync($"{prefix}numbers/{Project}", "333333333333333", Erased.CustomerId);
        await redis.GetDatabase().HashSetAsync($"{prefix}numbers/{Project}", "222222222222222", $"{Erased.CustomerId}\n{Kept.CustomerId}");
    }

    private static Observation News(string phoneNumberId, DateTimeOffset at) => new()
    {
        Kind = ObservationKind.Created,
        Source = Source.Webhook,
        Event = "whatsapp.phone_number.created",
        PhoneNumberId = phoneNumberId,
        ReceivedAt = at,
    };

    /// <summary>The names of all that speaks of the erased customer.</summary>
    private static async Task<List<string>> NamesOfAsync(ConnectionMultiplexer redis)
    {
        var (database, found) = (redis.GetDatabase(), new List<string>());
        foreach (var key in redis.GetServers()[0].Keys())
        {
            var text = await database.KeyTypeAsync(key) switch
            {
                RedisType.String => (await database.StringGetAsync(key)).ToString(),
                RedisType.Hash => string.Join(' ', await database.HashGetAllAsync(key)),
                RedisType.List => string.Join(' ', await database.ListRangeAsync(key)),
                RedisType.Set => string.Join(' ', await database.SetMembersAsync(key)),
                RedisType.SortedSet => string.Join(' ', await database.SortedSetRangeByRankAsync(key)),
                _ => "",
            };
            if (new[] { key.ToString(), text }.Any(static one => one.Contains(Erased.CustomerId, StringComparison.Ordinal) || one.Contains(Number, StringComparison.Ordinal)))
                found.Add($"{key}: {text}");
        }

        return found;
    }

    private static bool IsInFiles(RedisServer server) => Directory.GetFiles(server.Folder, "*", SearchOption.AllDirectories)
        .Select(static path =>
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return bytes;
        })
        .Any(static bytes => bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Erased.CustomerId)) >= 0 || bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Number)) >= 0);
}
