using System.Text.Json;
using Kapso.Connections.Reconciling;
using Kapso.Connections.Webhooks;
using static Kapso.Testing.Contract.Stage;

namespace Kapso.Testing.Contract;

public abstract partial class EngineContract
{
    [Fact]
    public async Task A_parked_delivery_waits_once_and_is_resolved_once()
    {
        await using var stage = await OpenAsync();
        var parked = Enumerable.Range(0, 3).Select(i => Parked(stage, $"0000{i}")).ToArray();
        foreach (var delivery in parked.Reverse().Append(parked[1] with { Detail = "a repeat" }))
            await stage.Engine.ParkAsync(delivery, CancellationToken.None);

        var pages = await ReadAllAsync(cursor => stage.Engine.ListParkedAsync(Project, cursor, 2, CancellationToken.None));
        Assert.Equal(parked.Select(delivery => delivery.Id), pages.SelectMany(page => page).Select(delivery => delivery.Id));
        Assert.Equal(3, (await stage.Engine.CheckAsync(CancellationToken.None)).ParkedWaiting);
        var found = await stage.Engine.FindParkedAsync(Project, "00001", CancellationToken.None);
        Assert.Equal(JsonSerializer.Serialize(parked[1]), JsonSerializer.Serialize(found));
        Assert.Null(await stage.Engine.FindParkedAsync("other", "00001", CancellationToken.None));

        var replayed = await stage.Engine.ResolveParkedAsync(Project, "00001", ParkedStatus.Replayed, CancellationToken.None);
        Assert.Equal((ParkedStatus.Replayed, stage.Now), (replayed?.Status, replayed?.ResolvedAt));
        await stage.AdvanceAsync(TimeSpan.FromMinutes(1));
        var again = await stage.Engine.ResolveParkedAsync(Project, "00001", ParkedStatus.Discarded, CancellationToken.None);
        Assert.Equal((ParkedStatus.Replayed, replayed?.ResolvedAt), (again?.Status, again?.ResolvedAt));
        Assert.Null(await stage.Engine.ResolveParkedAsync(Project, "unknown", ParkedStatus.Replayed, CancellationToken.None));

        await stage.Engine.ParkAsync(parked[1], CancellationToken.None);
        Assert.Equal(2, (await stage.Engine.ListParkedAsync(Project, null, 10, CancellationToken.None)).Items.Count);
        Assert.Equal(2, (await stage.Engine.CheckAsync(CancellationToken.None)).ParkedWaiting);
    }

    [Fact]
    public async Task Events_that_are_not_ours_are_counted_by_name_up_to_a_bound()
    {
        await using var stage = await OpenAsync();
        for (var i = 0; i < SeenEvent.MaxNames + 5; i++)
            await stage.Engine.CountEventAsync(Project, new SeenEvent($"event.{i:000}", stage.Now, new byte[] { 1 }), CancellationToken.None);
        await stage.Engine.CountEventAsync(Project, new SeenEvent("event.007", stage.Now.AddSeconds(5), new byte[20_000]), CancellationToken.None);

        var events = (await stage.Engine.ReadActivityAsync(Project, CancellationToken.None)).Events;
        Assert.InRange(events.Count, SeenEvent.MaxNames, SeenEvent.MaxNames + 1);
        Assert.Equal(SeenEvent.MaxNames + 6, events.Sum(seen => seen.Count));
        var twice = Assert.Single(events, seen => seen.Name == "event.007");
        Assert.Equal((2, stage.Now.AddSeconds(5)), (twice.Count, twice.LastAt));
        Assert.Single(events, seen => seen.Name == SeenEvent.Other);
    }

    [Fact]
    public async Task A_test_delivery_is_kept_apart()
    {
        await using var stage = await OpenAsync();
        Assert.Null((await stage.Engine.ReadActivityAsync(Project, CancellationToken.None)).LastTestDelivery);
        await stage.Engine.CountEventAsync(Project, new SeenEvent(SeenEvent.TestDelivery, stage.Now, new byte[] { 1 }), CancellationToken.None);
        Assert.Equal(stage.Now, (await stage.Engine.ReadActivityAsync(Project, CancellationToken.None)).LastTestDelivery);
    }

    [Fact]
    public async Task Failed_setups_without_a_link_are_listed_newest_first()
    {
        await using var stage = await OpenAsync();
        for (var i = 0; i < 120; i++)
            await stage.Engine.KeepFailedSetupAsync(Project, new FailedSetup(stage.Now.AddSeconds(i), "unknown", $"link-{i}"), CancellationToken.None);

        var failed = (await stage.Engine.ReadActivityAsync(Project, CancellationToken.None)).FailedSetups;
        Assert.Equal(Enumerable.Range(20, 100).Reverse().Select(i => $"link-{i}"), failed.Select(setup => setup.SetupLinkId));
        Assert.Empty((await stage.Engine.ReadActivityAsync("other", CancellationToken.None)).FailedSetups);
    }

    [Fact]
    public async Task Health_counts_what_waits()
    {
        await using var stage = await OpenAsync(Plain with { Notifies = false });
        var welcome = new TaskCompletionSource<EffectResult>();
        stage.Welcomes.Answer = _ => welcome.Task;
        await stage.ObserveAsync(Customer1, ObservationKind.Created);

        // An engine on a busy machine may not answer its own probe in time: then it says so, and is asked again.
        var health = await stage.Engine.CheckAsync(CancellationToken.None);
        for (var patience = 30; !health.Ready && patience > 0; patience--)
            health = await stage.Engine.CheckAsync(CancellationToken.None);
        Assert.Equal((true, 1, 0, 0), (health.Ready, health.OutboxWaiting, health.EffectsHeldOrDead, health.ParkedWaiting));
        welcome.SetResult(EffectResult.Done);
        await stage.UntilOutboxIsEmptyAsync(Customer1);
        Assert.Equal(0, (await stage.Engine.CheckAsync(CancellationToken.None)).OutboxWaiting);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_restart_and_a_crash_keep_everything_that_was_answered(bool crash)
    {
        await using var stage = await OpenAsync();
        await stage.Engine.AddLinkAsync(Customer1, stage.Link("link") with { PlatformId = "platform-link" }, CancellationToken.None);
        await stage.ObserveAsync(Customer1, ObservationKind.Created);
        await stage.UntilOutboxIsEmptyAsync(Customer1);
        await stage.Engine.ParkAsync(Parked(stage, "00001"), CancellationToken.None);
        await stage.Engine.HoldHintAsync(Project, stage.News(ObservationKind.RedirectSucceeded, "2"), CancellationToken.None);
        await stage.Engine.KeepFailedSetupAsync(Project, new FailedSetup(stage.Now, "unknown", null), CancellationToken.None);
        var before = JsonSerializer.Serialize(await stage.FindAsync(Customer1));

        await (crash ? stage.CrashAsync() : stage.RestartAsync());

        Assert.Equal(before, JsonSerializer.Serialize(await stage.FindAsync(Customer1)));
        Assert.Equal(Customer1, await stage.Engine.FindByStateAsync("state-link", CancellationToken.None));
        Assert.Equal(Customer1, await stage.Engine.FindByLinkAsync(Project, "platform-link", CancellationToken.None));
        Assert.Equal(Customer1, await stage.Engine.FindByNumberAsync(Project, PhoneNumberId, CancellationToken.None));
        Assert.NotNull(await stage.Engine.FindParkedAsync(Project, "00001", CancellationToken.None));
        Assert.Equal(1, (await stage.Engine.CheckAsync(CancellationToken.None)).ParkedWaiting);
        var activity = await stage.Engine.ReadActivityAsync(Project, CancellationToken.None);
        Assert.Equal((1, 1), (activity.UnclaimedHints, activity.FailedSetups.Count));
        Assert.Equal(Outcome.Duplicate, (await stage.ObserveAsync(Customer1, ObservationKind.Created)).Outcome);
        await stage.FenceAsync();
        Assert.Single(stage.Welcomes.CallsFor(Customer1));
    }

    [Fact]
    public async Task Of_two_who_write_where_the_reconciliation_stands_one_succeeds()
    {
        await using var stage = await OpenAsync();
        var before = await stage.Engine.ReadReconciliationAsync(Project, CancellationToken.None);
        Assert.Equal(JsonSerializer.Serialize(new Reconciliation()), JsonSerializer.Serialize(before));

        var (mine, theirs) = (Passes.Begin(before, "me", stage.Now)!, Passes.Begin(before, "they", stage.Now)!);
        Assert.True(await SaveAsync(mine));
        Assert.False(await SaveAsync(theirs));
        Assert.True(await SaveAsync(mine), "A repeat is no conflict.");
        Assert.False(await SaveAsync(mine with { Version = 3 }));

        await stage.CrashAsync();
        var kept = await stage.Engine.ReadReconciliationAsync(Project, CancellationToken.None);
        Assert.Equal(JsonSerializer.Serialize(IsSole ? Passes.Orphan(mine) : mine), JsonSerializer.Serialize(kept));
        var goesOn = Passes.Begin(kept, IsSole ? "they" : "me", stage.Now)!;
        Assert.Equal((IsSole, mine.Running!.Id), (Passes.Begin(kept, "they", stage.Now) is not null, goesOn.Running!.Id));
        Assert.True(await SaveAsync(goesOn));
        (kept, var holder) = (goesOn, goesOn.Running.Lease!.Holder);
        var absent = new MissingNumber("customer-1", PhoneNumberId) { ProofVersion = 3, AnsweredAt = stage.Now };
        var further = Passes.Advance(kept, holder, pass => pass with { Page = "2", Absent = [absent], GoneAccepted = new("operator-1", stage.Now, 7) }, stage.Now.AddSeconds(5))!;
        var ended = Passes.End(further with { Version = further.Version + 1 }, holder, "The platform is down.", stage.Now.AddSeconds(9))!;
        Assert.True(await SaveAsync(further));
        Assert.False(await SaveAsync(mine), "An old write that comes late changes nothing.");
        kept = await stage.Engine.ReadReconciliationAsync(Project, CancellationToken.None);
        Assert.Equal(absent, Assert.Single(kept.Running!.Absent));
        Assert.Equal(new GoneAcceptance("operator-1", stage.Now, 7), kept.Running.GoneAccepted);
        Assert.False(await SaveAsync(ended));
        Assert.Equal(0, (await stage.Engine.ReadReconciliationAsync("other", CancellationToken.None)).Version);

        Task<bool> SaveAsync(Reconciliation reconciliation) =>
            stage.Engine.SaveReconciliationAsync(Project, reconciliation, CancellationToken.None);
    }

    [Fact]
    public async Task Of_several_who_are_about_to_make_a_customer_one_may_until_it_is_over()
    {
        await using var stage = await OpenAsync();
        CustomerIntent[] intents = [.. Enumerable.Range(0, 8).Select(_ => new CustomerIntent("crm-7", Guid.NewGuid()))];

        var may = await Task.WhenAll(intents.Select(intent => IntendAsync(intent)));
        Assert.Single(may, one => one);
        var (winner, loser) = (intents[Array.IndexOf(may, true)], intents[Array.IndexOf(may, false)]);
        Assert.True(await IntendAsync(winner), "A repeat is the same.");
        Assert.True(await IntendAsync(loser with { ExternalId = "crm-8" }));
        Assert.True(await IntendAsync(loser, "other"));

        await stage.CrashAsync();
        Assert.False(await IntendAsync(loser));
        await stage.Engine.WithdrawCustomerAsync(Project, loser, CancellationToken.None);
        Assert.False(await IntendAsync(loser), "Nobody withdraws another's.");
        await stage.Engine.WithdrawCustomerAsync(Project, winner, CancellationToken.None);
        Assert.True(await IntendAsync(loser));

        await stage.AdvanceAsync(CustomerIntent.Life);
        Assert.True(await IntendAsync(winner));

        Task<bool> IntendAsync(CustomerIntent intent, string project = Project) =>
            stage.Engine.IntendCustomerAsync(project, intent, CancellationToken.None);
    }

    private static ParkedDelivery Parked(Stage stage, string id) => new()
    {
        Id = id,
        ProjectId = Project,
        Reason = ParkedReason.UnknownCustomer,
        Detail = "no customer",
        ReceivedAt = stage.Now,
        Event = "whatsapp.phone_number.created",
        IdempotencyKey = "key-" + id,
        PayloadVersion = "v2",
        Batch = true,
        ContentType = "application/json",
        Body = new byte[] { 0, 255, 128, 10 },
        TraceParent = TraceParent,
    };
}
