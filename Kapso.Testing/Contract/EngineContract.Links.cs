namespace Kapso.Testing.Contract;

public abstract partial class EngineContract
{
    private const string Phone = "+15551234567";

    [Fact]
    public async Task An_intent_is_kept_over_a_crash_and_found_by_its_state_and_invites_nobody()
    {
        await using var stage = await OpenAsync();
        var intent = stage.Link("one") with { Source = SetupLinkSource.Issued, IdempotencyKey = "key", Fingerprint = "a", Theme = new LinkTheme { Card = "#1c2833" } };
        Assert.Equal(LinkOutcome.Applied, (await ChangeAsync(stage, new IntendLink(intent, Replace: false))).Outcome);
        await stage.CrashAsync();

        Assert.Equal(Stage.Customer1, await stage.Engine.FindByStateAsync(intent.State, CancellationToken.None));
        Assert.Equal(ConnectionStatus.None, (await stage.FindAsync(Stage.Customer1)).Status);
        Assert.Equal(intent.Theme, Assert.Single((await stage.FindAsync(Stage.Customer1)).SetupLinks).Theme);
        var other = stage.Link("two") with { Source = SetupLinkSource.Issued };
        Assert.Equal(LinkOutcome.InProgress, (await ChangeAsync(stage, new IntendLink(other, Replace: true))).Outcome);
        var again = await ChangeAsync(stage, new IntendLink(other with { IdempotencyKey = "key", Fingerprint = "a" }, Replace: false));
        Assert.Equal((LinkOutcome.AlreadySo, "one"), (again.Outcome, again.Link!.Id));
    }

    [Fact]
    public async Task An_issued_link_is_found_by_the_platforms_id_and_its_url_is_kept_until_it_is_used()
    {
        await using var stage = await OpenAsync();
        var issued = await IssueAsync(stage, Stage.Customer1, "one");
        Assert.Equal("https://setup.example/one", issued.Url?.Reveal);
        Assert.Equal(Stage.Customer1, await stage.Engine.FindByLinkAsync(Stage.Project, "platform-one", CancellationToken.None));
        Assert.Equal(ConnectionStatus.Invited, (await stage.FindAsync(Stage.Customer1)).Status);

        await ChangeAsync(stage, new FoldLinks([Listed("one") with { Status = "used", SetupStatus = "completed" }], true, stage.Now));
        await stage.CrashAsync();
        var link = Assert.Single((await stage.FindAsync(Stage.Customer1)).SetupLinks);
        Assert.Equal((SetupLinkStatus.Completed, null, null), (link.Status, link.Url, link.Token));
    }

    [Fact]
    public async Task Open_links_are_listed_for_a_check_the_one_checked_longest_ago_first()
    {
        await using var stage = await OpenAsync();
        foreach (var customer in new[] { "a", "b", "c" })
        {
            await IssueAsync(stage, new CustomerKey(Stage.Project, customer), customer);
            await stage.AdvanceAsync(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(["a", "b", "c"], await ToCheckAsync(stage, 10));
        Assert.Equal(["a", "b"], await ToCheckAsync(stage, 2));
        await ChangeAsync(stage, new FoldLinks([Listed("a")], true, stage.Now), "a");
        Assert.Equal(["b", "c", "a"], await ToCheckAsync(stage, 10));
        await ChangeAsync(stage, new FoldLinks([Listed("b") with { Status = "expired" }], true, stage.Now), "b");
        await ChangeAsync(stage, new RevokeLink("c"), "c");
        await stage.CrashAsync();
        Assert.Equal(["a"], await ToCheckAsync(stage, 1));
        Assert.Equal(["a"], await ToCheckAsync(stage, 10));
        Assert.Empty(await stage.Engine.ListLinksToCheckAsync("another", 10, CancellationToken.None));
    }

    [Fact]
    public async Task A_link_that_was_replaced_is_checked_until_the_platform_says_what_became_of_it()
    {
        await using var stage = await OpenAsync();
        await IssueAsync(stage, Stage.Customer1, "one");
        await IssueAsync(stage, Stage.Customer1, "two", replace: true);
        await ChangeAsync(stage, new RevokeLink("two"));
        await stage.CrashAsync();
        Assert.Equal([Stage.Customer1.CustomerId], await ToCheckAsync(stage, 10));

        var used = Listed("one") with { Status = "used", SetupStatus = "completed" };
        await ChangeAsync(stage, new FoldLinks([Listed("two") with { Status = "revoked" }, used], true, stage.Now));
        await stage.CrashAsync();
        Assert.Equal(
            [SetupLinkStatus.Completed, SetupLinkStatus.Revoked],
            (await stage.FindAsync(Stage.Customer1)).SetupLinks.Select(link => link.Status));
        Assert.Empty(await ToCheckAsync(stage, 10));
    }

    [Fact]
    public async Task A_contact_phone_makes_the_welcome_due_that_died_for_want_of_one()
    {
        await using var stage = await OpenAsync();
        stage.Welcomes.Answer = _ => Task.FromResult(new EffectResult { Kind = EffectResultKind.Dead, Error = "nobody", NoRecipient = true });
        await stage.ObserveAsync(Stage.Customer1, ObservationKind.Created);
        await stage.UntilWelcomeAsync(Stage.Customer1, EffectStatus.Dead);

        stage.Welcomes.Answer = _ => Task.FromResult(EffectResult.Done);
        await stage.Engine.SetContactPhoneAsync(Stage.Customer1, Phone, CancellationToken.None);
        await stage.UntilWelcomeAsync(Stage.Customer1, EffectStatus.Done);
        Assert.Equal(2, stage.Welcomes.Calls.Count);
        Assert.Equal(Phone, stage.Welcomes.Calls[^1].Effect.Recipient);
        Assert.Equal(Outcome.Duplicate, (await stage.Engine.SetContactPhoneAsync(Stage.Customer1, Phone, CancellationToken.None)).Outcome);
        Assert.Empty((await stage.Engine.ListEffectsAsync(Stage.Project, EffectStatus.Dead, null, 10, CancellationToken.None)).Items);
    }

    private static ListedLink Listed(string id) => new()
    {
        PlatformId = "platform-" + id,
        LinkId = id,
        Status = "active",
        SetupStatus = "pending",
        Url = new BearerSecret("https://setup.example/" + id),
    };

    private static Task<LinkReceipt> ChangeAsync(Stage stage, LinkChange change, string? customer = null) =>
        stage.Engine.ChangeLinkAsync(
            customer is null ? Stage.Customer1 : new CustomerKey(Stage.Project, customer), change, CancellationToken.None);

    private static async Task<SetupLink> IssueAsync(Stage stage, CustomerKey key, string id, bool replace = false)
    {
        var intent = new IntendLink(stage.Link(id) with { Source = SetupLinkSource.Issued }, replace);
        await stage.Engine.ChangeLinkAsync(key, intent, CancellationToken.None);
        var receipt = await stage.Engine.ChangeLinkAsync(
            key, new IssueLink(id, Listed(id), new BearerSecret("token-" + id)), CancellationToken.None);
        return receipt.Link!;
    }

    private static async Task<IEnumerable<string>> ToCheckAsync(Stage stage, int limit) =>
        (await stage.Engine.ListLinksToCheckAsync(Stage.Project, limit, CancellationToken.None)).Select(row => row.CustomerId);
}
