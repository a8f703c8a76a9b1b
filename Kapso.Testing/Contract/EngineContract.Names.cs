using static Kapso.Testing.Contract.Stage;

namespace Kapso.Testing.Contract;

public abstract partial class EngineContract
{
    [Fact]
    public async Task What_a_customer_is_called_is_kept_and_shown_in_lists_and_told_to_whoever_sends()
    {
        await using var stage = await OpenAsync();
        stage.Welcomes.Answer = _ => Task.FromResult(EffectResult.Held("?"));
        await NameAsync(stage, Customer1, "own-1", "Maria Silva", "+55 64 99876-0001");
        await stage.UntilWelcomeAsync(Customer1, EffectStatus.Held);

        var called = new CustomerNames("own-1", "Maria Silva");
        Assert.Equal(called, (await stage.FindAsync(Customer1)).Names);
        var row = Assert.Single((await stage.Engine.ListConnectionsAsync(new ConnectionQuery(Project), CancellationToken.None)).Items);
        Assert.Equal(called, row.Names);
        Assert.Equal(["+55 64 99876-0001"], row.DisplayPhoneNumbers);
        Assert.Equal(called, Assert.Single((await stage.Engine.ListEffectsAsync(Project, EffectStatus.Held, null, 10, CancellationToken.None)).Items).Names);
        Assert.Equal(called, Assert.Single(stage.Welcomes.Calls).Customer);

        await stage.ObserveAsync(Customer1, ObservationKind.Created);
        await stage.RestartAsync();
        Assert.Equal(called, (await stage.FindAsync(Customer1)).Names);
        Assert.Equal(["customer-1"], await FindByOwnIdAsync(stage, "own-1"));
    }

    [Fact]
    public async Task A_number_to_be_looked_at_comes_with_what_it_and_its_customer_are_called()
    {
        await using var stage = await OpenAsync();
        await NameAsync(stage, Customer1, "own-1", "Maria", "+1 555-123-4567");
        await stage.ObserveAsync(Customer2, ObservationKind.Created);
        await stage.UntilAsync(Customer1, "the number is disputed", connection => connection.Numbers[0].DisputedAt is not null);

        var marked = Assert.Single((await stage.Engine.ListMarkedNumbersAsync(Project, NumberMark.Disputed, null, 10, CancellationToken.None)).Items);
        Assert.Equal((new CustomerNames("own-1", "Maria"), "+1 555-123-4567"), (marked.Names, marked.DisplayPhoneNumber));
    }

    [Fact]
    public async Task Names_that_come_by_themselves_make_a_customer_known()
    {
        await using var stage = await OpenAsync();
        var named = stage.News(ObservationKind.Named, null) with { Customer = new CustomerNames("own-1", "Maria") };
        Assert.Equal(Outcome.Applied, (await stage.Engine.ObserveAsync(Customer1, named, CancellationToken.None)).Outcome);
        Assert.Equal(Outcome.Duplicate, (await stage.Engine.ObserveAsync(Customer1, named, CancellationToken.None)).Outcome);

        Assert.Equal(ConnectionStatus.None, (await stage.FindAsync(Customer1)).Status);
        Assert.Equal(["customer-1"], await FindAsync(stage, "maria"));
        Assert.Equal(["customer-1"], await FindByOwnIdAsync(stage, "own-1"));
    }

    [Fact]
    public async Task Customers_are_found_by_all_that_they_are_called_page_by_page()
    {
        await using var stage = await OpenAsync();
        for (var i = 0; i < 12; i++)
            await NameAsync(stage, new CustomerKey(Project, $"c{i:00}"), $"Own-{i:00}", i % 2 == 0 ? $"Maria {i}" : $"ÁLVARO {i}", $"+55 64 99876-00{i:00}", $"7{i:00}");
        await NameAsync(stage, new CustomerKey("other", "c00"), "Own-00", "Maria 0", "+55 64 99876-0000");

        Assert.Equal(["c00", "c02", "c04", "c06", "c08", "c10"], await FindAsync(stage, "mARIA"));
        Assert.Equal(["c01", "c11"], await FindAsync(stage, "álvaro 1"));
        Assert.Equal(["c07"], await FindAsync(stage, "OWN-07"));
        Assert.Equal(["c10", "c11"], await FindAsync(stage, "own-1"));
        Assert.Equal(["c03"], await FindAsync(stage, "+55 64 99876-0003"));
        Assert.Equal(["c03"], await FindAsync(stage, "5564998760003"));
        Assert.Equal(["c03"], await FindAsync(stage, "0055 (64) 99876 0003"));
        Assert.Equal(["c03"], await FindAsync(stage, "99876-0003"));
        Assert.Equal(Enumerable.Range(0, 12).Select(i => $"c{i:00}"), await FindAsync(stage, "+55"));
        Assert.Equal(["c05"], await FindAsync(stage, "705"));
        Assert.Equal(["c05"], await FindAsync(stage, "C05"));
        Assert.Empty(await FindAsync(stage, "nobody"));
        Assert.Empty(await FindAsync(stage, "\u200f"));

        Assert.Equal(["c09"], await FindByOwnIdAsync(stage, "Own-09"));
        Assert.Empty(await FindByOwnIdAsync(stage, "own-09"));
        Assert.Empty(await FindByOwnIdAsync(stage, "Own-0"));
        Assert.Empty((await stage.Engine.ListConnectionsAsync(
            new ConnectionQuery(Project, ConnectionStatus.Gone) { OwnId = "Own-09" }, CancellationToken.None)).Items);
    }

    [Fact]
    public async Task Customers_with_one_own_id_are_listed_one_after_the_other()
    {
        await using var stage = await OpenAsync();
        foreach (var id in (string[])["c", "a", "b"])
            await NameAsync(stage, new CustomerKey(Project, id), "shared", "shared", "+1", $"7{id}");
        await NameAsync(stage, new CustomerKey(Project, "d"), "SHARED", "shared", "+1", "7d");

        var pages = await ReadAllAsync(cursor => stage.Engine.ListConnectionsAsync(
            new ConnectionQuery(Project, Cursor: cursor, Limit: 2) { OwnId = "shared" }, CancellationToken.None));
        Assert.Equal(["a", "b", "c"], pages.SelectMany(page => page).Select(row => row.CustomerId));
        Assert.Equal([2, 1], pages.Select(page => page.Count));
    }

    [Fact]
    public async Task What_a_customer_was_called_before_finds_them_no_more()
    {
        await using var stage = await OpenAsync();
        await NameAsync(stage, Customer1, "before", "Maria", "+1 555 100");
        await NameAsync(stage, Customer1, "after", "Ana", "+1 555 200");

        foreach (var gone in (string[])["before", "maria", "+1 555 1"])
            Assert.Empty(await FindAsync(stage, gone));
        foreach (var found in (string[])["after", "ana", "+1 555 2"])
            Assert.Equal(["customer-1"], await FindAsync(stage, found));
        Assert.Empty(await FindByOwnIdAsync(stage, "before"));
        Assert.Equal(["customer-1"], await FindByOwnIdAsync(stage, "after"));
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("a%2Fb")]
    [InlineData("https://example.org/x?y=1#z")]
    [InlineData("..")]
    [InlineData("Ünï code 😀")]
    [InlineData("شركة")]
    public async Task A_customers_id_can_hold_what_paths_are_made_of(string id)
    {
        await using var stage = await OpenAsync();
        var key = new CustomerKey(Project, id);
        await NameAsync(stage, key, id, id, "+1 555-123-4567");
        await stage.UntilWelcomeAsync(key, EffectStatus.Done);

        Assert.Equal(id, (await stage.FindAsync(key)).OwnId!.Value);
        Assert.Equal([id], await FindByOwnIdAsync(stage, id));
        Assert.Equal([id], await FindAsync(stage, id[..2]));
        Assert.Equal(key, await stage.Engine.FindByNumberAsync(Project, PhoneNumberId, CancellationToken.None));
        await stage.RestartAsync();
        Assert.Equal(id, (await stage.FindAsync(key)).Name!.Value);
    }

    private static Task<Receipt> NameAsync(
        Stage stage, CustomerKey key, string? ownId, string? name, string display, string phoneNumberId = PhoneNumberId) => stage.Engine.ObserveAsync(
        key,
        stage.News(ObservationKind.Created, phoneNumberId) with
        {
            Customer = new CustomerNames(ownId, name),
            Details = new NumberDetails { DisplayPhoneNumber = display },
        },
        CancellationToken.None);

    private static async Task<IReadOnlyList<string>> FindAsync(Stage stage, string text) => Ids(await ReadAllAsync(cursor =>
        stage.Engine.ListConnectionsAsync(new ConnectionQuery(Project, Text: text, Cursor: cursor, Limit: 2), CancellationToken.None)));

    private static async Task<IReadOnlyList<string>> FindByOwnIdAsync(Stage stage, string ownId) => Ids(await ReadAllAsync(cursor =>
        stage.Engine.ListConnectionsAsync(new ConnectionQuery(Project, Cursor: cursor) { OwnId = ownId }, CancellationToken.None)));

    private static IReadOnlyList<string> Ids(IEnumerable<IReadOnlyList<ConnectionRow>> pages) =>
        [.. pages.SelectMany(page => page).Select(row => row.CustomerId)];
}
