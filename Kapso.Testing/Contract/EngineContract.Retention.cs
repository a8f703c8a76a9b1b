using Kapso.Connections.Webhooks;

using static Kapso.Testing.Contract.Stage;

namespace Kapso.Testing.Contract;

/// <summary>What is kept for a time or up to a number, and not a day longer although nothing else comes.</summary>
public abstract partial class EngineContract
{
    [Fact]
    public async Task Parked_deliveries_go_with_their_age_although_no_other_is_parked_and_what_is_owed_stays()
    {
        await using var stage = await OpenAsync();
        await stage.ObserveAsync(Customer1, ObservationKind.Created);
        await stage.Engine.ParkAsync(Parked(stage, "00001"), CancellationToken.None);
        await stage.Engine.ParkAsync(Parked(stage, "00002") with { Reason = ParkedReason.EngineUnavailable }, CancellationToken.None);
        await stage.Engine.ParkAsync(Parked(stage, "00003"), CancellationToken.None);
        await stage.Engine.ParkAsync(Parked(stage, "00004") with { Reason = ParkedReason.TooManyNumbers }, CancellationToken.None);
        await stage.Engine.ResolveParkedAsync(Project, "00003", ParkedStatus.Discarded, CancellationToken.None);

        await stage.AdvanceAsync(TimeSpan.FromDays(29));
        await stage.FenceAsync();
        foreach (var id in (string[])["00001", "00002", "00003", "00004"])
            Assert.NotNull(await stage.Engine.FindParkedAsync(Project, id, CancellationToken.None));

        await stage.AdvanceAsync(TimeSpan.FromDays(2));
        await stage.FenceAsync();
        foreach (var id in (string[])["00001", "00003", "00004"])
            await stage.EventuallyAsync($"{id} is pruned", async () => await stage.Engine.FindParkedAsync(Project, id, CancellationToken.None) is null);
        Assert.NotNull(await stage.Engine.FindParkedAsync(Project, "00002", CancellationToken.None));
        Assert.Equal("00002", Assert.Single((await stage.Engine.ListParkedAsync(Project, null, 10, CancellationToken.None)).Items).Id);
        Assert.Equal(1, (await stage.Engine.CheckAsync(CancellationToken.None)).ParkedWaiting);
        Assert.Equal(1, (await stage.Engine.CountAsync(Project, CancellationToken.None)).ParkedWaiting);

        // What was resolved went as well, and nobody misses it.
        await stage.EventuallyAsync("those that waited are told of", async () =>
        {
            await stage.AdvanceAsync(TimeSpan.FromSeconds(1));
            return (await TurnedAwayAsync(stage)).Any(turned => turned is { Kind: TurnedAwayKind.ParkedExpired, Count: 2 });
        });
        Assert.Single(await TurnedAwayAsync(stage));
    }

    [Fact]
    public async Task Parked_deliveries_are_kept_up_to_a_number_those_of_least_worth_go_first_and_what_is_owed_stays()
    {
        await using var stage = await Stage.OpenAsync(StartAsync, Plain, parkedMaxCount: 3);
        await ParkAsync("01", ParkedReason.EngineUnavailable);
        await ParkAsync("02", ParkedReason.TooManyNumbers);
        await ParkAsync("03", ParkedReason.Malformed);
        await ParkAsync("04", ParkedReason.UnknownCustomer);
        Assert.Equal(["01", "02", "04"], await WaitingAsync());
        Assert.Equal([(TurnedAwayKind.ParkedDropped, 1)], await GoneAsync());

        await ParkAsync("05", ParkedReason.EngineUnavailable);
        await ParkAsync("06", ParkedReason.EngineUnavailable);
        await ParkAsync("07", ParkedReason.EngineUnavailable);
        Assert.Equal(["01", "05", "06", "07"], await WaitingAsync());

        await stage.Engine.ResolveParkedAsync(Project, "01", ParkedStatus.Replayed, CancellationToken.None);
        await ParkAsync("08", ParkedReason.EngineUnavailable);
        Assert.Equal(["05", "06", "07", "08"], await WaitingAsync());
        Assert.Null(await stage.Engine.FindParkedAsync(Project, "01", CancellationToken.None));
        Assert.Equal(4, (await stage.Engine.CheckAsync(CancellationToken.None)).ParkedWaiting);
        Assert.Equal([(TurnedAwayKind.ParkedDropped, 3)], await GoneAsync());

        async Task<IEnumerable<(TurnedAwayKind, long)>> GoneAsync() =>
            (await TurnedAwayAsync(stage)).Select(turned => (turned.Kind, turned.Count));

        Task ParkAsync(string id, ParkedReason reason) =>
            stage.Engine.ParkAsync(Parked(stage, id) with { Reason = reason }, CancellationToken.None);

        async Task<IEnumerable<string>> WaitingAsync() =>
            (await stage.Engine.ListParkedAsync(Project, null, 100, CancellationToken.None)).Items.Select(parked => parked.Id);
    }

    [Fact]
    public async Task A_state_and_a_link_are_found_as_long_as_they_are_among_the_connections_twenty()
    {
        await using var stage = await OpenAsync();
        for (var i = 0; i < Connection.MaxLinks; i++)
            await AddAsync(i);
        await AssertFoundAsync(0, Customer1);

        await AddAsync(Connection.MaxLinks);
        Assert.Equal(Connection.MaxLinks, (await stage.FindAsync(Customer1)).SetupLinks.Length);
        await AssertFoundAsync(0, null);
        for (var i = 1; i <= Connection.MaxLinks; i++)
            await AssertFoundAsync(i, Customer1);

        await stage.CrashAsync();
        await AssertFoundAsync(0, null);
        await AssertFoundAsync(1, Customer1);

        async Task AddAsync(int i)
        {
            await stage.AdvanceAsync(TimeSpan.FromSeconds(1));
            await stage.Engine.AddLinkAsync(Customer1, stage.Link($"link-{i}") with { PlatformId = $"platform-{i}" }, CancellationToken.None);
        }

        async Task AssertFoundAsync(int i, CustomerKey? expected)
        {
            Assert.Equal(expected, await stage.Engine.FindByStateAsync($"state-link-{i}", CancellationToken.None));
            Assert.Equal(expected, await stage.Engine.FindByLinkAsync(Project, $"platform-{i}", CancellationToken.None));
        }
    }

    [Fact]
    public async Task A_test_delivery_is_kept_apart_also_where_no_other_name_has_room()
    {
        await using var stage = await OpenAsync();
        for (var i = 0; i <= SeenEvent.MaxNames; i++)
            await stage.Engine.CountEventAsync(Project, new SeenEvent($"event.{i:000}", stage.Now, new byte[] { 1 }), CancellationToken.None);
        await stage.Engine.CountEventAsync(Project, new SeenEvent(SeenEvent.TestDelivery, stage.Now, new byte[] { 1 }), CancellationToken.None);
        await stage.Engine.CountEventAsync(Project, new SeenEvent(SeenEvent.TestDelivery, stage.Now.AddSeconds(-5), new byte[] { 1 }), CancellationToken.None);

        var activity = await stage.Engine.ReadActivityAsync(Project, CancellationToken.None);
        Assert.Equal(stage.Now, activity.LastTestDelivery);
        Assert.Equal(SeenEvent.MaxNames + 1, activity.Events.Count);
        Assert.Equal(1, Assert.Single(activity.Events, seen => seen.Name == SeenEvent.Other).Count);
    }
}
