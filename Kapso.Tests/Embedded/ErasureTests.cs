using System.Text;
using Kapso.Engines.Sqlite;
using Microsoft.Data.Sqlite;
using static System.Threading.CancellationToken;

namespace Kapso.Tests.Embedded;

/// <summary>What is erased leaves the embedded store's files, and an erasure comes to its end whatever interrupts it.</summary>
public sealed class ErasureTests : IDisposable
{
    private const string Number = "111222333444555";

    private static readonly CustomerKey Erased = Store.Customer("erased-customer-0001");

    private readonly Store _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task No_byte_of_an_erased_customer_is_left_in_the_files()
    {
        await using var engine = await _store.StartAsync(runners: new Recorder(EffectKind.Notify));
        await FillAsync(engine);
        Assert.True(IsInFiles());

        var erasure = await engine.EraseAsync(Erased, None);
        Assert.NotNull(erasure.CompletedAt);
        Assert.Null(erasure.Remains);
        Assert.False(IsInFiles());
        Assert.Equal("Kept 1", (await engine.FindAsync(Store.Customer("kept-1"), None))!.Names!.Name);
    }

    [Fact]
    public async Task What_an_earlier_version_left_in_the_file_goes_when_it_is_brought_up_to_date()
    {
        await using (var engine = await _store.StartAsync())
            await FillAsync(engine);
        _store.Query("PRAGMA secure_delete=OFF; DELETE FROM connections; DELETE FROM customers; DELETE FROM words; DELETE FROM numbers; DELETE FROM states; PRAGMA wal_checkpoint(TRUNCATE)");
        foreach (var table in (string[])["secrets", "erasures", "erasing", "messages", "receivers", "failing_receivers", "audit", "webhooks"])
            _store.Query($"DROP TABLE {table}");
        _store.Query("PRAGMA user_version=7");
        Assert.True(IsInFiles());

        await using var later = await _store.StartAsync();
        await later.EraseAsync(Erased, None);
        Assert.False(IsInFiles());
    }

    [Fact]
    public async Task A_log_that_somebody_reads_is_cut_once_they_have_ended()
    {
        await using var engine = await _store.StartAsync();
        await FillAsync(engine);
        Erasure erasure;
        await using (var reader = new SqliteConnection($"Data Source={_store.Path};Pooling=False"))
        {
            await reader.OpenAsync();
            Store.Run(reader, "BEGIN; SELECT count(*) FROM connections");
            erasure = await engine.EraseAsync(Erased, None);
            Assert.Null(erasure.CompletedAt);
            Assert.Contains("one long transaction", erasure.Remains, StringComparison.Ordinal);
            Assert.Null(Assert.Single(await engine.ContinueErasuresAsync(Store.Project, None)).CompletedAt);
            Assert.Null(await engine.FindAsync(Erased, None));
        }

        var again = Assert.Single(await engine.ContinueErasuresAsync(Store.Project, None));
        Assert.Equal((erasure.Counts, null), (again.Counts, again.Remains));
        Assert.NotNull(again.CompletedAt);
        Assert.Empty(await engine.ContinueErasuresAsync(Store.Project, None));
        Assert.False(IsInFiles());
    }

    [Fact]
    public async Task An_erasure_that_was_cut_off_after_any_of_its_writes_is_gone_on_with()
    {
        for (var writes = 1; writes <= 12; writes++)
        {
            using var store = new Store();
            await using (var engine = await store.StartAsync())
            {
                await FillAsync(engine);
                await engine.ParkAsync(Parked("customer", Erased.CustomerId), None);
                await engine.ParkAsync(Parked("phone_number_id", Number), None);
                var left = writes;
                store.Options.BeforeBatch = _ =>
                {
                    if (Interlocked.Decrement(ref left) < 0)
                        throw new IOException("The process was ended.");
                };
                await Record.ExceptionAsync(() => engine.EraseAsync(Erased, None));
                store.Options.BeforeBatch = null;
            }

            await using var later = await store.StartAsync();
            await later.ContinueErasuresAsync(Store.Project, None);
            if (await later.FindErasureAsync(Erased, None) is null)
                await later.EraseAsync(Erased, None); // Not even begun.
            var erasure = (await later.FindErasureAsync(Erased, None))!;
            Assert.NotNull(erasure.CompletedAt);
            Assert.Equal((1, 1), (erasure.Counts.Connections, erasure.Counts.Numbers));
            Assert.Null(await later.FindAsync(Erased, None));
            Assert.Empty((await later.ListParkedAsync(Store.Project, null, 10, None)).Items);
        }
    }

    [Fact]
    public async Task A_connection_that_is_made_while_an_erasure_has_not_come_to_its_end_stays()
    {
        await using var engine = await _store.StartAsync();
        await FillAsync(engine);
        var left = 1;
        _store.Options.BeforeBatch = _ =>
        {
            if (Interlocked.Decrement(ref left) < 0)
                throw new IOException("The disk is gone.");
        };
        await Assert.ThrowsAsync<EngineUnavailableException>(() => engine.EraseAsync(Erased, None));
        _store.Options.BeforeBatch = null;

        Assert.Equal(Outcome.Applied, (await engine.ObserveAsync(Erased, Store.Created("999888777666555"), None)).Outcome);
        Assert.NotNull(Assert.Single(await engine.ContinueErasuresAsync(Store.Project, None)).CompletedAt);
        Assert.Equal("999888777666555", Assert.Single((await engine.FindAsync(Erased, None))!.Numbers).PhoneNumberId);
        Assert.Equal(Outcome.Adopted, (await engine.ObserveAsync(Erased, Store.Created(Number), None)).Outcome);
    }

    [Fact]
    public async Task The_row_of_an_erased_customer_hides_no_other()
    {
        _store.Options.GatheredCustomers = 4;
        await using (var engine = await _store.StartAsync())
        {
            for (var i = 0; i < 9; i++)
                await engine.ObserveAsync(Store.Customer($"c{i}"), Store.Created($"100{i}"), None);
            for (var i = 8; i > 2; i--)
                await engine.EraseAsync(Store.Customer($"c{i}"), None);
            Assert.Equal(["c0", "c1", "c2"], await CustomersAsync(engine));
        }

        await using var later = await _store.StartAsync();
        for (var i = 3; i < 9; i++)
        {
            await later.ObserveAsync(Store.Customer($"d{i}"), Store.Created($"200{i}"), None);
            await later.ObserveAsync(Store.Customer($"c{i}"), Store.Created($"100{i}"), None);
        }

        string[] expected = ["c0", "c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8", "d3", "d4", "d5", "d6", "d7", "d8"];
        Assert.Equal(expected, await CustomersAsync(later));
        await later.DisposeAsync();
        await using var last = await _store.StartAsync();
        Assert.Equal(expected, await CustomersAsync(last));
        Assert.All((await Task.WhenAll(Enumerable.Range(3, 6).Select(i => last.FindAsync(Store.Customer($"c{i}"), None)))), c => Assert.True(c!.Numbers[0].Adopted));
    }

    private static async Task FillAsync(EmbeddedEngine engine)
    {
        for (var i = 0; i < 200; i++)
        {
            var key = i == 100 ? Erased : Store.Customer($"kept-{i}");
            await engine.ChangeCustomerAsync(key, new CustomerChange { Name = new GivenText(i == 100 ? "Unmistakable Name" : $"Kept {i}") }, "anna", None);
            await engine.ObserveAsync(key, Store.Created(i == 100 ? Number : $"2{i:d14}"), None);
        }

        // Records that grow leave their place to others.
        for (var i = 0; i < 30; i++)
            await engine.AddLinkAsync(Erased, new SetupLink { Id = $"link-{i}", State = $"unmistakable-state-{i}", CreatedAt = DateTimeOffset.UtcNow }, None);
    }

    private static ParkedDelivery Parked(string member, string id) => new()
    {
        Id = "parked-" + member,
        ProjectId = Store.Project,
        Reason = Kapso.Connections.Webhooks.ParkedReason.TooManyNumbers,
        ReceivedAt = DateTimeOffset.UtcNow,
        Body = Encoding.UTF8.GetBytes($$"""{"{{member}}":"{{id}}"}"""),
    };

    private static async Task<IEnumerable<string>> CustomersAsync(EmbeddedEngine engine) =>
        (await engine.ListConnectionsAsync(new ConnectionQuery(Store.Project), None)).Items.Select(static row => row.CustomerId);

    private bool IsInFiles() => Directory.GetFiles(Path.GetDirectoryName(_store.Path)!, "kapso.db*")
        .Where(static path => !path.EndsWith(".lock", StringComparison.Ordinal))
        .Select(ReadShared)
        .Any(static bytes => new[] { Erased.CustomerId, Number, "Unmistakable Name", "unmistakable-state" }
            .Any(text => bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0));

    private static byte[] ReadShared(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }
}
