using System.Runtime.InteropServices;
using Kapso.Engines.Sqlite;
using SQLitePCL;

namespace Kapso.Tests.Embedded;

/// <summary>Customers are found and listed wherever their row is known: gathered in memory, on its way into the table, or in it.</summary>
public sealed class CustomerIndexTests : IDisposable
{
    private const int Gathered = 10;
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly Store _store = new();
    private readonly SortedDictionary<string, ConnectionStatus> _known = new(StringComparer.Ordinal);

    public CustomerIndexTests() => _store.Options.GatheredCustomers = Gathered;

    /// <summary>Called by SQLite after a commit. Another answer than 0 makes it report an error, although it has committed.</summary>
    private delegate int CommittedHook(nint argument, nint database, nint name, int pages);

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task Every_customer_is_found_and_listed_once_and_in_order()
    {
        var random = new Random(1);
        var engine = await _store.StartAsync();
        try
        {
            for (var round = 0; round < 30; round++)
            {
                await Task.WhenAll(Enumerable.Range(0, random.Next(1, 8)).Select(i => ObserveAsync(engine, $"{random.Next(9)}-{round:00}-{i}", random.Next(3))));
                await Task.WhenAll(_known.Keys.ToArray().Where(_ => random.Next(5) == 0).Select(id => ObserveAsync(engine, id, random.Next(3))));
                if (random.Next(4) == 0)
                {
                    await engine.DisposeAsync();
                    engine = await _store.StartAsync();
                }

                await AssertKnownAsync(engine);
            }
        }
        finally
        {
            await engine.DisposeAsync();
        }

        Assert.InRange(_known.Count - (long)_store.Query("SELECT count(*) FROM customers")!, 1, 2 * Gathered);
    }

    [Fact]
    public async Task Writes_that_fail_leave_the_index_as_the_store_is()
    {
        var (random, fails) = (new Random(2), false);
        _store.FullWhile(() => Volatile.Read(ref fails));
        await using var engine = await _store.StartAsync();
        var failed = 0;

        for (var round = 0; round < 200; round++)
        {
            Volatile.Write(ref fails, random.Next(3) == 0);
            try
            {
                await ObserveAsync(engine, $"{random.Next(20):00}-{random.Next(3)}", random.Next(3));
            }
            catch (EngineUnavailableException)
            {
                failed++;
            }
        }

        Volatile.Write(ref fails, false);
        Assert.NotEqual(0, failed);
        await AssertKnownAsync(engine);
    }

    [Fact]
    public async Task A_write_that_reached_the_store_although_it_failed_is_known_afterwards()
    {
        var fails = false;
        CommittedHook hook = (_, _, _, _) => Volatile.Read(ref fails) ? raw.SQLITE_IOERR : raw.SQLITE_OK;
        _store.Options.WriterOpened = connection => _ = sqlite3_wal_hook(connection.Handle!.DangerousGetHandle(), hook, 0);
        await using var engine = await _store.StartAsync();
        await ObserveAsync(engine, "c1", kind: 0);

        Volatile.Write(ref fails, true);
        await Assert.ThrowsAsync<EngineUnavailableException>(() => ObserveAsync(engine, "c1", kind: 2));
        await Assert.ThrowsAsync<EngineUnavailableException>(() => ObserveAsync(engine, "c2", kind: 1));
        Volatile.Write(ref fails, false);
        await ObserveAsync(engine, "c3", kind: 0);

        (_known["c1"], _known["c2"]) = (ConnectionStatus.Gone, ConnectionStatus.Hinted);
        await AssertKnownAsync(engine);
        GC.KeepAlive(hook);
    }

    [Fact]
    public async Task Lists_have_the_order_of_the_store_also_for_letters_beyond_the_first_plane()
    {
        await using var engine = await _store.StartAsync();
        string[] ids = ["a", "z", "\u00E9", "\uFFEE", "\U0001F600", "\U0001F600a"]; // As their bytes in UTF-8 are ordered.
        foreach (var id in ids.Reverse())
            await ObserveAsync(engine, id, kind: 0);
        Assert.Equal(ids, await ListAsync(engine, new ConnectionQuery(Store.Project, Limit: 2)));

        for (var i = 0; i < 3 * Gathered; i++)
            await ObserveAsync(engine, $"m{i:00}", kind: 0);
        Assert.True((long)_store.Query("SELECT count(*) FROM customers WHERE customer > 'z'")! > 0);
        Assert.Equal(
            ids.Take(1).Concat(Enumerable.Range(0, 3 * Gathered).Select(i => $"m{i:00}")).Concat(ids.Skip(1)),
            await ListAsync(engine, new ConnectionQuery(Store.Project, Limit: 2)));
    }

    private async Task ObserveAsync(EmbeddedEngine engine, string customer, int kind)
    {
        var news = Store.Created($"{Math.Abs(customer.GetHashCode(StringComparison.Ordinal)):0000000000}");
        var receipt = await engine.ObserveAsync(
            Store.Customer(customer),
            kind switch
            {
                0 => news,
                1 => news with { Kind = ObservationKind.RedirectSucceeded, Source = Source.Redirect, Event = "redirect.success" },
                _ => news with { Kind = ObservationKind.Gone, Event = "whatsapp.phone_number.deleted" },
            },
            None);
        lock (_known)
            _known[customer] = receipt.Status;
    }

    private async Task AssertKnownAsync(EmbeddedEngine engine)
    {
        Assert.Equal(_known.Keys, await ListAsync(engine, new ConnectionQuery(Store.Project, Limit: 7)));
        foreach (var status in _known.Values.Distinct())
        {
            Assert.Equal(
                _known.Where(known => known.Value == status).Select(known => known.Key),
                await ListAsync(engine, new ConnectionQuery(Store.Project, status, Limit: 3)));
        }

        foreach (var (id, status) in _known)
            Assert.Equal((id, status), (await engine.FindAsync(Store.Customer(id), None)) is { } found ? (found.Key.CustomerId, found.Status) : default);
        Assert.Equal(
            0L,
            _store.Query(
                """
                SELECT (SELECT count(*) FROM customers k LEFT JOIN connections c ON c.id = k.connection
                        WHERE c.id IS NULL OR (c.project, c.customer, c.status) <> (k.project, k.customer, k.status))
                    + (SELECT count(*) FROM connections c LEFT JOIN customers k ON k.connection = c.id
                        WHERE k.connection IS NULL AND c.id <= (SELECT value FROM meta WHERE name = 'indexed_up_to'))
                """));
    }

    private static async Task<List<string>> ListAsync(EmbeddedEngine engine, ConnectionQuery query)
    {
        var ids = new List<string>();
        do
        {
            var page = await engine.ListConnectionsAsync(query, None);
            ids.AddRange(page.Items.Select(row => row.CustomerId));
            query = query with { Cursor = page.NextCursor };
        }
        while (query.Cursor is not null);
        return ids;
    }

    [DllImport("e_sqlite3")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint sqlite3_wal_hook(nint database, CommittedHook hook, nint argument);
}
