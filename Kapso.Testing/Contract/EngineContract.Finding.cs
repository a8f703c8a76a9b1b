using static Kapso.Testing.Contract.Stage;

namespace Kapso.Testing.Contract;

public abstract partial class EngineContract
{
    [Fact]
    public async Task A_number_that_another_customer_proves_is_theirs_and_the_first_is_told()
    {
        await using var stage = await OpenAsync();
        await stage.ObserveAsync(Customer1, ObservationKind.Created);
        Assert.Equal(Customer1, await stage.Engine.FindByNumberAsync(Project, PhoneNumberId, CancellationToken.None));

        await stage.ObserveAsync(Customer2, ObservationKind.Created);
        Assert.Equal(Customer2, await stage.Engine.FindByNumberAsync(Project, PhoneNumberId, CancellationToken.None));
        await stage.UntilAsync(Customer1, "Customer 1's number is disputed", connection => connection.Numbers[0].DisputedAt is not null);
        await stage.UntilOutboxIsEmptyAsync(Customer2);
        await stage.UntilOutboxIsEmptyAsync(Customer1);

        Assert.Equal(NumberStatus.Connected, (await stage.NumberAsync(Customer1)).Status);
        Assert.Null((await stage.NumberAsync(Customer2)).DisputedAt);
        Assert.Equal([Customer1.CustomerId, Customer2.CustomerId], stage.Welcomes.Calls.Select(call => call.Key.CustomerId).Order());
        Assert.Equal(NotifyType.Attention, stage.Notifies.CallsFor(Customer1)[^1].NotifyType);
    }

    [Fact]
    public async Task With_an_API_key_the_platform_is_asked_about_a_number_that_is_claimed_elsewhere()
    {
        await using var stage = await OpenAsync(WithApi);
        stage.Confirms.Answer = claimed => Task.FromResult(EffectResult.Done with
        {
            Answer = stage.News(
                claimed.Key == Customer1 ? ObservationKind.ApiAbsent : ObservationKind.ApiConnected, claimed.Effect.PhoneNumberId),
        });
        await stage.ObserveAsync(Customer1, ObservationKind.Created);
        await stage.ObserveAsync(Customer2, ObservationKind.Created);
        await stage.UntilAsync(Customer1, "Customer 1's first absence", connection => connection.Numbers[0].AbsentAt is not null);
        await stage.AdvanceAsync(TimeSpan.FromMinutes(2));
        await stage.UntilAsync(Customer1, "Customer 1's number is gone", connection => connection.Numbers[0].Status == NumberStatus.Gone);
        Assert.Equal(NumberStatus.Connected, (await stage.NumberAsync(Customer2)).Status);
        Assert.Equal(Customer2, await stage.Engine.FindByNumberAsync(Project, PhoneNumberId, CancellationToken.None));
    }

    [Fact]
    public async Task A_claim_that_comes_after_the_number_was_proven_again_disputes_nothing()
    {
        await using var stage = await OpenAsync();
        await stage.ObserveAsync(Customer1, ObservationKind.Created);
        await stage.AdvanceAsync(TimeSpan.FromMinutes(1));
        var others = stage.News(ObservationKind.Created);
        await stage.AdvanceAsync(TimeSpan.FromMinutes(20));
        await stage.ObserveAsync(Customer1, ObservationKind.Gone);
        await stage.ObserveAsync(Customer1, ObservationKind.Reconnected);

        // Customer 2's proof waited while Customer 1's came: what Customer 1 is told now is older than what it proved.
        await stage.Engine.ObserveAsync(Customer2, others with { Replayed = true }, CancellationToken.None);
        await stage.UntilOutboxIsEmptyAsync(Customer2);

        Assert.Null((await stage.NumberAsync(Customer1)).DisputedAt);
        var line = Assert.Single((await stage.FindAsync(Customer1)).Timeline, line => line.Event == Observation.ClaimedElsewhereEvent);
        Assert.Equal((Outcome.Stale, others.ReceivedAt), (line.Outcome, line.At));
    }

    [Fact]
    public async Task Only_proofs_enter_the_index_of_numbers()
    {
        await using var stage = await OpenAsync();
        await stage.ObserveAsync(Customer1, ObservationKind.RedirectSucceeded);
        Assert.Null(await stage.Engine.FindByNumberAsync(Project, PhoneNumberId, CancellationToken.None));

        await stage.ObserveAsync(Customer2, ObservationKind.Gone);
        Assert.Equal(Customer2, await stage.Engine.FindByNumberAsync(Project, PhoneNumberId, CancellationToken.None));
        await stage.ObserveAsync(Customer1, ObservationKind.Created);
        Assert.Equal(Customer1, await stage.Engine.FindByNumberAsync(Project, PhoneNumberId, CancellationToken.None));

        await stage.ObserveAsync(new CustomerKey(Project, "cyd"), ObservationKind.Gone);
        Assert.Equal(Customer1, await stage.Engine.FindByNumberAsync(Project, PhoneNumberId, CancellationToken.None));
        await stage.ObserveAsync(Customer1, ObservationKind.Gone);
        Assert.Equal(Customer1, await stage.Engine.FindByNumberAsync(Project, PhoneNumberId, CancellationToken.None));
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

        await stage.ObserveAsync(Customer1, ObservationKind.Created);
        var number = await stage.NumberAsync(Customer1);
        Assert.Equal((NumberSources.Webhook | NumberSources.Redirect, "platform-link"), (number.Sources, number.SetupLinkId));
        Assert.Equal(1, (await stage.Engine.ReadActivityAsync(Project, CancellationToken.None)).UnclaimedHints);

        await stage.AdvanceAsync(TimeSpan.FromHours(25));
        await stage.ObserveAsync(Customer1, ObservationKind.Created, "2");
        Assert.Equal(NumberSources.Webhook, (await stage.NumberAsync(Customer1, "2")).Sources);
        Assert.Equal(0, (await stage.Engine.ReadActivityAsync(Project, CancellationToken.None)).UnclaimedHints);
    }

    [Fact]
    public async Task A_hint_for_a_number_that_was_proven_meanwhile_is_folded_in_at_once()
    {
        await using var stage = await OpenAsync();
        await stage.ObserveAsync(Customer1, ObservationKind.Created);
        await stage.Engine.HoldHintAsync(Project, stage.News(ObservationKind.RedirectSucceeded), CancellationToken.None);

        Assert.Equal(NumberSources.Webhook | NumberSources.Redirect, (await stage.NumberAsync(Customer1)).Sources);
        Assert.Equal(0, (await stage.Engine.ReadActivityAsync(Project, CancellationToken.None)).UnclaimedHints);
    }

    [Fact]
    public async Task Unclaimed_hints_are_bounded()
    {
        await using var stage = await OpenAsync();
        var dropped = 0;
        for (var i = 0; i < 1_005; i++)
            dropped += await stage.Engine.HoldHintAsync(Project, stage.News(ObservationKind.RedirectSucceeded, $"1{i:0000}"), CancellationToken.None);
        Assert.Equal(5, dropped);
        Assert.Equal(1_000, (await stage.Engine.ReadActivityAsync(Project, CancellationToken.None)).UnclaimedHints);
    }

    [Fact]
    public async Task A_customer_is_found_by_state_and_by_setup_link()
    {
        await using var stage = await OpenAsync();
        var link = stage.Link("link");
        Assert.Equal((Outcome.Applied, ConnectionStatus.Invited), Said(await stage.Engine.AddLinkAsync(Customer1, link, CancellationToken.None)));
        Assert.Equal(Outcome.Duplicate, (await stage.Engine.AddLinkAsync(Customer1, link, CancellationToken.None)).Outcome);
        await stage.Engine.AddLinkAsync(Customer2, stage.Link("other") with { PlatformId = "platform-other" }, CancellationToken.None);

        Assert.Equal(Customer1, await stage.Engine.FindByStateAsync(link.State, CancellationToken.None));
        Assert.Null(await stage.Engine.FindByStateAsync("state-unknown", CancellationToken.None));
        Assert.Equal(Customer2, await stage.Engine.FindByLinkAsync(Project, "platform-other", CancellationToken.None));
        Assert.Null(await stage.Engine.FindByLinkAsync("other", "platform-other", CancellationToken.None));
        Assert.Null(await stage.Engine.FindByLinkAsync(Project, "platform-link", CancellationToken.None));

        await stage.Engine.ObserveAsync(
            Customer1,
            stage.News(ObservationKind.SetupFailed, null) with { State = link.State, SetupLinkId = "platform-link", ErrorCode = "already_used" },
            CancellationToken.None);
        Assert.Equal(Customer1, await stage.Engine.FindByLinkAsync(Project, "platform-link", CancellationToken.None));
        Assert.Equal(ConnectionStatus.Failed, (await stage.FindAsync(Customer1)).Status);

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
