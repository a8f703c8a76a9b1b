using Kapso.Engines.Sqlite.Writing;

namespace Kapso.Tests.Embedded;

public sealed class StoreTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly Store _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task The_writer_flushes_every_commit()
    {
        long? synchronous = null;
        string? journal = null;
        _store.Options.BeforeBatch = connection =>
        {
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA synchronous";
            synchronous = (long)command.ExecuteScalar()!;
            command.CommandText = "PRAGMA journal_mode";
            journal = (string)command.ExecuteScalar()!;
        };
        await using var engine = await _store.StartAsync();

        await engine.ObserveAsync(Store.Customer("c1"), Store.Created("1001"), None);

        Assert.Equal((2L, "wal"), (synchronous, journal));
    }

    [Fact]
    public async Task A_new_store_has_the_current_schema_and_keeps_its_first_start()
    {
        await (await _store.StartAsync()).DisposeAsync();
        var first = _store.Query("SELECT value FROM meta WHERE name = 'first_start'");
        await (await _store.StartAsync()).DisposeAsync();

        Assert.Equal((long)Schema.Version, _store.Query("PRAGMA user_version"));
        Assert.Equal(first, _store.Query("SELECT value FROM meta WHERE name = 'first_start'"));
    }

    [Fact]
    public async Task A_store_of_the_first_version_is_brought_up_to_date_with_all_that_is_in_it()
    {
        await using (var engine = await _store.StartAsync())
        {
            await engine.ObserveAsync(Store.Customer("c1"), Store.Created("1001"), None);
            await engine.ObserveAsync(Store.Customer("c2"), Store.Created("1001"), None);
            await Wait.ForAsync(
                async () => (await engine.FindAsync(Store.Customer("c1"), None))!.Numbers[0].DisputedAt is not null,
                "the previous owner to be told");
        }

        foreach (var table in (string[])["reconciliations", "link_checks", "counts", "marked_numbers", "customers", "words", "audit", "receivers", "failing_receivers", "messages", "secrets", "erasures", "erasing", "webhooks"])
            _store.Query($"DROP TABLE {table}");
        _store.Query("DELETE FROM meta WHERE name = 'indexed_up_to'");
        _store.Query("CREATE INDEX connections_by_customer ON connections (project, customer, status)");
        _store.Query("PRAGMA user_version=1");

        await using var later = await _store.StartAsync();

        Assert.Equal((long)Schema.Version, _store.Query("PRAGMA user_version"));
        Assert.NotNull(await later.FindAsync(Store.Customer("c1"), None));
        Assert.Equal(
            new MarkedNumber("c1", "1001"),
            Assert.Single((await later.ListMarkedNumbersAsync(Store.Project, NumberMark.Disputed, null, 10, None)).Items));
        Assert.True(await later.SaveReconciliationAsync(Store.Customer("c1").ProjectId, new() { Version = 1 }, None));
    }

    [Fact]
    public async Task What_customers_are_found_by_is_filled_in_where_an_earlier_version_wrote_them()
    {
        var names = new CustomerNames("Own-1", "Maria Silva");
        await using (var engine = await _store.StartAsync())
        {
            await engine.ObserveAsync(
                Store.Customer("C1"),
                Store.Created("1001") with { Customer = names, Details = new NumberDetails { DisplayPhoneNumber = "+55 64 99876-0001" } }, None);
            await engine.ObserveAsync(Store.Customer("c2"), Store.Created("1002"), None);
        }

        _store.Query("DROP TABLE words");
        foreach (var table in (string[])["audit", "receivers", "failing_receivers", "messages", "secrets", "erasures", "erasing", "webhooks"])
            _store.Query($"DROP TABLE {table}");
        _store.Query("UPDATE connections SET record = CAST('{' AS BLOB) WHERE customer = 'c2'"); // It hides no other.
        _store.Query("PRAGMA user_version=6");
        await using var later = await _store.StartAsync();

        Assert.Equal((long)Schema.Version, _store.Query("PRAGMA user_version"));
        foreach (var text in (string[])["maria", "own-1", "5564998760001", "c1"])
        {
            var page = await later.ListConnectionsAsync(new ConnectionQuery(Store.Project, Text: text), None);
            Assert.Equal(("C1", names), Assert.Single(page.Items.Select(row => (row.CustomerId, row.Names))));
        }
    }

    [Fact]
    public async Task A_store_of_a_newer_version_is_refused()
    {
        await (await _store.StartAsync()).DisposeAsync();
        _store.Query($"PRAGMA user_version={Schema.Version + 1}");

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => _store.StartAsync());

        Assert.Contains($"has schema version {Schema.Version + 1}", refused.Message, StringComparison.Ordinal);
        _store.Query($"PRAGMA user_version={Schema.Version}");
        await (await _store.StartAsync()).DisposeAsync(); // The lock was let go of.
    }

    [Fact]
    public async Task A_second_engine_on_the_same_file_is_refused_until_the_first_stops()
    {
        var first = await _store.StartAsync();

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => _store.StartAsync());
        Assert.Contains("is in use", refused.Message, StringComparison.Ordinal);

        await first.DisposeAsync();
        await (await _store.StartAsync()).DisposeAsync();
    }

    [Fact]
    public async Task Only_the_owner_can_read_the_file()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "File modes are a thing of Unix.");
        await using var engine = await _store.StartAsync();
        await engine.ObserveAsync(Store.Customer("c1"), Store.Created("1001"), None);

        foreach (var file in new[] { _store.Path, _store.Path + "-wal" })
#pragma warning disable CA1416 // Skipped above.
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
#pragma warning restore CA1416
    }

    [Fact]
    public async Task What_was_written_is_read_again_after_a_restart()
    {
        var link = new SetupLink { Id = "l1", PlatformId = "p1", State = "s1", CreatedAt = DateTimeOffset.UtcNow };
        await using (var first = await _store.StartAsync())
        {
            await first.AddLinkAsync(Store.Customer("c1"), link, None);
            await first.ObserveAsync(Store.Customer("c1"), Store.Created("1001"), None);
        }

        await using var engine = await _store.StartAsync();

        Assert.Equal(Store.Customer("c1"), await engine.FindByStateAsync("s1", None));
        Assert.Equal(Store.Customer("c1"), await engine.FindByLinkAsync(Store.Project, "p1", None));
        Assert.Equal(Store.Customer("c1"), await engine.FindByNumberAsync(Store.Project, "1001", None));
        Assert.Equal(ConnectionStatus.Connected, (await engine.FindAsync(Store.Customer("c1"), None))!.Status);
        Assert.Equal(1, (await engine.CheckAsync(None)).OutboxWaiting);
    }

    [Fact]
    public async Task The_log_begins_anew_while_deliveries_keep_coming()
    {
        _store.Options.CheckpointPages = 50;
        await using var engine = await _store.StartAsync();

        // Each commit waits for the one before: as many transactions as there are deliveries.
        for (var i = 0; i < 1_000; i++)
            await engine.ObserveAsync(Store.Customer($"c{i}"), Store.Created($"{100_000 + i}"), None);

        var log = new FileInfo(_store.Path + "-wal").Length / 4_096;
        Assert.True(log < 1_500, $"1,000 commits left {log} pages in the log, which was to be copied every 50.");
        Assert.Equal(1_000L, _store.Query("SELECT count(*) FROM connections"));
        Assert.Equal("ok", _store.Query("PRAGMA integrity_check"));
    }

    [Fact]
    public async Task SQLite_keeps_its_locks_on_the_store_while_the_log_is_copied_and_flushed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Locks are read from /proc.");
        _store.Options.CheckpointPages = 10;
        await using var engine = await _store.StartAsync();

        for (var i = 0; i < 200; i++)
        {
            await engine.ObserveAsync(Store.Customer($"c{i}"), Store.Created($"{100_000 + i}"), None);
            Assert.True(IsLocked(_store.Path), $"After {i + 1} commits this process has no lock on the store.");
        }

        static bool IsLocked(string path) => Directory.EnumerateFiles("/proc/self/fd").Any(
            file => new FileInfo(file).LinkTarget == path
                && File.ReadAllText(file.Replace("/fd/", "/fdinfo/", StringComparison.Ordinal)).Contains("POSIX", StringComparison.Ordinal));
    }
}
