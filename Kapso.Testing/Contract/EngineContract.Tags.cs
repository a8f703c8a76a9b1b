using static Kapso.Testing.Contract.Stage;

namespace Kapso.Testing.Contract;

public abstract partial class EngineContract
{
    [Fact]
    public async Task What_the_company_calls_and_marks_a_customer_with_is_kept_shown_in_lists_and_told()
    {
        await using var stage = await OpenAsync();
        Assert.Equal(Outcome.Applied, (await MarkAsync(stage, Customer1, ("plan", "pro"), ("région", "eu, 100 %"))).Outcome);
        Assert.Equal(Outcome.Duplicate, (await MarkAsync(stage, Customer1, ("plan", "pro"))).Outcome);
        await stage.Engine.ChangeCustomerAsync(
            Customer1, new CustomerChange { OwnId = new GivenText("mine"), Name = new GivenText("Mine") }, "operator-1", CancellationToken.None);
        stage.Welcomes.Answer = _ => Task.FromResult(EffectResult.Held("?"));
        await NameAsync(stage, Customer1, "told", "Told", "+55 64 99876-0001");
        await stage.UntilWelcomeAsync(Customer1, EffectStatus.Held);

        await stage.RestartAsync();
        var called = (await stage.FindAsync(Customer1)).Names!;
        Assert.Equal(("mine", "Mine"), (called.OwnId, called.Name));
        Assert.Equal(["plan:pro", "région:eu, 100 %"], called.Tags!.All);
        Assert.Equal(called, Assert.Single((await stage.Engine.ListConnectionsAsync(new ConnectionQuery(Project), CancellationToken.None)).Items).Names);
        Assert.Equal(called, Assert.Single((await stage.Engine.ListEffectsAsync(Project, EffectStatus.Held, null, 10, CancellationToken.None)).Items).Names);
        Assert.Equal(called, Assert.Single(stage.Welcomes.Calls).Customer);
        Assert.Equal(["customer-1"], await FindByOwnIdAsync(stage, "mine"));
        Assert.Empty(await FindByOwnIdAsync(stage, "told"));
        Assert.Equal(["customer-1"], await FindAsync(stage, "mine"));
    }

    [Fact]
    public async Task Customers_are_listed_by_their_tags_page_by_page_with_status_and_text()
    {
        await using var stage = await OpenAsync();
        for (var i = 0; i < 9; i++)
        {
            var key = new CustomerKey(Project, $"c{i}");
            if (i % 3 == 0)
                await NameAsync(stage, key, $"own-{i}", i == 6 ? "Ana" : "Bea", $"+1 555 20{i}", $"7{i}");
            await MarkAsync(stage, key, ("plan", i % 2 == 0 ? "pro" : "free"), ("seat", $"{i}"), ("all", "yes"));
        }

        await MarkAsync(stage, new CustomerKey("other", "c0"), ("plan", "pro"));
        await MarkAsync(stage, new CustomerKey(Project, "c4"), ("plan", null));

        Assert.Equal(["c0", "c2", "c6", "c8"], await TaggedAsync(stage, new ConnectionQuery(Project), "plan:pro"));
        Assert.Equal(["c1", "c3", "c5", "c7"], await TaggedAsync(stage, new ConnectionQuery(Project), "plan:free"));
        Assert.Equal(["c6"], await TaggedAsync(stage, new ConnectionQuery(Project), "plan:pro", "seat:6", "all:yes"));
        Assert.Equal(["c0", "c6"], await TaggedAsync(stage, new ConnectionQuery(Project, ConnectionStatus.Connected), "plan:pro"));
        Assert.Equal(["c6"], await TaggedAsync(stage, new ConnectionQuery(Project, Text: "ana"), "plan:pro"));
        Assert.Equal(["c6"], await TaggedAsync(stage, new ConnectionQuery(Project, Text: "76"), "all:yes"));
        Assert.Equal(["c3"], await TaggedAsync(stage, new ConnectionQuery(Project) { OwnId = "own-3" }, "plan:free"));
        Assert.Empty(await TaggedAsync(stage, new ConnectionQuery(Project) { OwnId = "own-3" }, "plan:pro"));
        foreach (var nobodys in (string[])["plan:pr", "plan:PRO", "plan:pro2", "pla:n:pro", "seat:4:4"])
            Assert.Empty(await TaggedAsync(stage, new ConnectionQuery(Project), nobodys));
    }

    [Fact]
    public async Task Effects_that_wait_for_a_person_are_listed_by_tags_and_the_work_for_a_page_is_bounded()
    {
        await using var stage = await OpenAsync();
        stage.Welcomes.Answer = _ => Task.FromResult(EffectResult.Dead("no"));
        for (var i = 0; i < TaggedLists.MaxReads + 2; i++)
        {
            var key = new CustomerKey(Project, $"c{i:00}");
            await MarkAsync(stage, key, ("plan", i % 4 == 0 ? "pro" : "free"), ("seat", $"{i}"));
            await stage.ObserveAsync(key, ObservationKind.Created, $"7{i}");
            await stage.UntilWelcomeAsync(key, EffectStatus.Dead, $"7{i}");
        }

        Assert.Equal(["c00", "c04", "c08"], (await ListAsync(2, "plan:pro")).SelectMany(page => page));
        Assert.Equal(["c04"], (await ListAsync(2, "plan:pro", "seat:4")).SelectMany(page => page));
        Assert.Equal(TaggedLists.MaxReads + 2, (await ListAsync(100)).Single().Count());
        Assert.Empty((await ListAsync(100, "plan:p")).Single());
        Assert.Equal([[], ["c11"]], await ListAsync(1, "seat:11"));

        async Task<IEnumerable<IEnumerable<string>>> ListAsync(int limit, params string[] tags) => (await ReadAllAsync(cursor =>
            stage.Engine.ListEffectsAsync(Project, EffectStatus.Dead, tags, cursor, limit, CancellationToken.None)))
            .Select(page => page.Select(row => row.CustomerId));
    }

    [Fact]
    public async Task Numbers_to_be_looked_at_are_listed_by_tags()
    {
        await using var stage = await OpenAsync();
        foreach (var (key, number) in new[] { (Customer1, "1"), (Customer2, "2") })
        {
            await MarkAsync(stage, key, ("plan", "pro"), ("seat", number));
            await stage.ObserveAsync(key, ObservationKind.Created, number);
            await stage.AdvanceAsync(TimeSpan.FromSeconds(1));
            await stage.ObserveAsync(new CustomerKey(Project, "another"), ObservationKind.Created, number);
            await stage.UntilAsync(key, "the number is disputed", connection => connection.Numbers[0].DisputedAt is not null);
        }

        await stage.EventuallyAsync("both are listed", async () => (await ListAsync("plan:pro")).SequenceEqual(["1", "2"]));
        Assert.Equal(["2"], await ListAsync("seat:2", "plan:pro"));
        Assert.Empty(await ListAsync("plan:free"));

        async Task<IEnumerable<string>> ListAsync(params string[] tags) => (await ReadAllAsync(cursor =>
            stage.Engine.ListMarkedNumbersAsync(Project, NumberMark.Disputed, tags, cursor, 1, CancellationToken.None)))
            .SelectMany(page => page).Select(row => row.PhoneNumberId).Order();
    }

    [Fact]
    public async Task More_tags_than_a_customer_may_have_write_nothing()
    {
        await using var stage = await OpenAsync();
        await MarkAsync(stage, Customer1, [.. Enumerable.Range(0, CustomerTags.MaxCount).Select(i => ($"k{i}", (string?)"v"))]);

        Assert.Equal(Outcome.Full, (await MarkAsync(stage, Customer1, ("one", "more"))).Outcome);
        Assert.Equal(CustomerTags.MaxCount, (await stage.FindAsync(Customer1)).Tags!.ByKey.Count);
        Assert.Empty(await TaggedAsync(stage, new ConnectionQuery(Project), "one:more"));
    }

    private static Task<Receipt> MarkAsync(Stage stage, CustomerKey key, params (string Key, string? Value)[] tags) => stage.Engine.ChangeCustomerAsync(
        key, new CustomerChange { Tags = tags.ToDictionary(tag => tag.Key, tag => tag.Value) }, by: null, CancellationToken.None);

    private static async Task<IReadOnlyList<string>> TaggedAsync(Stage stage, ConnectionQuery query, params string[] tags) => Ids(await ReadAllAsync(cursor =>
        stage.Engine.ListConnectionsAsync(query with { Tags = tags, Cursor = cursor, Limit = 2 }, CancellationToken.None)));
}
