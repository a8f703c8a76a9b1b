using Kapso.Connections;
using Kapso.Connections.Engine;
using static Kapso.Tests.Engines.Contract.Stage;

namespace Kapso.Tests.Engines.Contract;

public abstract partial class EngineContract
{
    [Fact]
    public async Task A_number_that_another_customer_proves_is_theirs_and_the_first_is_told()
    {
        await using var stage = await OpenAsync();
        await stage.ObserveAsync(Ann, ObservationKind.Created);
        Assert.Equal(Ann, await stage.Engine.FindByNumberAsync(Project, PhoneNumberId, CancellationToken.None));

        await stage.ObserveAsync(Bob, ObservationKind.Created);
        Assert.Equal(Bob, await stage.Engine.FindByNumberAsync(Project, PhoneNumberId, CancellationToken.None));
        await stage.UntilAsync(Ann, "Ann's number is disputed", connection => connection.Numbers[0].DisputedAt is not null);
        await stage.UntilOutboxIsEmptyAsync(Bob);
        await stage.UntilOutboxIsEmptyAsync(Ann);

        Assert.Equal(NumberStatus.Connected, (await stage.NumberAsync(Ann)).Status);
        Assert.Null((await stage.NumberAsync(Bob)).DisputedAt);
        Assert.Equal([Ann.CustomerId, Bob.CustomerId], stage.Welcomes.Calls.Select(call => call.Key.CustomerId).Order());
        Assert.Equal(NotifyType.Attention, stage.Notifies.CallsFor(Ann)[^1].NotifyType);
    }

    [Fact]
    public async Task With_an_API_key_the_platform_is_asked_about_a_number_that_is_claimed_elsewhere()
    {
        await using var stage = await OpenAsync(WithApi);
        stage.Confirms.Answer = claimed => Task.FromResult(EffectResult.Done with
        {
            Answer = stage.News(
                claimed.Key == Ann ? ObservationKind.ApiAbsent : ObservationKind.ApiConnected, claimed.Effect.PhoneNumberId),
        });
        await stage.ObserveAsync(Ann, ObservationKind.Created);
        await stage.ObserveAsync(Bob, ObservationKind.Created);
        await stage.UntilAsync(Ann, "Ann's first absence", connection => connection.Numbers[0].AbsentAt is not null);
        await stage.AdvanceAsync(TimeSpan.FromMinutes(2));
        await stage.UntilAsync(Ann, "Ann's number is gone", connection => connection.Numbers[0].Status == NumberStatus.Gone);
        Assert.Equal(NumberStatus.Connected, (await stage.NumberAsync(Bob)).Status);
        Assert.Equal(Bob, await stage.Engine.FindByNumberAsync(Project, PhoneNumberId, CancellationToken.None));
    }

    [Fact]
    public async Task A_claim_that_comes_after_the_number_was_proven_again_disputes_nothing()
    {
        await using var stage = await OpenAsync();
        await stage.ObserveAsync(Ann, ObservationKind.Created);
        await stage.AdvanceAsync(TimeSpan.FromMinutes(1));
        var bobs = stage.News(ObservationKind.Created);
        await stage.AdvanceAsync(TimeSpan.FromMinutes(20));
        await stage.ObserveAsync(Ann, ObservationKind.Gone);
        await stage.ObserveAsync(Ann, ObservationKind.Reconnected);

        // Bob's proof waited while Ann's came: what Ann is told now is older than what she proved.
        await stage.Engine.ObserveAsync(Bob, bobs with { Replayed = true }, CancellationToken.None);
        await stage.UntilOutboxIsEmptyAsync(Bob);

        Assert.Null((await stage.NumberAsync(Ann)).DisputedAt);
        var line = Assert.Single((await stage.FindAsync(Ann)).Timeline, line => line.Event == Observation.ClaimedElsewhereEvent);
        Assert.Equal((Outcome.Stale, bobs.ReceivedAt), (line.Outcome, line.At));
    }

    [Fact]
    public async Task Only_proofs_enter_the_index_of_numbers()
    {
        await using var stage = await OpenAsync();
        await stage.ObserveAsync(Ann, ObservationKind.RedirectSucceeded);
        Assert.Null(await stage.Engine.FindByNumberAsync(Project, PhoneNumberId, CancellationToken.None));

        await stage.ObserveAsync(Bob, ObservationKind.Gone);
        Assert.Equal(Bob, await stage.Engine.FindByNumberAsync(Project, PhoneNumberId, CancellationToken.None));
        await stage.ObserveAsync(Ann, ObservationKind.Created);
        Assert.Equal(Ann, await stage.Engine.FindByNumberAsync(Project, PhoneNumberId, CancellationToken.None));

        await stage.ObserveAsync(new CustomerKey(Project, "cyd"), ObservationKind.Gone);
        Assert.Equal(Ann, await stage.Engine.FindByNumberAsync(Project, PhoneNumberId, CancellationToken.None));
        await stage.ObserveAsync(Ann, ObservationKind.Gone);
        Assert.Equal(Ann, await stage.Engine.FindByNumberAsync(Project, PhoneNumberId, CancellationToken.None));
        Assert.Null(await stage.Engine.FindByNumberAsync("other", PhoneNumberId, CancellationToken.None));
    }

    [Fact]
    public async Task An_unclaimed_hint_waits_a_day_for_the_proof_of_its_number()
    {
        await using var stage = await OpenAsync();
        var hint = stage.News(ObservationKind.RedirectSucceeded) with { SetupLinkId = "platform-link" };
        await stage.Engine.HoldHintAsync(Project, hint, CancellationToken.None);
        await stage.Engine.HoldHintAsync(Project, hint with { PhoneNumberId = "2" }, CancellationToken.None);
        Assert.Equal(2, (await stage.Engine.ReadActivityAsync(Project, CancellationToken.None)).UnclaimedHints);

        await stage.ObserveAsync(Ann, ObservationKind.Created);
        var number = await stage.NumberAsync(Ann);
        Assert.Equal((NumberSources.Webhook | NumberSources.Redirect, "platform-link"), (number.Sources, number.SetupLinkId));
        Assert.Equal(1, (await stage.Engine.ReadActivityAsync(Project, CancellationToken.None)).UnclaimedHints);

        await stage.AdvanceAsync(TimeSpan.FromHours(25));
        await stage.ObserveAsync(Ann, ObservationKind.Created, "2");
        Assert.Equal(NumberSources.Webhook, (await stage.NumberAsync(Ann, "2")).Sources);
        Assert.Equal(0, (await stage.Engine.ReadActivityAsync(Project, CancellationToken.None)).UnclaimedHints);
    }

    [Fact]
    public async Task A_hint_for_a_number_that_was_proven_meanwhile_is_folded_in_at_once()
    {
        await using var stage = await OpenAsync();
        await stage.ObserveAsync(Ann, ObservationKind.Created);
        await stage.Engine.HoldHintAsync(Project, stage.News(ObservationKind.RedirectSucceeded), CancellationToken.None);

        Assert.Equal(NumberSources.Webhook | NumberSources.Redirect, (await stage.NumberAsync(Ann)).Sources);
        Assert.Equal(0, (await stage.Engine.ReadActivityAsync(Project, CancellationToken.None)).UnclaimedHints);
    }

    [Fact]
    public async Task Unclaimed_hints_are_bounded()
    {
        await using var stage = await OpenAsync();
        for (var i = 0; i < 1_005; i++)
            await stage.Engine.HoldHintAsync(Project, stage.News(ObservationKind.RedirectSucceeded, $"1{i:0000}"), CancellationToken.None);
        Assert.Equal(1_000, (await stage.Engine.ReadActivityAsync(Project, CancellationToken.None)).UnclaimedHints);
    }

    [Fact]
    public async Task A_customer_is_found_by_state_and_by_setup_link()
    {
        await using var stage = await OpenAsync();
        var link = stage.Link("link");
        Assert.Equal((Outcome.Applied, ConnectionStatus.Invited), Said(await stage.Engine.AddLinkAsync(Ann, link, CancellationToken.None)));
        Assert.Equal(Outcome.Duplicate, (await stage.Engine.AddLinkAsync(Ann, link, CancellationToken.None)).Outcome);
        await stage.Engine.AddLinkAsync(Bob, stage.Link("other") with { PlatformId = "platform-other" }, CancellationToken.None);

        Assert.Equal(Ann, await stage.Engine.FindByStateAsync(link.State, CancellationToken.None));
        Assert.Null(await stage.Engine.FindByStateAsync("state-unknown", CancellationToken.None));
        Assert.Equal(Bob, await stage.Engine.FindByLinkAsync(Project, "platform-other", CancellationToken.None));
        Assert.Null(await stage.Engine.FindByLinkAsync("other", "platform-other", CancellationToken.None));
        Assert.Null(await stage.Engine.FindByLinkAsync(Project, "platform-link", CancellationToken.None));

        await stage.Engine.ObserveAsync(
            Ann,
            stage.News(ObservationKind.SetupFailed, null) with { State = link.State, SetupLinkId = "platform-link", ErrorCode = "already_used" },
            CancellationToken.None);
        Assert.Equal(Ann, await stage.Engine.FindByLinkAsync(Project, "platform-link", CancellationToken.None));
        Assert.Equal(ConnectionStatus.Failed, (await stage.FindAsync(Ann)).Status);

        static (Outcome, ConnectionStatus) Said(Receipt receipt) => (receipt.Outcome, receipt.Status);
    }

    [Fact]
    public async Task Connections_are_listed_in_pages_by_status_and_text()
    {
        await using var stage = await OpenAsync();
        for (var i = 0; i < 25; i++)
        {
            await stage.ObserveAsync(
                new CustomerKey(Project, $"c{i:00}"), i % 5 == 0 ? ObservationKind.RedirectSucceeded : ObservationKind.Created, $"7{i:00}");
        }

        await stage.ObserveAsync(new CustomerKey("other", "c00"), ObservationKind.Created);

        var all = await ReadAllAsync(cursor => stage.Engine.ListConnectionsAsync(
            new ConnectionQuery(Project, Cursor: cursor, Limit: 10), CancellationToken.None));
        Assert.Equal([10, 10, 5], all.Select(page => page.Count));
        Assert.Equal(Enumerable.Range(0, 25).Select(i => $"c{i:00}"), all.SelectMany(page => page).Select(row => row.CustomerId));
        Assert.Equal(["701"], all[0][1].PhoneNumberIds);
        Assert.Equal(stage.Now, all[0][1].UpdatedAt);

        Assert.Equal(["c00", "c05", "c10", "c15", "c20"], await ListAsync(new(Project, ConnectionStatus.Hinted)));
        Assert.Equal(["c20", "c21", "c22", "c23", "c24"], await ListAsync(new(Project, Text: "c2")));
        Assert.Equal(["c13"], await ListAsync(new(Project, Text: "713")));
        Assert.Empty(await ListAsync(new(Project, ConnectionStatus.Gone)));
        Assert.Empty(await ListAsync(new("unknown")));

        async Task<IEnumerable<string>> ListAsync(ConnectionQuery query) =>
            (await stage.Engine.ListConnectionsAsync(query, CancellationToken.None)).Items.Select(row => row.CustomerId);
    }

    [Fact]
    public async Task Effects_that_wait_for_a_person_are_listed_in_pages()
    {
        await using var stage = await OpenAsync();
        stage.Welcomes.Answer = _ => Task.FromResult(EffectResult.Dead("no"));
        for (var i = 0; i < 5; i++)
        {
            await stage.ObserveAsync(new CustomerKey(Project, $"c{i}"), ObservationKind.Created, $"7{i}");
            await stage.UntilWelcomeAsync(new CustomerKey(Project, $"c{i}"), EffectStatus.Dead, $"7{i}");
        }

        var pages = await ReadAllAsync(cursor => stage.Engine.ListEffectsAsync(Project, EffectStatus.Dead, cursor, 2, CancellationToken.None));
        Assert.Equal([2, 2, 1], pages.Select(page => page.Count));
        Assert.Equal(["c0", "c1", "c2", "c3", "c4"], pages.SelectMany(page => page).Select(row => row.CustomerId).Order());
        Assert.Empty((await stage.Engine.ListEffectsAsync(Project, EffectStatus.Held, null, 2, CancellationToken.None)).Items);
        Assert.Empty((await stage.Engine.ListEffectsAsync("other", EffectStatus.Dead, null, 2, CancellationToken.None)).Items);
    }

    private static async Task<List<IReadOnlyList<T>>> ReadAllAsync<T>(Func<string?, Task<Page<T>>> read)
    {
        var pages = new List<IReadOnlyList<T>>();
        string? cursor = null;
        do
        {
            var page = await read(cursor);
            pages.Add(page.Items);
            cursor = page.NextCursor;
            Assert.True(pages.Count < 100, "The last page was expected.");
        }
        while (cursor is not null);
        return pages;
    }
}
