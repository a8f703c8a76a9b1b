using Kapso.Connections.Webhooks;
using Kapso.Embedded.Transfer;
using Kapso.Engines.Sqlite;
using Kapso.Engines.Transfer;

namespace Kapso.Tests.Embedded;

public sealed class ExportTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Everything_that_is_kept_is_in_the_file()
    {
        using var store = new Store();
        var target = store.Path + ".jsonl";
        Connection first, second;
        await using (var engine = await store.StartAsync())
        {
            await engine.AddLinkAsync(
                Store.Customer("customer-1"), new SetupLink { Id = "link-1", State = "state-1", CreatedAt = DateTimeOffset.UtcNow }, None);
            await engine.ObserveAsync(Store.Customer("customer-1"), Store.Created("111111111111111"), None);
            await engine.ObserveAsync(Store.Customer("customer-1"), Store.Created("222222222222222"), None);
            await engine.ObserveAsync(Store.Customer("customer-2"), Store.Created("222222222222222"), None);
            await engine.ParkAsync(Store.Parked("parked-1", ParkedReason.UnknownCustomer), None);
            await engine.ParkAsync(Store.Parked("parked-2", ParkedReason.Malformed), None);
            await engine.ResolveParkedAsync(Store.Project, "parked-2", ParkedStatus.Discarded, None);
            await engine.HoldHintAsync(Store.Project, Hint("333333333333333"), None);
            await Wait.ForAsync(
                async () => await NothingToRelease(engine, "customer-1") && await NothingToRelease(engine, "customer-2"),
                "the previous owner to be told");
            first = (await engine.FindAsync(Store.Customer("customer-1"), None))!;
            second = (await engine.FindAsync(Store.Customer("customer-2"), None))!;
        }

        Assert.Equal(0, ExportCommand.Run(["--store", store.Path, "--out", target]));

        using var file = File.OpenRead(target);
        var items = TransferFile.Read(file).ToArray();
        var start = Assert.IsType<TransferStart>(items[0]);
        Assert.Equal(store.Query("SELECT value FROM meta WHERE name = 'first_start'"), start.FirstStart.ToUnixTimeMilliseconds());
        var customers = items.OfType<TransferredCustomer>().ToDictionary(item => item.Connection.Key.CustomerId);
        Assert.Equal(Stored(first), Stored(customers["customer-1"].Connection));
        Assert.Equal(Stored(second), Stored(customers["customer-2"].Connection));
        Assert.Equal(["111111111111111"], customers["customer-1"].Owns);
        Assert.Equal(["222222222222222"], customers["customer-2"].Owns);
        var parked = Assert.Single(items.OfType<TransferredParked>()).Delivery;
        Assert.Equal("parked-1", parked.Id);
        Assert.Equal("{}"u8.ToArray(), parked.Body.ToArray());
        Assert.Equal("333333333333333", Assert.Single(items.OfType<TransferredHint>()).Hint.PhoneNumberId);
        Assert.Equal(new TransferEnd(2, 1, 1), items[^1]);
    }

    [Fact]
    public async Task The_audit_is_in_the_file_unless_it_is_left_out_for_an_earlier_version()
    {
        using var store = new Store();
        var target = store.Path + ".jsonl";
        AuditLine[] lines = [.. ((string?[])[null, Store.Project, Store.Project]).Select(project => new AuditLine
        {
            Id = AuditLine.NewId(DateTimeOffset.UtcNow), Action = "test.act", By = AuditActor.ManagementKey, ProjectId = project, Outcome = AuditOutcome.Done, Status = 200,
        })];
        await using (var engine = await store.StartAsync())
        {
            foreach (var line in lines)
                await engine.AppendAuditAsync(line, None);
        }

        var (start, audit, end) = Export();
        Assert.Equal(TransferFile.Version, start.Version);
        Assert.Equal(lines.OrderBy(line => line.ProjectId is not null).ThenBy(line => line.Id, StringComparer.Ordinal), audit);
        Assert.Equal(new TransferEnd(0, 0, 0) { Audit = 3 }, end);

        (start, audit, end) = Export("--without-audit");
        Assert.Equal(TransferFile.FirstVersion, start.Version);
        Assert.Empty(audit);
        Assert.Equal(new TransferEnd(0, 0, 0), end);

        (TransferStart Start, IEnumerable<AuditLine> Audit, TransferEnd End) Export(params string[] more)
        {
            Assert.Equal(0, ExportCommand.Run(["--store", store.Path, "--out", target, .. more]));
            using var file = File.OpenRead(target);
            var items = TransferFile.Read(file).ToArray();
            return ((TransferStart)items[0], items.OfType<TransferredAudit>().Select(item => item.Line), (TransferEnd)items[^1]);
        }
    }

    [Fact]
    public async Task Receivers_are_in_the_file_before_the_customers()
    {
        using var store = new Store();
        var target = store.Path + ".jsonl";
        await using (var engine = await store.StartAsync())
        {
            await engine.ObserveAsync(Store.Customer("customer-1"), Store.Created("111111111111111"), None);
            await engine.SaveReceiversAsync(
                Store.Project,
                new ReceiverBook().With(new ReceiverEntry
                {
                    Id = "rcv_1",
                    Url = new Uri("https://app.example.com"),
                    CreatedAt = DateTimeOffset.UtcNow,
                    Secrets = [new ReceiverSecret(new BearerSecret("whsec_1"))],
                }),
                None);
        }

        Assert.Equal(0, ExportCommand.Run(["--store", store.Path, "--out", target, "--without-audit"]));
        using var file = File.OpenRead(target);
        var items = TransferFile.Read(file).ToArray();
        Assert.Equal(TransferFile.Version, Assert.IsType<TransferStart>(items[0]).Version);
        var (project, book) = Assert.IsType<TransferredReceivers>(items[1]);
        Assert.Equal((Store.Project, "rcv_1", "whsec_1"), (project, Assert.Single(book.Receivers).Id, book.Receivers[0].Secrets[0].Value.Reveal));
        Assert.IsType<TransferredCustomer>(items[2]);
    }

    [Fact]
    public async Task What_is_remembered_of_erased_customers_comes_first_and_an_unfinished_erasure_is_not_exported()
    {
        using var store = new Store();
        var (target, key) = (store.Path + ".jsonl", Store.Customer("customer-1"));
        await using (var engine = await store.StartAsync())
        {
            await engine.ObserveAsync(key, Store.Created("111111111111111"), None);
            await engine.EraseAsync(key, None);
        }

        Assert.Equal(0, ExportCommand.Run(["--store", store.Path, "--out", target]));
        using (var file = File.OpenRead(target))
        {
            var items = TransferFile.Read(file).ToArray();
            Assert.Equal(TransferFile.Version, Assert.IsType<TransferStart>(items[0]).Version);
            var secret = new ErasureKey(Assert.IsType<TransferredErasureKey>(items[1]).Key);
            var erasure = Assert.IsType<TransferredErasure>(items[2]).Erasure;
            Assert.Equal((secret.OfCustomer(key), true), (erasure.Hash, erasure.Mark.HasNumber(key, "111111111111111", secret)));
        }

        Assert.DoesNotContain("customer-1", await File.ReadAllTextAsync(target), StringComparison.Ordinal);
        store.Query("INSERT INTO erasing (project, customer, names) VALUES (1, 'customer-2', '{}')");
        Assert.NotEqual(0, ExportCommand.Run(["--store", store.Path, "--out", target + "2"]));
    }

    [Fact]
    public async Task A_store_in_use_is_not_exported()
    {
        using var store = new Store();
        await using var engine = await store.StartAsync();

        Assert.Equal(1, ExportCommand.Run(["--store", store.Path, "--out", store.Path + ".jsonl"]));

        Assert.False(File.Exists(store.Path + ".jsonl"));
    }

    [Fact]
    public void A_store_that_is_not_there_is_not_made()
    {
        using var store = new Store();

        Assert.Equal(1, ExportCommand.Run(["--store", store.Path, "--out", store.Path + ".jsonl"]));

        Assert.False(File.Exists(store.Path));
    }

    [Fact]
    public async Task The_file_is_readable_by_its_owner_only()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        using var store = new Store();
        await using (await store.StartAsync())
        {
        }

        Assert.Equal(0, ExportCommand.Run(["--store", store.Path, "--out", store.Path + ".jsonl"]));

#pragma warning disable CA1416 // skipped on Windows
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(store.Path + ".jsonl"));
#pragma warning restore CA1416
    }

    [Theory]
    [InlineData]
    [InlineData("--out")]
    [InlineData("--store", "kapso.db")]
    [InlineData("--into", "kapso.db")]
    public void What_it_does_not_understand_it_does_not_do(params string[] args) => Assert.Equal(2, ExportCommand.Run(args));

    private static string Stored(Connection connection) =>
        System.Text.Encoding.UTF8.GetString(Connections.Storage.ConnectionJson.Write(connection));

    private static Observation Hint(string phoneNumberId) => new()
    {
        Kind = ObservationKind.RedirectSucceeded,
        Source = Source.Redirect,
        Event = "redirect.success",
        PhoneNumberId = phoneNumberId,
        ReceivedAt = DateTimeOffset.UtcNow,
    };

    private static async Task<bool> NothingToRelease(EmbeddedEngine engine, string customer) =>
        (await engine.FindAsync(Store.Customer(customer), None))!.Outbox.All(effect => effect.Kind != EffectKind.Release);
}
