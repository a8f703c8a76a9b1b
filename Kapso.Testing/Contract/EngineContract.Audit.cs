using static Kapso.Testing.Contract.Stage;

namespace Kapso.Testing.Contract;

/// <summary>What people and keys did is written down before it is done, completed once, and changed by nothing else.</summary>
public abstract partial class EngineContract
{
    private const string Hash = "erased-5f2c";

    [Fact]
    public async Task A_line_of_the_audit_is_kept_before_the_act_and_completed_once()
    {
        await using var stage = await OpenAsync();
        var line = Line(stage, "link.issue", Customer1) with { Network = "203.0.113.0/24", TraceId = new string('a', 32) };
        await stage.Engine.AppendAuditAsync(line, CancellationToken.None);
        await stage.Engine.AppendAuditAsync(line with { Action = "effect.resend" }, CancellationToken.None);
        await stage.CrashAsync();
        Assert.Equal(line, Assert.Single(await AuditAsync(stage)));

        var end = new AuditEnd(AuditOutcome.Done, 201, Customer1.CustomerId, "lnk_1", "replace");
        Assert.True(await stage.Engine.CompleteAuditAsync(Project, line.Id, end, CancellationToken.None));
        Assert.False(await stage.Engine.CompleteAuditAsync(Project, line.Id, end with { Outcome = AuditOutcome.Refused, Target = "lnk_2" }, CancellationToken.None));
        await stage.Engine.AppendAuditAsync(line, CancellationToken.None);
        await stage.CrashAsync();

        var whole = line with { Outcome = AuditOutcome.Done, Status = 201, Target = "lnk_1", Detail = "replace" };
        Assert.Equal(whole, Assert.Single(await AuditAsync(stage)));
        Assert.Equal(stage.Now, whole.At);
    }

    [Fact]
    public async Task An_outcome_that_nobody_knows_is_one_and_a_line_that_is_not_kept_has_none()
    {
        await using var stage = await OpenAsync();
        var line = Line(stage, "customer.create");
        await stage.Engine.AppendAuditAsync(line, CancellationToken.None);
        Assert.True(await stage.Engine.CompleteAuditAsync(Project, line.Id, new(AuditOutcome.Unknown, 502), CancellationToken.None));
        Assert.False(await stage.Engine.CompleteAuditAsync(Project, line.Id, new(AuditOutcome.Done, 201), CancellationToken.None));
        Assert.Equal((AuditOutcome.Unknown, 502), (Assert.Single(await AuditAsync(stage)).Outcome, (await AuditAsync(stage))[0].Status));

        Assert.False(await stage.Engine.CompleteAuditAsync(null, line.Id, new(AuditOutcome.Done, 201), CancellationToken.None));
        Assert.False(await stage.Engine.CompleteAuditAsync(Project, AuditLine.NewId(stage.Now), new(AuditOutcome.Done, 200), CancellationToken.None));
        Assert.Single(await AuditAsync(stage));
    }

    [Fact]
    public async Task Lines_are_listed_newest_first_those_of_no_project_with_each()
    {
        await using var stage = await OpenAsync();
        var expected = new List<AuditLine>();
        for (var i = 0; i < 20; i++)
        {
            await stage.AdvanceAsync(TimeSpan.FromSeconds(1));
            var line = Line(stage, $"act.{i}") with { ProjectId = i % 3 == 0 ? null : Project };
            await stage.Engine.AppendAuditAsync(line, CancellationToken.None);
            await stage.Engine.AppendAuditAsync(Line(stage, "other.act") with { ProjectId = "other" }, CancellationToken.None);
            expected.Insert(0, line);
        }

        Assert.Equal(expected, await AuditAsync(stage));
        Assert.Equal(expected, await AuditAsync(stage, limit: 3));
        Assert.Equal(7, (await AuditAsync(stage, new AuditQuery("never heard of", null, 100))).Count);
        var first = await stage.Engine.ListAuditAsync(new AuditQuery(Project, null, 4), CancellationToken.None);
        Assert.Equal(expected.Take(4), first.Items);
        Assert.Equal(expected, (await stage.Engine.ListAuditAsync(new AuditQuery(Project, "no cursor", 100), CancellationToken.None)).Items);
    }

    [Fact]
    public async Task Each_filter_finds_its_lines_alone_and_with_others()
    {
        await using var stage = await OpenAsync();
        AuditActor[] actors = [AuditActor.ManagementKey, AuditActor.Person("operator-1"), AuditActor.Person("operator-2")];
        AuditOutcome[] outcomes = Enum.GetValues<AuditOutcome>();
        var all = new List<AuditLine>();
        for (var i = 0; i < 72; i++)
        {
            await stage.AdvanceAsync(TimeSpan.FromMilliseconds(1));
            all.Insert(0, Line(stage, i % 2 == 0 ? "link.issue" : "effect.resend", (i % 6) switch { 0 => Customer1, 1 => Customer2, _ => null }) with
            {
                By = actors[i % 3],
                Outcome = outcomes[i / 3 % outcomes.Length],
                Status = 200,
            });
            await stage.Engine.AppendAuditAsync(all[0], CancellationToken.None);
        }

        var any = new AuditQuery(Project, null, 5);
        AuditQuery[] queries =
        [
            any with { Action = "link.issue" }, any with { By = "operator-1" }, any with { By = "management key" }, any with { By = "nobody" },
            any with { CustomerId = Customer1.CustomerId }, any with { CustomerId = "customer-" }, any with { From = all[10].At },
            any with { Until = all[60].At }, any with { From = all[50].At, Until = all[20].At, Action = "effect.resend" },
            .. outcomes.Select(outcome => any with { Outcome = outcome }),
            .. outcomes.Select(outcome => any with { Outcome = outcome, By = "operator-2", From = all[40].At }),
            any with { CustomerId = Customer2.CustomerId, Action = "effect.resend", Outcome = AuditOutcome.Refused, Until = all[5].At },
        ];
        foreach (var query in queries)
            Assert.Equal(all.Where(query.Matches), await AuditAsync(stage, query));
    }

    [Fact]
    public async Task Lines_go_with_their_age_although_no_other_comes_and_no_sooner()
    {
        await using var stage = await Stage.OpenAsync(StartAsync, Plain, auditDays: 2);
        await stage.ObserveAsync(Customer1, ObservationKind.Created);
        await stage.Engine.AppendAuditAsync(Line(stage, "link.issue", Customer1), CancellationToken.None);
        await stage.Engine.AppendAuditAsync(Line(stage, "sign_in") with { ProjectId = null }, CancellationToken.None);
        await stage.AdvanceAsync(TimeSpan.FromDays(1));
        var young = Line(stage, "link.revoke", Customer1);
        await stage.Engine.AppendAuditAsync(young, CancellationToken.None);
        await stage.AdvanceAsync(TimeSpan.FromHours(23));
        await stage.FenceAsync();
        Assert.Equal(3, (await AuditAsync(stage)).Count);

        await stage.AdvanceAsync(TimeSpan.FromHours(2));
        await stage.EventuallyAsync("the old lines are pruned", async () => (await AuditAsync(stage)).Count == 1);
        Assert.Equal([young], await AuditAsync(stage));
        Assert.Equal([young], await AuditAsync(stage, new AuditQuery(Project, null, 10) { CustomerId = Customer1.CustomerId }));
    }

    [Fact]
    public async Task The_lines_of_an_erased_customer_keep_a_hash_in_place_of_ids_for_good()
    {
        await using var stage = await OpenAsync();
        var open = Line(stage, "link.issue", Customer1);
        await stage.Engine.AppendAuditAsync(open, CancellationToken.None);
        await stage.AdvanceAsync(TimeSpan.FromSeconds(1));
        var done = Line(stage, "customer.greet", Customer1) with { Target = PhoneNumberId, Detail = "asked by phone", Outcome = AuditOutcome.Done, Status = 200 };
        var others = Line(stage, "customer.greet", Customer2) with { Target = PhoneNumberId };
        var elsewhere = done with { Id = AuditLine.NewId(stage.Now), ProjectId = "other" };
        foreach (var line in (AuditLine[])[done, others, elsewhere])
            await stage.Engine.AppendAuditAsync(line, CancellationToken.None);

        await stage.Engine.RedactAuditAsync(Customer1, Hash, CancellationToken.None);
        await stage.Engine.RedactAuditAsync(Customer1, Hash, CancellationToken.None);
        await stage.CrashAsync();
        await stage.Engine.CompleteAuditAsync(Project, open.Id, new(AuditOutcome.Done, 201, Customer1.CustomerId, "lnk_1", "replace"), CancellationToken.None);

        AuditLine[] redacted =
        [
            done with { CustomerId = Hash, Target = Hash, Detail = null },
            open with { CustomerId = Hash, Outcome = AuditOutcome.Done, Status = 201 },
        ];
        Assert.Equal(redacted, await AuditAsync(stage, new AuditQuery(Project, null, 10) { CustomerId = Hash }));
        Assert.Empty(await AuditAsync(stage, new AuditQuery(Project, null, 10) { CustomerId = Customer1.CustomerId }));
        Assert.Equal([others], await AuditAsync(stage, new AuditQuery(Project, null, 10) { CustomerId = Customer2.CustomerId }));
        Assert.Equal([elsewhere], await AuditAsync(stage, new AuditQuery("other", null, 10)));
    }

    [Fact]
    public async Task A_customer_with_many_lines_is_erased_from_all_of_them()
    {
        await using var stage = await OpenAsync();
        const int Lines = 1_234;
        await Parallel.ForAsync(0, Lines, async (_, _) =>
            await stage.Engine.AppendAuditAsync(Line(stage, "link.issue", Customer1), CancellationToken.None));
        await stage.Engine.RedactAuditAsync(Customer1, Hash, CancellationToken.None);
        Assert.Equal(Lines, (await AuditAsync(stage, new AuditQuery(Project, null, 1_000) { CustomerId = Hash })).Count);
        Assert.Empty(await AuditAsync(stage, new AuditQuery(Project, null, 1_000) { CustomerId = Customer1.CustomerId }));
    }

    [Fact]
    public async Task What_is_rare_among_many_lines_is_found_page_by_page()
    {
        await using var stage = await OpenAsync();
        var rare = Line(stage, "store.accept");
        await stage.Engine.AppendAuditAsync(rare, CancellationToken.None);
        await stage.AdvanceAsync(TimeSpan.FromSeconds(1));
        await Parallel.ForAsync(0, 6_000, async (_, _) => await stage.Engine.AppendAuditAsync(
            Line(stage, "link.issue") with { Outcome = AuditOutcome.Done, Status = 201 }, CancellationToken.None));
        var query = new AuditQuery(Project, null, 10) { Action = "store.accept" };
        Assert.Equal([rare], await AuditAsync(stage, query));
        Assert.Equal([rare], await AuditAsync(stage, query with { By = "management key", Outcome = AuditOutcome.Unknown }));
        Assert.Empty(await AuditAsync(stage, query with { By = "management key", Outcome = AuditOutcome.Done }));
    }

    private static AuditLine Line(Stage stage, string action, CustomerKey? customer = null) => new()
    {
        Id = AuditLine.NewId(stage.Now),
        Action = action,
        By = AuditActor.ManagementKey,
        ProjectId = Project,
        CustomerId = customer?.CustomerId,
    };

    private static Task<List<AuditLine>> AuditAsync(Stage stage, int limit = 100) => AuditAsync(stage, new AuditQuery(Project, null, limit));

    /// <summary>All lines that are wanted, page by page.</summary>
    private static async Task<List<AuditLine>> AuditAsync(Stage stage, AuditQuery query)
    {
        var lines = new List<AuditLine>();
        string? cursor = null;
        do
        {
            var page = await stage.Engine.ListAuditAsync(query with { Cursor = cursor }, CancellationToken.None);
            Assert.True(page.Items.Count <= query.Limit);
            lines.AddRange(page.Items);
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        return lines;
    }
}
