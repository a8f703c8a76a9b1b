using Kapso.Api.Transfer;
using Kapso.Connections.Storage;
using Kapso.Connections.Webhooks;
using Kapso.Embedded.Transfer;
using Kapso.Engines.Orleans.Redis;
using Kapso.Engines.Sqlite;
using Kapso.Engines.Sqlite.Store;
using Kapso.Engines.Transfer;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Kapso.Silo.Tests.MovingUp;

public sealed class MovingUpTests(ITestOutputHelper output)
{
    private const string Project = "project-1";
    private const int Customers = 10_000;
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Ten_thousand_connections_with_open_effects_arrive_whole_and_nobody_is_welcomed_again()
    {
        var folder = Directory.CreateTempSubdirectory("kapso-moving-");
        var (store, file) = (Path.Combine(folder.FullName, "kapso.db"), Path.Combine(folder.FullName, "connections.jsonl"));
        var erased = await FillAsync(store);
        Assert.Equal(0, ExportCommand.Run(["--store", store, "--out", file]));
        var exported = Read(file);
        var customers = exported.OfType<TransferredCustomer>().ToArray();
        Assert.Equal(Customers, customers.Length);

        var welcome = new RecordingRunner(EffectKind.Welcome);
        await using var redis = await RedisServer.StartAsync();
        await using var connection = await redis.ConnectAsync();
        await using var cluster = await EngineCluster.StartAsync(new ClusterSetup
        {
            Redis = connection,
            Silos = 2,
            Policy = _ => new ConnectionPolicy(),
            Runners = [welcome],
        });
        var engine = cluster.Engine;
        await engine.ObserveAsync(Key(7), Created(7, Time.AddHours(1)), None); // news that came to the cluster before
        Connection newer;
        do
            newer = (await engine.FindAsync(Key(7), None))!;
        while (newer.Outbox.Length > 0); // its welcome is sent after the answer
        var sentBefore = welcome.Calls.Count;

        var whole = (TransferEnd)exported[^1];
        await new Import(engine, Say).RunAsync(exported, whole, None);
        await new Import(engine, Say).RunAsync(exported, whole, None);

        foreach (var customer in customers)
        {
            var found = await engine.FindAsync(customer.Connection.Key, None);
            var expected = customer.Connection.Key == Key(7) ? newer : customer.Connection;
            Assert.NotNull(found);
            Assert.Equal(expected.Numbers.Length, found.Numbers.Length);
            Assert.Equal(Stored(expected with { Outbox = [], Timeline = [] }), Stored(found with { Outbox = [], Timeline = [] }));
            if (expected != newer)
                Assert.Equal(Stored(expected), Stored(found)); // open effects, leases and history included
        }

        Assert.Equal("rcv_1", Assert.Single((await engine.ReadReceiversAsync(Project, None)).Receivers).Id);
        Assert.Equal(Key(8), await engine.FindByNumberAsync(Project, Number(8), None));
        Assert.Equal(Key(8), await engine.FindByStateAsync("state-8", None));
        Assert.Equal(Key(8), await engine.FindByLinkAsync(Project, "platform-8", None));
        Assert.Equal("parked-1", Assert.Single((await engine.ListParkedAsync(Project, null, 10, None)).Items).Id);
        Assert.Equal(1, (await engine.ReadActivityAsync(Project, None)).UnclaimedHints);
        Assert.Equal(
            exported.OfType<TransferredAudit>().Select(audit => audit.Line).OrderByDescending(line => line.Id, StringComparer.Ordinal),
            (await engine.ListAuditAsync(new AuditQuery(Project, null, 10), None)).Items);
        Assert.Equal(2, whole.Audit);
        Assert.Equal(
            ((TransferStart)exported[0]).FirstStart.ToUnixTimeMilliseconds(),
            (long)await connection.GetDatabase().StringGetAsync(
                cluster.Silos.Client.ServiceProvider.GetRequiredService<StoreKeys>().FirstStart));

        // Who was erased is not greeted here either.
        Assert.Equal(erased, await engine.FindErasureAsync(Key(Erased), None), (one, other) => one!.Hash == other!.Hash && one.Counts == other.Counts);
        Assert.Equal(Outcome.Adopted, (await engine.ObserveAsync(Key(Erased), Created(Erased, DateTimeOffset.UtcNow), None)).Outcome);

        // What the platform sends again changes nothing, and sends nothing.
        for (var i = 0; i < 200; i++)
        {
            if (i != 7)
                Assert.NotEqual(Outcome.Applied, (await engine.ObserveAsync(Key(i), Created(i, Time.AddHours(1)), None)).Outcome);
        }

        Assert.Equal(sentBefore, welcome.Calls.Count);
        folder.Delete(recursive: true);
    }

    /// <summary>The customer who was erased before the move; even, so that the welcome was sent.</summary>
    private const int Erased = Customers + 2;

    private static readonly DateTimeOffset Time = DateTimeOffset.UtcNow;

    /// <summary>A store in which half of the welcomes are sent and half are put off by an hour.</summary>
    private static async Task<Erasure> FillAsync(string store)
    {
        var welcome = new RecordingRunner(EffectKind.Welcome)
        {
            Answer = claimed => Task.FromResult(
                int.Parse(claimed.Key.CustomerId[1..], System.Globalization.CultureInfo.InvariantCulture) % 2 == 0
                    ? EffectResult.Done
                    : EffectResult.Retry("not now", TimeSpan.FromHours(1))),
        };
        await using var engine = new EmbeddedEngine(
            Options.Create(new EmbeddedEngineOptions { Path = store }), [welcome], new ProcessFailure(), TimeProvider.System, NullLoggerFactory.Instance);
        await engine.StartAsync(None);
        await Parallel.ForAsync(0, Customers, new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (i, _) =>
        {
            await engine.ObserveAsync(Key(i), Created(i, Time), None);
            if (i % 100 == 8)
                await engine.AddLinkAsync(
                    Key(i), new SetupLink { Id = $"link-{i}", State = $"state-{i}", PlatformId = $"platform-{i}", CreatedAt = Time }, None);
        });
        await engine.ParkAsync(
            new ParkedDelivery { Id = "parked-1", ProjectId = Project, Reason = ParkedReason.Malformed, ReceivedAt = Time, Body = "{}"u8.ToArray() },
            None);
        await engine.HoldHintAsync(Project, Created(Customers, Time) with { Kind = ObservationKind.RedirectSucceeded, Source = Source.Redirect }, None);
        await engine.SaveReceiversAsync(
            Project, new ReceiverBook().With(new ReceiverEntry { Id = "rcv_1", Url = new Uri("https://app.example.com"), CreatedAt = Time }), None);
        foreach (var project in (string?[])[Project, null])
            await engine.AppendAuditAsync(
                new AuditLine { Id = AuditLine.NewId(Time), Action = "test.act", By = AuditActor.Person("operator-1"), ProjectId = project, CustomerId = "c7" }, None);
        await Wait.ForAsync(
            async () => welcome.Calls.Count >= Customers && !await IsInFlightAsync(engine), "every welcome tried and half of them settled");
        await engine.ObserveAsync(Key(Erased), Created(Erased, Time), None);
        await Wait.ForAsync(
            async () => (await engine.FindAsync(Key(Erased), None))!.Numbers[0].Welcome!.Status == EffectStatus.Done, "the last welcome settled");
        return await engine.EraseAsync(Key(Erased), None);
    }

    private static async Task<bool> IsInFlightAsync(EmbeddedEngine engine) =>
        (await engine.CheckAsync(None)).OutboxWaiting != Customers / 2;

    private static TransferItem[] Read(string file)
    {
        using var stream = File.OpenRead(file);
        return [.. TransferFile.Read(stream)];
    }

    private void Say(FormattableString text) => output.WriteLine(text.ToString(System.Globalization.CultureInfo.InvariantCulture));

    private static string Stored(Connection connection) => System.Text.Encoding.UTF8.GetString(ConnectionJson.Write(connection));

    private static CustomerKey Key(int i) => new(Project, $"c{i}");

    private static string Number(int i) => $"{100_000_000_000_000 + i}";

    private static Observation Created(int i, DateTimeOffset at) => new()
    {
        Kind = ObservationKind.Created,
        Source = Source.Webhook,
        Event = "whatsapp.phone_number.created",
        PhoneNumberId = Number(i),
        ReceivedAt = at,
    };
}
