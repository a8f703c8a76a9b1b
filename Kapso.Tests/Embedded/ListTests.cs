using Kapso.Engines.Sqlite;

namespace Kapso.Tests.Embedded;

public sealed class ListTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly Store _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task Connections_are_listed_in_pages_by_status_and_by_prefix()
    {
        await using var engine = await _store.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 250).Select(i =>
            engine.ObserveAsync(Store.Customer($"c{i:000}"), Store.Created($"{5000 + i}"), None)));
        await engine.ObserveAsync(
            Store.Customer("c100"), Store.Created("5100") with { Kind = ObservationKind.Gone, Event = "whatsapp.phone_number.deleted" }, None);
        await engine.ObserveAsync(new CustomerKey("project-2", "c000"), Store.Created("5000"), None);

        Assert.Equal(
            Enumerable.Range(0, 250).Select(i => $"c{i:000}"),
            (await AllAsync(engine, new ConnectionQuery(Store.Project, Limit: 60), pages: 5)).Select(row => row.CustomerId));
        var gone = Assert.Single(await AllAsync(engine, new ConnectionQuery(Store.Project, ConnectionStatus.Gone), pages: 1));
        Assert.Equal(("c100", ConnectionStatus.Gone), (gone.CustomerId, gone.Status));
        Assert.Equal(["5100"], gone.PhoneNumberIds);
        Assert.Equal(10, (await AllAsync(engine, new ConnectionQuery(Store.Project, Text: "c12", Limit: 4), pages: 3)).Count);
        Assert.Equal(
            Enumerable.Range(240, 10).Select(i => $"c{i:000}"),
            (await AllAsync(engine, new ConnectionQuery(Store.Project, Text: "524", Limit: 4), pages: 3)).Select(row => row.CustomerId));
        Assert.Empty(await AllAsync(engine, new ConnectionQuery(Store.Project, ConnectionStatus.Gone, "524"), pages: 1));
        Assert.Empty(await AllAsync(engine, new ConnectionQuery("project-3"), pages: 1));
    }

    [Fact]
    public async Task Effects_that_need_a_person_are_listed_resent_and_settled()
    {
        var answer = EffectResult.Dead("refused");
        var welcomes = new Recorder(EffectKind.Welcome, (_, _) => Task.FromResult(answer));
        await using var engine = await _store.StartAsync(null, welcomes);
        await Task.WhenAll(Enumerable.Range(0, 25).Select(i =>
            engine.ObserveAsync(Store.Customer($"c{i}"), Store.Created($"{5000 + i}"), None)));
        await Wait.ForOutboxAsync(engine);

        Assert.Equal(25, (await engine.CheckAsync(None)).EffectsHeldOrDead);
        var rows = new List<EffectRow>();
        string? cursor = null;
        do
        {
            var page = await engine.ListEffectsAsync(Store.Project, EffectStatus.Dead, cursor, 10, None);
            rows.AddRange(page.Items);
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        Assert.Equal(25, rows.Select(row => row.Effect.Id).Distinct().Count());
        Assert.Empty((await engine.ListEffectsAsync(Store.Project, EffectStatus.Held, null, 10, None)).Items);

        answer = EffectResult.Done;
        var (first, second) = (rows[0], rows[1]);
        Assert.Equal(EffectAction.Applied, await engine.ResendAsync(Store.Customer(first.CustomerId), first.Effect.Id, null, None));
        Assert.Equal(EffectAction.Applied, await engine.SettleAsync(Store.Customer(second.CustomerId), second.Effect.Id, null, None));
        Assert.Equal(EffectAction.AlreadySo, await engine.SettleAsync(Store.Customer(second.CustomerId), second.Effect.Id, null, None));
        Assert.Equal(EffectAction.NotFound, await engine.ResendAsync(Store.Customer("nobody"), first.Effect.Id, null, None));
        Assert.Null(await engine.FindAsync(Store.Customer("nobody"), None));
        await Wait.ForOutboxAsync(engine);
        Assert.Equal(23, (await engine.ListEffectsAsync(Store.Project, EffectStatus.Dead, null, 100, None)).Items.Count);
        Assert.Equal(23, (await engine.CheckAsync(None)).EffectsHeldOrDead);
    }

    [Fact]
    public async Task A_watch_shows_the_connection_and_then_its_changes()
    {
        await using var engine = await _store.StartAsync();
        await engine.ObserveAsync(Store.Customer("c1"), Store.Created("1001"), None);

        await using var watch = engine.WatchAsync(Store.Customer("c1"), None).GetAsyncEnumerator(None);
        Assert.True(await Wait.For(watch.MoveNextAsync().AsTask(), "the connection as it is"));
        Assert.Single(watch.Current.Numbers);
        var next = watch.MoveNextAsync();
        await engine.ObserveAsync(Store.Customer("c2"), Store.Created("1002"), None);
        await engine.ObserveAsync(Store.Customer("c1"), Store.Created("1003"), None);
        Assert.True(await Wait.For(next.AsTask(), "the change"));
        Assert.Equal(2, watch.Current.Numbers.Length);
        await engine.DisposeAsync();
        Assert.False(await Wait.For(watch.MoveNextAsync().AsTask(), "the end of the watch"));
    }

    private static async Task<List<ConnectionRow>> AllAsync(EmbeddedEngine engine, ConnectionQuery query, int pages)
    {
        var rows = new List<ConnectionRow>();
        for (var page = 1; ; page++)
        {
            var found = await engine.ListConnectionsAsync(query, None);
            rows.AddRange(found.Items);
            if (found.NextCursor is null)
            {
                Assert.Equal(pages, page);
                return rows;
            }

            query = query with { Cursor = found.NextCursor };
        }
    }
}
