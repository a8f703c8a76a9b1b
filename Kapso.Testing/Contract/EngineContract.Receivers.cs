using static Kapso.Testing.Contract.Stage;

namespace Kapso.Testing.Contract;

public abstract partial class EngineContract
{
    private const string Other = "rcv_other";

    [Fact]
    public async Task Each_receiver_has_an_effect_of_its_own_for_what_it_wants()
    {
        await using var stage = await OpenAsync();
        await PutAsync(stage, Of(Other), Of("rcv_gone") with { Types = [NotifyType.Gone] }, Of("rcv_pro") with { Tag = "plan:pro" });
        await MarkAsync(stage, Customer2, ("plan", "pro"));
        await stage.ObserveAsync(Customer1, ObservationKind.Created);
        await stage.ObserveAsync(Customer1, ObservationKind.Gone);
        await stage.ObserveAsync(Customer2, ObservationKind.Created, SecondNumber);
        await stage.UntilOutboxIsEmptyAsync(Customer1);
        await stage.UntilOutboxIsEmptyAsync(Customer2);

        Assert.Equal([(null, 1L), (null, 2L)], SentTo(stage, Customer1, null));
        Assert.Equal([(Other, 1L), (Other, 2L)], SentTo(stage, Customer1, Other));
        Assert.Equal([("rcv_gone", 2L)], SentTo(stage, Customer1, "rcv_gone"));
        Assert.Empty(SentTo(stage, Customer1, "rcv_pro"));
        Assert.Equal([("rcv_pro", 1L)], SentTo(stage, Customer2, "rcv_pro"));
        Assert.Equal(
            [EffectIds.Notify(Customer1, 1), EffectIds.Notify(Customer1, 2)],
            stage.Notifies.CallsFor(Customer1).Where(effect => effect.Receiver is null).Select(effect => effect.Id));
        Assert.Single(stage.Welcomes.CallsFor(Customer1));
    }

    [Fact]
    public async Task A_receiver_that_hangs_holds_no_other_up()
    {
        await using var stage = await OpenAsync();
        await PutAsync(stage, Of(Other));
        var hanging = new TaskCompletionSource<EffectResult>();
        stage.Notifies.Answer = claimed => claimed.Key == Customer1 && claimed.Effect.Receiver is null ? hanging.Task : Task.FromResult(EffectResult.Done);
        foreach (var kind in (ObservationKind[])[ObservationKind.Created, ObservationKind.Gone, ObservationKind.Reconnected])
            await stage.ObserveAsync(Customer1, kind);

        await stage.EventuallyAsync("the other receiver is told of all", () => SentTo(stage, Customer1, Other).Count == 3);
        Assert.Equal([(null, 1L)], SentTo(stage, Customer1, null));
        hanging.SetResult(EffectResult.Done);
        await stage.UntilOutboxIsEmptyAsync(Customer1);
        Assert.Equal([(null, 1L), (null, 2L), (null, 3L)], SentTo(stage, Customer1, null));
    }

    [Fact]
    public async Task What_a_disabled_receiver_is_told_is_held_and_goes_out_in_order_when_it_is_enabled()
    {
        await using var stage = await OpenAsync();
        await PutAsync(stage, Of(Other) with { DisabledAt = stage.Now });
        foreach (var kind in (ObservationKind[])[ObservationKind.Created, ObservationKind.Gone, ObservationKind.Reconnected])
            await stage.ObserveAsync(Customer1, kind);
        await stage.EventuallyAsync("the default receiver is told of all", () => SentTo(stage, Customer1, null).Count == 3);
        Assert.Empty(SentTo(stage, Customer1, Other));
        await stage.UntilAsync(Customer1, "nothing is on its way", connection => connection.Outbox.All(effect => effect.WaitsForReceiver));

        var held = (await stage.FindAsync(Customer1)).Outbox;
        Assert.All(held, effect => Assert.Equal((EffectStatus.Held, true, Other), (effect.Status, effect.WaitsForReceiver, effect.Receiver)));
        Assert.Equal(3, held.Length);
        Assert.Equal(3, (await stage.Engine.ListEffectsAsync(Project, EffectStatus.Held, null, 10, CancellationToken.None)).Items.Count);
        await stage.EventuallyAsync("what is held is among the messages", async () =>
            (await MessagesAsync(stage, Other, MessageStatus.Held)).Count(message => message.CustomerId == Customer1.CustomerId) == 3);

        await stage.RestartAsync();
        await PutAsync(stage, Of(Other));
        await stage.Engine.LookAtReceiversAsync(Customer1, CancellationToken.None);
        await stage.UntilOutboxIsEmptyAsync(Customer1);
        Assert.Equal([(Other, 1L), (Other, 2L), (Other, 3L)], SentTo(stage, Customer1, Other));
        Assert.DoesNotContain(await MessagesAsync(stage, Other, MessageStatus.Held), message => message.CustomerId == Customer1.CustomerId);
    }

    [Fact]
    public async Task News_of_a_customer_send_what_was_held_before_them_first()
    {
        await using var stage = await OpenAsync();
        await PutAsync(stage, Of(Other) with { DisabledAt = stage.Now });
        await stage.ObserveAsync(Customer1, ObservationKind.Created);
        await stage.UntilAsync(Customer1, "one is held", connection => connection.Outbox.Count(effect => effect.Status == EffectStatus.Held) == 1);
        await PutAsync(stage, Of(Other));
        await stage.ObserveAsync(Customer1, ObservationKind.Gone);
        await stage.UntilOutboxIsEmptyAsync(Customer1);
        Assert.Equal([(Other, 1L), (Other, 2L)], SentTo(stage, Customer1, Other));
    }

    [Fact]
    public async Task What_waits_for_a_receiver_that_was_taken_away_is_dropped_and_said()
    {
        await using var stage = await OpenAsync();
        await PutAsync(stage, Of(Other) with { DisabledAt = stage.Now });
        await stage.ObserveAsync(Customer1, ObservationKind.Created);
        await stage.UntilAsync(Customer1, "one is held", connection => connection.Outbox.Any(effect => effect.Status == EffectStatus.Held));
        await PutAsync(stage, Of(Other) with { RemovedAt = stage.Now });
        await stage.Engine.LookAtReceiversAsync(Customer1, CancellationToken.None);
        await stage.UntilOutboxIsEmptyAsync(Customer1);
        Assert.Contains((await stage.FindAsync(Customer1)).Timeline, line => line.Event == "notify.dropped");
        Assert.Empty(SentTo(stage, Customer1, Other));
    }

    [Fact]
    public async Task Beyond_what_waits_for_a_receiver_the_oldest_make_room_and_it_is_told()
    {
        await using var stage = await OpenAsync();
        await PutAsync(stage, Of(Other) with { DisabledAt = stage.Now });
        for (var i = 0; i < (Connection.MaxNotifies / 2) + 2; i++)
        {
            await stage.ObserveAsync(Customer1, ObservationKind.Reconnected);
            await stage.ObserveAsync(Customer1, ObservationKind.Gone);
        }

        var held = (await stage.FindAsync(Customer1)).Outbox.Where(effect => effect.Receiver == Other).ToList();
        Assert.Equal((Connection.MaxNotifies, 4, 5L), (held.Count, held[0].Dropped, held[0].Sequence));
        await stage.EventuallyAsync("the default receiver is told of all", () => SentTo(stage, Customer1, null).Count == Connection.MaxNotifies + 4);
    }

    [Fact]
    public async Task What_was_sent_is_written_down_with_its_answer_and_can_be_sent_again()
    {
        await using var stage = await OpenAsync();
        await PutAsync(stage, Of(Other));
        var answers = new Queue<EffectResult>([
            EffectResult.Retry("The receiver answered 500.") with { Exchange = new Exchange(500, "busy", 12) },
            EffectResult.Done with { Exchange = new Exchange(200, null, 7) },
        ]);
        stage.Notifies.Answer = claimed => Task.FromResult(
            claimed.Key != Customer1 || claimed.Effect.Receiver is null ? EffectResult.Done : answers.TryDequeue(out var answer) ? answer : EffectResult.Done);
        await stage.ObserveAsync(Customer1, ObservationKind.Created);
        var id = EffectIds.Notify(Customer1, 1, Other);
        await stage.EventuallyAsync("the first attempt is written down", async () =>
            await stage.Engine.FindMessageAsync(Project, Other, id, CancellationToken.None) is not null);
        var failed = (await stage.Engine.FindMessageAsync(Project, Other, id, CancellationToken.None))!;
        Assert.Equal(
            (MessageStatus.Retrying, 1, "connection.connected", new Exchange(500, "busy", 12), "The receiver answered 500."),
            (failed.Status, failed.Attempts, failed.Type, failed.Answer, failed.Error));
        Assert.Equal([id], (await MessagesAsync(stage, Other, MessageStatus.Retrying)).Select(message => message.Id));
        Assert.NotNull((await TrafficAsync(stage)).Single(traffic => traffic.ReceiverId == Other).FailingSince);

        await stage.AdvanceAsync(TimeSpan.FromSeconds(10));
        await stage.UntilOutboxIsEmptyAsync(Customer1);
        var delivered = (await stage.Engine.FindMessageAsync(Project, Other, id, CancellationToken.None))!;
        Assert.Equal((MessageStatus.Delivered, 2, 200), (delivered.Status, delivered.Attempts, delivered.Answer!.Status));
        Assert.Empty(await MessagesAsync(stage, Other, MessageStatus.Retrying));
        await stage.EventuallyAsync("the attempts are counted", async () =>
        {
            await stage.AdvanceAsync(TimeSpan.FromSeconds(1));
            return (await TrafficAsync(stage)).Any(traffic => traffic is { ReceiverId: Other, FailingSince: null, Days: [{ Failed: 1, Delivered: > 0 }] });
        });

        await stage.RestartAsync();
        Assert.Equal(EffectAction.Applied, await stage.Engine.SendAgainAsync(Customer1, delivered.Effect!, "operator-1", CancellationToken.None));
        await stage.UntilOutboxIsEmptyAsync(Customer1);
        Assert.Equal([id, id, id], stage.Notifies.CallsFor(Customer1).Where(effect => effect.Receiver == Other).Select(effect => effect.Id));
        Assert.Equal(3, (await stage.Engine.FindMessageAsync(Project, Other, id, CancellationToken.None))!.Attempts);
        Assert.Contains((await stage.FindAsync(Customer1)).Timeline, line => line is { Event: "notify.resent", By: "operator-1" });
        Assert.Equal(
            EffectAction.NotFound,
            await stage.Engine.SendAgainAsync(new CustomerKey(Project, "stranger"), delivered.Effect!, null, CancellationToken.None));
    }

    [Fact]
    public async Task Messages_are_listed_the_newest_first_page_by_page()
    {
        await using var stage = await OpenAsync();
        for (var i = 0; i < 7; i++)
        {
            await stage.Engine.RecordMessageAsync(
                Project, Other,
                new ReceiverMessage { Id = $"m{i}", Type = "receiver.test", Status = i % 2 == 0 ? MessageStatus.Dead : MessageStatus.Delivered, CreatedAt = stage.Now.AddSeconds(i / 2), At = stage.Now },
                CancellationToken.None);
        }

        await stage.RestartAsync();
        Assert.Equal(["m6", "m5", "m4", "m3", "m2", "m1", "m0"], (await MessagesAsync(stage, Other, null, limit: 2)).Select(message => message.Id));
        Assert.Equal(["m6", "m4", "m2", "m0"], (await MessagesAsync(stage, Other, MessageStatus.Dead, limit: 2)).Select(message => message.Id));
        Assert.Equal(["m5", "m3", "m1"], (await MessagesAsync(stage, Other, MessageStatus.Delivered, limit: 2)).Select(message => message.Id));
        Assert.Empty(await MessagesAsync(stage, "rcv_nobody", null));
    }

    [Fact]
    public async Task Receivers_are_written_only_over_the_version_before()
    {
        await using var stage = await OpenAsync();
        var first = new ReceiverBook().With(Of(Other) with { Secrets = [new ReceiverSecret(new BearerSecret("whsec_x"), stage.Now)] });
        Assert.True(await stage.Engine.SaveReceiversAsync(Project, first, CancellationToken.None));
        Assert.True(await stage.Engine.SaveReceiversAsync(Project, first, CancellationToken.None));
        Assert.False(await stage.Engine.SaveReceiversAsync(Project, new ReceiverBook().With(Of("rcv_late")), CancellationToken.None));
        await stage.RestartAsync();
        var kept = await stage.Engine.ReadReceiversAsync(Project, CancellationToken.None);
        Assert.Equal((1L, Other, "whsec_x"), (kept.Version, kept.Receivers[0].Id, kept.Receivers[0].Secrets[0].Value.Reveal));
        Assert.True(await stage.Engine.SaveReceiversAsync(Project, kept.With(Of("rcv_late")), CancellationToken.None));
        Assert.Empty((await stage.Engine.ReadReceiversAsync("other", CancellationToken.None)).Receivers);
    }

    [Fact]
    public async Task The_kept_webhook_is_written_only_over_the_version_before()
    {
        await using var stage = await OpenAsync();
        var first = new KeptWebhook { Id = "webhook-1", EnabledAt = stage.Now }.WithSecret(new BearerSecret("one"));
        Assert.True(await stage.Engine.SaveWebhookAsync(Project, first, CancellationToken.None));
        Assert.True(await stage.Engine.SaveWebhookAsync(Project, first, CancellationToken.None));
        Assert.False(await stage.Engine.SaveWebhookAsync(Project, new KeptWebhook().WithSecret(new BearerSecret("late")), CancellationToken.None));
        await stage.RestartAsync();
        var kept = await stage.Engine.ReadWebhookAsync(Project, CancellationToken.None);
        Assert.Equal((1L, "webhook-1", "one", first.EnabledAt), (kept.Version, kept.Id, kept.Secrets[0].Value.Reveal, kept.EnabledAt));
        Assert.True(await stage.Engine.SaveWebhookAsync(Project, kept.WithSecret(new BearerSecret("two")), CancellationToken.None));
        Assert.Equal(0, (await stage.Engine.ReadWebhookAsync("other", CancellationToken.None)).Version);
    }

    private static ReceiverEntry Of(string id) => new()
    {
        Id = id,
        Url = new Uri("https://example.com/" + id),
        CreatedAt = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero),
    };

    /// <summary>Writes receivers, and waits until a customer nobody heard of is told as they say.</summary>
    private static async Task PutAsync(Stage stage, params ReceiverEntry[] receivers)
    {
        var book = await stage.Engine.ReadReceiversAsync(Project, CancellationToken.None);
        foreach (var receiver in receivers)
            book = book.With(receiver) with { Version = book.Version };
        Assert.True(await stage.Engine.SaveReceiversAsync(Project, book with { Version = book.Version + 1 }, CancellationToken.None));
        var expected = book.Terms([ReceiverTerms.Default]).Where(terms => terms.Wants(NotifyType.Connected, null)).Select(terms => (terms.Id, terms.IsDisabled));
        await stage.EventuallyAsync("all go by the receivers", async () =>
        {
            await Task.Delay(50);
            var id = "probe-" + Guid.NewGuid().ToString("n");
            var (key, number) = (new CustomerKey(Project, id), Random.Shared.NextInt64(800_000_000_000_000, 899_999_999_999_999));
            await stage.ObserveAsync(key, ObservationKind.Created, number.ToString(System.Globalization.CultureInfo.InvariantCulture));
            await stage.UntilAsync(key, "nothing of the probe is on its way", connection => connection.Outbox.All(effect => effect.WaitsForReceiver));
            var told = stage.Notifies.CallsFor(key).Select(effect => (effect.Receiver ?? ReceiverTerms.DefaultId, false));
            var held = (await stage.FindAsync(key)).Outbox.Select(effect => (effect.Receiver ?? ReceiverTerms.DefaultId, true));
            var isSo = told.Concat(held).ToHashSet().SetEquals(expected);
            foreach (var effect in (await stage.FindAsync(key)).Outbox)
                await stage.Engine.SettleAsync(key, effect.Id, null, CancellationToken.None);
            return isSo;
        });
    }

    private static IReadOnlyList<(string?, long)> SentTo(Stage stage, CustomerKey key, string? receiver) =>
        [.. stage.Notifies.CallsFor(key).Where(effect => effect.Receiver == receiver).Select(effect => (effect.Receiver, effect.Sequence))];

    private static async Task<IReadOnlyList<ReceiverMessage>> MessagesAsync(Stage stage, string receiver, MessageStatus? status, int limit = 100)
    {
        var pages = await ReadAllAsync(cursor => stage.Engine.ListMessagesAsync(
            new MessageQuery(Project, receiver, status, cursor, limit), CancellationToken.None));
        return [.. pages.SelectMany(page => page)];
    }

    private static Task<IReadOnlyList<ReceiverTraffic>> TrafficAsync(Stage stage) => stage.Engine.ReadTrafficAsync(Project, CancellationToken.None);
}
