using Kapso.Connections.Webhooks;
using Kapso.Engines.Sqlite;
using Microsoft.Extensions.Time.Testing;

namespace Kapso.Tests.Embedded;

/// <summary>What is kept beside connections: parked deliveries, hints, counts.</summary>
public sealed class KeptTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly Store _store = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task Parked_deliveries_are_pruned_with_those_that_need_a_person_last()
    {
        _store.Options.ParkedMaxCount = 6;
        await using var engine = await _store.StartAsync(_time);
        await ParkAsync(engine, "1-owed", ParkedReason.EngineUnavailable);
        await ParkAsync(engine, "2-person", ParkedReason.TooManyNumbers);
        await ParkAsync(engine, "3-person", ParkedReason.BatchTooLarge);
        await ParkAsync(engine, "4-unknown", ParkedReason.UnknownCustomer);
        await ParkAsync(engine, "5-discard", ParkedReason.Malformed);
        await ParkAsync(engine, "6-resolved", ParkedReason.TooManyNumbers);
        await engine.ResolveParkedAsync(Store.Project, "6-resolved", ParkedStatus.Discarded, None);

        var gone = new List<string>();
        for (var i = 0; i < 6; i++)
        {
            var before = await KeptAsync(engine);
            await ParkAsync(engine, $"7-owed-{i}", ParkedReason.EngineUnavailable);
            gone.AddRange(before.Except(await KeptAsync(engine)));
        }

        Assert.Equal(["6-resolved", "5-discard", "4-unknown", "2-person", "3-person"], gone);
        Assert.Equal(7, (await KeptAsync(engine)).Count);
    }

    [Fact]
    public async Task Parked_deliveries_are_pruned_by_age_except_those_that_are_owed()
    {
        await using var engine = await _store.StartAsync(_time);
        await ParkAsync(engine, "old-owed", ParkedReason.EngineUnavailable);
        await ParkAsync(engine, "old", ParkedReason.TooManyNumbers);

        _time.Advance(_store.Options.ParkedMaxAge + TimeSpan.FromMinutes(1));
        await ParkAsync(engine, "young", ParkedReason.Malformed);

        Assert.Equal(["old-owed", "young"], await KeptAsync(engine));
    }

    [Fact]
    public async Task A_parked_delivery_is_given_back_as_it_came()
    {
        await using var engine = await _store.StartAsync(_time);
        var parked = Store.Parked("p1", ParkedReason.UnknownCustomer, _time.GetUtcNow()) with
        {
            Detail = "no customer",
            Event = "whatsapp.phone_number.created",
            IdempotencyKey = "k1",
            PayloadVersion = "v2",
            Batch = true,
            ContentType = "application/json",
            TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            Body = new byte[] { 0, 255, 128 },
        };

        await engine.ParkAsync(parked, None);
        await engine.ParkAsync(parked with { Detail = "again" }, None);
        var found = await engine.FindParkedAsync(Store.Project, "p1", None);

        Assert.Equal(parked.Body.ToArray(), found!.Body.ToArray());
        Assert.Equal(parked, found with { Body = parked.Body });
        var resolved = await engine.ResolveParkedAsync(Store.Project, "p1", ParkedStatus.Replayed, None);
        Assert.Equal((ParkedStatus.Replayed, _time.GetUtcNow()), (resolved!.Status, resolved.ResolvedAt!.Value));
        resolved = await engine.ResolveParkedAsync(Store.Project, "p1", ParkedStatus.Discarded, None);
        Assert.Equal(ParkedStatus.Replayed, resolved!.Status);
        Assert.Equal(0, (await engine.CheckAsync(None)).ParkedWaiting);
    }

    [Fact]
    public async Task A_list_of_a_thousand_parked_deliveries_reads_no_body()
    {
        const int Count = 1_000;
        await using var engine = await _store.StartAsync(_time);
        var body = new byte[64 * 1024];
        await Task.WhenAll(Enumerable.Range(0, Count).Select(i =>
            engine.ParkAsync(Store.Parked($"{i:00000}", ParkedReason.TooManyNumbers, _time.GetUtcNow()) with { Body = body }, None)));

        var before = GC.GetAllocatedBytesForCurrentThread();
        var listing = engine.ListParkedAsync(Store.Project, null, Count, None); // Read on this thread.
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(Count, (await listing).Items.Count);
        Assert.True(allocated < 8 * 1024 * 1024, $"{allocated} bytes were allocated for a list of {Count}.");
    }

    [Fact]
    public async Task What_is_too_old_is_pruned_when_the_service_starts_however_short_its_runs_are()
    {
        await using (var first = await _store.StartAsync(_time))
        {
            await first.ParkAsync(Store.Parked("p1", ParkedReason.TooManyNumbers, _time.GetUtcNow()), None);
            await first.HoldHintAsync(Store.Project, Hint("1001"), None);
        }

        _time.Advance(TimeSpan.FromDays(31));
        await using (await _store.StartAsync(_time))
        {
        }

        Assert.Equal(0L, _store.Query("SELECT count(*) FROM parked"));
        Assert.Equal(0L, _store.Query("SELECT count(*) FROM hints"));
    }

    [Fact]
    public async Task A_hint_is_folded_in_by_the_proof_of_its_number_even_after_a_restart()
    {
        await using (var first = await _store.StartAsync(_time))
            await first.HoldHintAsync(Store.Project, Hint("1001"), None);

        await using var engine = await _store.StartAsync(_time);
        Assert.Equal(1, (await engine.ReadActivityAsync(Store.Project, None)).UnclaimedHints);
        await engine.ObserveAsync(Store.Customer("c1"), Store.Created("1001", _time.GetUtcNow()), None);

        var connection = await engine.FindAsync(Store.Customer("c1"), None);
        Assert.Equal(NumberSources.Webhook | NumberSources.Redirect, connection!.FindNumber("1001")!.Sources);
        Assert.Equal(0, (await engine.ReadActivityAsync(Store.Project, None)).UnclaimedHints);
    }

    [Fact]
    public async Task A_hint_that_comes_just_after_its_proof_is_folded_in_at_once()
    {
        await using var engine = await _store.StartAsync(_time);
        await engine.ObserveAsync(Store.Customer("c1"), Store.Created("1001", _time.GetUtcNow()), None);

        await engine.HoldHintAsync(Store.Project, Hint("1001"), None);

        var connection = await engine.FindAsync(Store.Customer("c1"), None);
        Assert.True(connection!.FindNumber("1001")!.Sources.HasFlag(NumberSources.Redirect));
        Assert.Equal(0, (await engine.ReadActivityAsync(Store.Project, None)).UnclaimedHints);
    }

    [Fact]
    public async Task Hints_are_bounded_in_number_and_age()
    {
        await using var engine = await _store.StartAsync(_time);
        await Task.WhenAll(Enumerable.Range(0, UnclaimedHints.MaxKept + 5).Select(i =>
            engine.HoldHintAsync(Store.Project, Hint($"{10_000 + i}"), None)));
        Assert.Equal(UnclaimedHints.MaxKept, (await engine.ReadActivityAsync(Store.Project, None)).UnclaimedHints);

        _time.Advance(UnclaimedHints.Life + TimeSpan.FromMinutes(1));
        Assert.Equal(0, (await engine.ReadActivityAsync(Store.Project, None)).UnclaimedHints);
        await engine.ObserveAsync(Store.Customer("c1"), Store.Created("10900", _time.GetUtcNow()), None);
        var connection = await engine.FindAsync(Store.Customer("c1"), None);
        Assert.Equal(NumberSources.Webhook, connection!.FindNumber("10900")!.Sources);
    }

    [Fact]
    public async Task Events_that_are_not_ours_are_counted_by_a_bounded_number_of_names()
    {
        await using var engine = await _store.StartAsync(_time);
        for (var i = 0; i < SeenEvent.MaxNames + 10; i++)
            await engine.CountEventAsync(Store.Project, new SeenEvent($"event.{i:000}", _time.GetUtcNow(), "{}"u8.ToArray()), None);
        await engine.CountEventAsync(Store.Project, new SeenEvent("event.000", _time.GetUtcNow(), "{}"u8.ToArray()), None);
        await engine.CountEventAsync(Store.Project, new SeenEvent(SeenEvent.TestDelivery, _time.GetUtcNow(), default), None);

        var activity = await engine.ReadActivityAsync(Store.Project, None);

        Assert.Equal(SeenEvent.MaxNames + 1, activity.Events.Count);
        Assert.Equal(2, activity.Events.Single(seen => seen.Name == "event.000").Count);
        Assert.Equal(10, activity.Events.Single(seen => seen.Name == SeenEvent.Other).Count);
        Assert.Equal(_time.GetUtcNow(), activity.LastTestDelivery);
    }

    [Fact]
    public async Task Failed_setups_without_a_link_are_bounded()
    {
        await using var engine = await _store.StartAsync(_time);
        await Task.WhenAll(Enumerable.Range(0, FailedSetup.MaxKept + 5).Select(i =>
            engine.KeepFailedSetupAsync(Store.Project, new FailedSetup(_time.GetUtcNow(), "link_expired", $"l{i}"), None)));

        Assert.Equal((long)FailedSetup.MaxKept, _store.Query("SELECT count(*) FROM failed_setups"));
        var shown = (await engine.ReadActivityAsync(Store.Project, None)).FailedSetups;
        Assert.Equal((100, $"l{FailedSetup.MaxKept + 4}"), (shown.Count, shown[0].SetupLinkId));
    }

    private async Task ParkAsync(EmbeddedEngine engine, string id, ParkedReason reason)
    {
        await engine.ParkAsync(Store.Parked(id, reason, _time.GetUtcNow()), None);
        _time.Advance(TimeSpan.FromSeconds(1));
    }

    private static async Task<List<string>> KeptAsync(EmbeddedEngine engine)
    {
        string[] ids = ["1-owed", "2-person", "3-person", "4-unknown", "5-discard", "6-resolved", "old-owed", "old", "young",
            .. Enumerable.Range(0, 6).Select(i => $"7-owed-{i}")];
        var kept = new List<string>();
        foreach (var id in ids)
        {
            if (await engine.FindParkedAsync(Store.Project, id, None) is not null)
                kept.Add(id);
        }

        return kept;
    }

    private Observation Hint(string phoneNumberId) => new()
    {
        Kind = ObservationKind.RedirectSucceeded,
        Source = Source.Redirect,
        Event = "redirect.success",
        PhoneNumberId = phoneNumberId,
        ReceivedAt = _time.GetUtcNow(),
    };
}
