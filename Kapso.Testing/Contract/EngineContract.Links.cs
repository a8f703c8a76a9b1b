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
    public async Task A_failure_of_a_setup_that_is_being_checked_counts_and_is_told_when_the_hint_is_refused()
    {
        await using var stage = await OpenAsync(WithApi);
        stage.Confirms.Answer = _ => Task.FromResult(EffectResult.Retry("later"));
        await stage.Engine.AddLinkAsync(Stage.Customer1, stage.Link("link"), CancellationToken.None);
        var success = stage.News(ObservationKind.RedirectSucceeded) with { State = "state-link" };
        await stage.Engine.ObserveAsync(Stage.Customer1, success, CancellationToken.None);
        Assert.Equal(Outcome.Noted, (await stage.Engine.ObserveAsync(Stage.Customer1, Failure(stage, "already_used"), CancellationToken.None)).Outcome);
        await stage.CrashAsync();

        var waiting = Assert.Single((await stage.FindAsync(Stage.Customer1)).SetupLinks);
        Assert.Equal("already_used", waiting.PendingFailure);
        Assert.Empty(waiting.ErrorCodes);
        Assert.DoesNotContain(stage.Notifies.Calls, call => call.Effect.NotifyType == NotifyType.SetupFailed);

        await stage.AdvanceAsync(TimeSpan.FromMinutes(10));
        await UntilFailuresAsync(stage);
        await stage.ObserveAsync(Stage.Customer1, ObservationKind.ApiAbsent);
        await stage.EventuallyAsync(
            "the failure is told", () => stage.Notifies.Calls.Any(call => call.Effect is { NotifyType: NotifyType.SetupFailed, Detail: "already_used" }));
        Assert.Equal(ConnectionStatus.Failed, (await stage.FindAsync(Stage.Customer1)).Status);
        await UntilFailuresAsync(stage, ("already_used", 1));
    }

    [Fact]
    public async Task A_failure_of_a_setup_that_succeeded_is_none()
    {
        await using var stage = await OpenAsync();
        await stage.Engine.AddLinkAsync(Stage.Customer1, stage.Link("link"), CancellationToken.None);
        await stage.Engine.ObserveAsync(Stage.Customer1, stage.News(ObservationKind.RedirectSucceeded) with { State = "state-link" }, CancellationToken.None);
        await stage.Engine.ObserveAsync(Stage.Customer1, Failure(stage, "already_used"), CancellationToken.None);
        await stage.ObserveAsync(Stage.Customer1, ObservationKind.Created);
        await stage.Engine.ObserveAsync(Stage.Customer1, Failure(stage, "link_expired"), CancellationToken.None);
        await stage.UntilOutboxIsEmptyAsync(Stage.Customer1);

        var link = Assert.Single((await stage.FindAsync(Stage.Customer1)).SetupLinks);
        Assert.Equal((SetupLinkStatus.Completed, null), (link.Status, link.PendingFailure));
        Assert.Empty(link.ErrorCodes);
        await UntilFailuresAsync(stage);
        Assert.DoesNotContain(stage.Notifies.Calls, call => call.Effect.NotifyType == NotifyType.SetupFailed);
    }

    [Fact]
    public async Task With_a_key_a_browser_ends_no_link_that_the_platform_lists_as_active()
    {
        await using var stage = await OpenAsync(WithApi);
        await IssueAsync(stage, Stage.Customer1, "one");
        await stage.Engine.ObserveAsync(Stage.Customer1, Failure(stage, "link_expired", "one"), CancellationToken.None);
        await stage.Engine.ObserveAsync(
            Stage.Customer1, stage.News(ObservationKind.RedirectSucceeded, null) with { State = "state-one" }, CancellationToken.None);
        await stage.CrashAsync();

        var link = Assert.Single((await stage.FindAsync(Stage.Customer1)).SetupLinks);
        Assert.Equal((SetupLinkStatus.Live, "https://setup.example/one"), (link.Status, link.Url?.Reveal));
        Assert.Equal([Stage.Customer1.CustomerId], await ToCheckAsync(stage, 10));
        Assert.DoesNotContain(stage.Notifies.Calls, call => call.Effect.NotifyType == NotifyType.SetupFailed);

        await ChangeAsync(stage, new FoldLinks([Listed("one") with { Status = "expired" }], true, stage.Now));
        await stage.EventuallyAsync(
            "the failure is told", () => stage.Notifies.Calls.Any(call => call.Effect is { NotifyType: NotifyType.SetupFailed, Detail: "link_expired" }));
        await UntilFailuresAsync(stage, ("link_expired", 1));
    }

    [Fact]
    public async Task Without_a_key_a_hint_lapses_after_a_day()
    {
        await using var stage = await OpenAsync();
        await stage.ObserveAsync(Stage.Customer1, ObservationKind.RedirectSucceeded);
        await stage.CrashAsync();
        await stage.AdvanceAsync(TimeSpan.FromHours(24));

        await stage.UntilAsync(Stage.Customer1, "the hint has lapsed", connection => connection.Status == ConnectionStatus.Refused);
        await stage.UntilOutboxIsEmptyAsync(Stage.Customer1);
        Assert.Contains(stage.Notifies.Calls, call => call.Effect is { NotifyType: NotifyType.Attention, Detail: "refused" });
        Assert.Empty(stage.Confirms.Calls);

        await stage.ObserveAsync(Stage.Customer1, ObservationKind.Created);
        await stage.UntilWelcomeAsync(Stage.Customer1, EffectStatus.Done);
    }

    [Fact]
    public async Task A_success_that_names_no_number_lapses_after_a_day()
    {
        await using var stage = await OpenAsync();
        await stage.Engine.AddLinkAsync(Stage.Customer1, stage.Link("link"), CancellationToken.None);
        await stage.Engine.ObserveAsync(
            Stage.Customer1, stage.News(ObservationKind.RedirectSucceeded, null) with { State = "state-link" }, CancellationToken.None);
        await stage.CrashAsync();
        await stage.AdvanceAsync(TimeSpan.FromHours(24));

        await stage.UntilAsync(Stage.Customer1, "the success has lapsed", connection => connection.Status == ConnectionStatus.Refused);
        await stage.UntilOutboxIsEmptyAsync(Stage.Customer1);
        await stage.FenceAsync();
        Assert.Single(stage.Notifies.Calls, call => call.Effect is { NotifyType: NotifyType.Attention, Detail: "refused" });
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

    private static Observation Failure(Stage stage, string code, string link = "link") =>
        stage.News(ObservationKind.SetupFailed, null) with { State = "state-" + link, ErrorCode = code };

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
