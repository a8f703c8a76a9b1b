using static Kapso.Testing.Contract.Stage;

namespace Kapso.Testing.Contract;

public abstract partial class EngineContract
{
    private const string TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    [Fact]
    public async Task A_welcome_is_sent_once_with_the_number_and_settled()
    {
        await using var stage = await OpenAsync();
        await stage.ObserveAsync(Customer1, ObservationKind.Created);
        await stage.UntilWelcomeAsync(Customer1, EffectStatus.Done);

        var call = Assert.Single(stage.Welcomes.Calls);
        Assert.Equal((EffectStatus.InFlight, 1, false), (call.Effect.Status, call.Effect.Attempt, call.Effect.OutcomeUnknown));
        Assert.Equal(PhoneNumberId, call.Number?.PhoneNumberId);
        Assert.Equal(1, (await stage.NumberAsync(Customer1)).Welcome?.Attempts);
    }

    [Fact]
    public async Task A_failed_attempt_is_repeated_under_the_same_id_not_before_its_time()
    {
        await using var stage = await OpenAsync();
        stage.Welcomes.Answer = claimed => Task.FromResult(
            claimed.Effect.Attempt == 1 ? EffectResult.Retry("busy", TimeSpan.FromSeconds(30)) : EffectResult.Done);
        await stage.ObserveAsync(Customer1, ObservationKind.Created);
        await stage.UntilWelcomeAsync(Customer1, EffectStatus.Pending);
        Assert.Equal("busy", (await stage.NumberAsync(Customer1)).Welcome?.LastError);

        await stage.AdvanceAsync(TimeSpan.FromSeconds(29));
        await stage.FenceAsync();
        Assert.Single(stage.Welcomes.CallsFor(Customer1));

        await stage.AdvanceAsync(TimeSpan.FromSeconds(2));
        await stage.UntilWelcomeAsync(Customer1, EffectStatus.Done);
        Assert.Equal([1, 2], stage.Welcomes.CallsFor(Customer1).Select(effect => effect.Attempt));
        Assert.Single(stage.Welcomes.CallsFor(Customer1).Select(effect => effect.Id).Distinct());
    }

    [Fact]
    public async Task A_welcome_that_was_not_sent_waits_while_its_number_is_gone_and_goes_out_once()
    {
        await using var stage = await OpenAsync();
        stage.Welcomes.Answer = _ => Task.FromResult(EffectResult.Retry("down"));
        await stage.ObserveAsync(Customer1, ObservationKind.Created);
        await stage.UntilWelcomeAsync(Customer1, EffectStatus.Pending);
        await stage.ObserveAsync(Customer1, ObservationKind.Gone);
        await stage.UntilAsync(Customer1, "only the welcome is left", connection => connection.Outbox.Length == 1);
        stage.Welcomes.Answer = _ => Task.FromResult(EffectResult.Done);
        var sent = stage.Welcomes.CallsFor(Customer1).Count;

        await stage.AdvanceAsync(TimeSpan.FromDays(1));
        await stage.FenceAsync();
        await stage.RestartAsync();
        await stage.FenceAsync();
        Assert.Equal(sent, stage.Welcomes.CallsFor(Customer1).Count);

        await stage.ObserveAsync(Customer1, ObservationKind.Reconnected);
        await stage.UntilWelcomeAsync(Customer1, EffectStatus.Done);
        Assert.Equal(sent + 1, stage.Welcomes.CallsFor(Customer1).Count);
    }

    [Fact]
    public async Task A_welcome_that_was_left_to_another_number_of_the_phone_is_taken_back_where_that_one_goes()
    {
        await using var stage = await OpenAsync();
        Observation Created(string number) =>
            stage.News(ObservationKind.Created, number) with { Details = new NumberDetails { DisplayPhoneNumber = "+1 555-123-4567" } };
        stage.Welcomes.Answer = _ => Task.FromResult(EffectResult.Retry("down"));
        await stage.Engine.ObserveAsync(Customer1, Created(PhoneNumberId), CancellationToken.None);
        await stage.UntilWelcomeAsync(Customer1, EffectStatus.Pending);
        await stage.ObserveAsync(Customer1, ObservationKind.Gone);
        await stage.Engine.ObserveAsync(Customer1, Created(SecondNumber), CancellationToken.None);
        await stage.UntilAsync(Customer1, "the second welcome was tried in vain", connection =>
            connection.FindNumber(SecondNumber)?.Welcome is { Status: EffectStatus.Pending, Attempts: > 0 });
        await stage.ObserveAsync(Customer1, ObservationKind.Gone, SecondNumber);
        stage.Welcomes.Answer = _ => Task.FromResult(EffectResult.Done);
        await stage.CrashAsync();

        await stage.ObserveAsync(Customer1, ObservationKind.Reconnected);
        await stage.UntilWelcomeAsync(Customer1, EffectStatus.Done);
        await stage.ObserveAsync(Customer1, ObservationKind.Reconnected, SecondNumber);
        await stage.FenceAsync();
        Assert.NotNull((await stage.NumberAsync(Customer1, SecondNumber)).Welcome?.LapsedAt);
        var calls = stage.Welcomes.CallsFor(Customer1);
        Assert.Equal((calls[0].Id, PhoneNumberId), (calls[^1].Id, calls[^1].PhoneNumberId));
    }

    [Fact]
    public async Task A_number_that_a_late_created_called_new_is_welcomed_when_it_comes_back()
    {
        await using var stage = await OpenAsync();
        var now = stage.Now;
        Task TellAsync(ObservationKind kind, int second) => stage.Engine.ObserveAsync(
            Customer1, stage.News(kind) with { OccurredAt = now.AddSeconds(second - 10) }, CancellationToken.None);
        await TellAsync(ObservationKind.Gone, 2);
        await TellAsync(ObservationKind.Created, 1);
        await stage.UntilOutboxIsEmptyAsync(Customer1); // What is in flight in a crash waits for its lease.
        await stage.CrashAsync();

        await TellAsync(ObservationKind.Reconnected, 3);
        await stage.UntilWelcomeAsync(Customer1, EffectStatus.Done);
        await stage.UntilOutboxIsEmptyAsync(Customer1);
        Assert.Null(stage.Notifies.Calls.Single(call => call.Effect.NotifyType == NotifyType.Connected).Effect.Detail);
    }

    [Fact]
    public async Task A_notify_that_waits_tells_what_was_so_when_it_was_decided()
    {
        await using var stage = await OpenAsync();
        stage.Notifies.Answer = _ => Task.FromResult(EffectResult.Retry("down"));
        Task TellAsync(ObservationKind kind, string name) => stage.Engine.ObserveAsync(
            Customer1,
            stage.News(kind) with { Customer = new(null, name), Details = new() { DisplayPhoneNumber = "+1 555-123-4567", Name = name } },
            CancellationToken.None);
        await TellAsync(ObservationKind.Created, "Before");
        await stage.EventuallyAsync("the notify is tried", () => stage.Notifies.Calls.Count > 0);
        await TellAsync(ObservationKind.Reconnected, "After");
        stage.Notifies.Answer = _ => Task.FromResult(EffectResult.Done);
        await stage.CrashAsync();

        await stage.AdvanceAsync(TimeSpan.FromMinutes(2));
        await stage.UntilOutboxIsEmptyAsync(Customer1);
        var told = stage.Notifies.Calls[^1];
        Assert.Equal(("Before", "Before", "After"), (told.Customer?.Name, told.Number?.Details?.Name, (await stage.FindAsync(Customer1)).Name?.Value));
    }

    [Fact]
    public async Task A_welcome_that_waited_a_week_for_its_number_lapses()
    {
        await using var stage = await OpenAsync();
        stage.Welcomes.Answer = _ => Task.FromResult(EffectResult.Retry("down"));
        await stage.ObserveAsync(Customer1, ObservationKind.Created);
        await stage.UntilWelcomeAsync(Customer1, EffectStatus.Pending);
        await stage.ObserveAsync(Customer1, ObservationKind.Gone);
        await stage.UntilAsync(Customer1, "only the welcome is left", connection => connection.Outbox.Length == 1);
        var sent = stage.Welcomes.CallsFor(Customer1).Count;

        for (var day = 0; day < 8; day++)
            await stage.AdvanceAsync(TimeSpan.FromDays(1));
        await stage.UntilWelcomeAsync(Customer1, EffectStatus.Dead);
        await stage.UntilOutboxIsEmptyAsync(Customer1);

        await stage.ObserveAsync(Customer1, ObservationKind.Reconnected);
        await stage.FenceAsync();
        Assert.Equal(sent, stage.Welcomes.CallsFor(Customer1).Count);
        Assert.NotNull((await stage.NumberAsync(Customer1)).Welcome?.LapsedAt);
    }

    [Fact]
    public async Task A_welcome_that_was_not_sent_when_the_row_says_sandbox_goes_out_once_it_is_a_production_number()
    {
        await using var stage = await OpenAsync();
        stage.Welcomes.Answer = _ => Task.FromResult(EffectResult.Retry("down"));
        await stage.ObserveAsync(Customer1, ObservationKind.Created);
        await stage.UntilAsync(Customer1, "only the welcome is left, put off", connection =>
            connection.Outbox is [{ Kind: EffectKind.Welcome, Status: EffectStatus.Pending, Attempt: > 0 }]);
        await TellKindAsync(stage, "sandbox");
        stage.Welcomes.Answer = _ => Task.FromResult(EffectResult.Done);
        var sent = stage.Welcomes.CallsFor(Customer1).Count;

        for (var day = 0; day < 10; day++)
            await stage.AdvanceAsync(TimeSpan.FromDays(1));
        await stage.FenceAsync();
        await stage.RestartAsync();
        await stage.FenceAsync();
        Assert.Equal(sent, stage.Welcomes.CallsFor(Customer1).Count);
        Assert.Equal(("sandbox", EffectStatus.Pending), ((await stage.NumberAsync(Customer1)).Kind, (await stage.NumberAsync(Customer1)).Welcome?.Status));

        await TellKindAsync(stage, "production");
        await stage.UntilWelcomeAsync(Customer1, EffectStatus.Done);
        Assert.Equal(sent + 1, stage.Welcomes.CallsFor(Customer1).Count);
    }

    [Fact]
    public async Task A_sandbox_number_is_connected_and_welcomed_by_nobody_until_it_is_a_production_number()
    {
        await using var stage = await OpenAsync();
        await TellKindAsync(stage, "sandbox");
        await stage.ObserveAsync(Customer1, ObservationKind.Created);
        await stage.FenceAsync();
        Assert.Empty(stage.Welcomes.CallsFor(Customer1));
        Assert.Equal(EffectAction.NotWaiting, await stage.Engine.GreetAsync(Customer1, Stage.PhoneNumberId, "Ada", CancellationToken.None));
        Assert.Equal((NumberStatus.Connected, null), ((await stage.NumberAsync(Customer1)).Status, (await stage.NumberAsync(Customer1)).Welcome));

        await TellKindAsync(stage, "production");
        await stage.UntilWelcomeAsync(Customer1, EffectStatus.Done);
        Assert.Single(stage.Welcomes.CallsFor(Customer1));
    }

    [Fact]
    public async Task What_the_platform_says_of_a_number_is_kept_in_its_own_words()
    {
        await using var stage = await OpenAsync(WithApi);
        stage.Confirms.Answer = claimed => Task.FromResult(EffectResult.Done with
        {
            Answer = stage.News(ObservationKind.ApiUnconfirmed, claimed.Effect.PhoneNumberId) with
            {
                Finding = RowFinding.OtherStatus,
                PlatformStatus = "PENDING",
            },
        });
        await stage.ObserveAsync(Customer1, ObservationKind.RedirectSucceeded);

        await stage.UntilAsync(Customer1, "the answer is written", connection => connection.FindNumber(Stage.PhoneNumberId)?.PlatformStatus == "PENDING");
        await stage.RestartAsync();
        Assert.Equal((NumberStatus.Hinted, "PENDING"), ((await stage.NumberAsync(Customer1)).Status, (await stage.NumberAsync(Customer1)).PlatformStatus));
        Assert.Contains((await stage.FindAsync(Customer1)).Timeline, line => line.Detail == "The platform lists the number as PENDING.");
    }

    private static Task<Receipt> TellKindAsync(Stage stage, string kind) => stage.Engine.ObserveAsync(
        Customer1, stage.News(ObservationKind.ApiConnected) with { NumberKind = kind, RowCreatedAt = stage.Now }, CancellationToken.None);

    [Fact]
    public async Task A_phone_that_was_welcomed_is_not_greeted_again_under_another_number_unless_a_person_says_so()
    {
        await using var stage = await OpenAsync(WithApi);
        await WelcomeTheFirstAsync(stage);

        await stage.ObserveAsync(Customer1, ObservationKind.Created, SecondNumber);
        await stage.ObserveAsync(Customer1, ObservationKind.Gone);
        await stage.Engine.ObserveAsync(Customer1, Row(stage, SecondNumber, "+55 (11) 98765-0001"), CancellationToken.None);
        await stage.FenceAsync();

        var second = await stage.NumberAsync(Customer1, SecondNumber);
        Assert.Equal((true, Stage.PhoneNumberId, null), (second.Adopted, second.SamePhoneAs, second.Welcome));
        Assert.Single(stage.Welcomes.CallsFor(Customer1));
        await stage.UntilAsync(Customer1, "all is told", connection => connection.Outbox.All(effect => effect.Kind == EffectKind.Confirm));
        var told = stage.Notifies.Calls.Single(call => call.Effect is { NotifyType: NotifyType.Connected, PhoneNumberId: SecondNumber });
        Assert.Equal(Stage.PhoneNumberId, told.Number!.SamePhoneAs);

        Assert.Equal(EffectAction.Applied, await stage.Engine.GreetAsync(Customer1, SecondNumber, "Ada", CancellationToken.None));
        await stage.UntilWelcomeAsync(Customer1, EffectStatus.Done, SecondNumber);
    }

    [Fact]
    public async Task A_number_whose_phone_nobody_tells_is_greeted_when_its_time_is_over()
    {
        await using var stage = await OpenAsync(WithApi with { Notifies = false });
        await WelcomeTheFirstAsync(stage);

        await stage.ObserveAsync(Customer1, ObservationKind.Created, SecondNumber);
        await stage.AdvanceAsync(TimeSpan.FromMinutes(2));
        await stage.UntilOutboxIsEmptyAsync(Customer1);
        await stage.CrashAsync();
        await stage.FenceAsync();
        Assert.Single(stage.Welcomes.CallsFor(Customer1));

        await stage.AdvanceAsync(TimeSpan.FromMinutes(2));
        await stage.UntilWelcomeAsync(Customer1, EffectStatus.Done, SecondNumber);
        Assert.Equal(2, stage.Welcomes.CallsFor(Customer1).Count);
    }

    private const string SecondNumber = "123456789012346";

    private static Observation Row(Stage stage, string number, string phone) => stage.News(ObservationKind.ApiConnected, number) with
    {
        Details = new NumberDetails { DisplayPhoneNumber = phone, BusinessAccountId = "1" },
        RowCreatedAt = stage.Now,
    };

    private static async Task WelcomeTheFirstAsync(Stage stage)
    {
        await stage.ObserveAsync(Customer1, ObservationKind.Created);
        await stage.Engine.ObserveAsync(Customer1, Row(stage, Stage.PhoneNumberId, "551187650001"), CancellationToken.None);
        await stage.UntilWelcomeAsync(Customer1, EffectStatus.Done);
    }

    [Fact]
    public async Task A_number_that_came_back_unknown_is_greeted_when_a_person_says_so()
    {
        await using var stage = await OpenAsync();
        await stage.ObserveAsync(Customer1, ObservationKind.Reconnected);
        await stage.FenceAsync();
        Assert.Empty(stage.Welcomes.CallsFor(Customer1));

        Assert.Equal(EffectAction.NotFound, await stage.Engine.GreetAsync(Customer1, "1", null, CancellationToken.None));
        Assert.Equal(EffectAction.NotFound, await stage.Engine.GreetAsync(Customer2, Stage.PhoneNumberId, null, CancellationToken.None));
        Assert.Equal(EffectAction.Applied, await stage.Engine.GreetAsync(Customer1, Stage.PhoneNumberId, "Ada", CancellationToken.None));
        await stage.UntilWelcomeAsync(Customer1, EffectStatus.Done);
        Assert.Equal(EffectAction.AlreadySo, await stage.Engine.GreetAsync(Customer1, Stage.PhoneNumberId, "Ada", CancellationToken.None));

        Assert.Single(stage.Welcomes.CallsFor(Customer1));
        Assert.Contains((await stage.FindAsync(Customer1)).Timeline, line => line is { Event: "welcome.greeted", By: "Ada" });
    }

    [Fact]
    public async Task A_runner_that_throws_leaves_an_unknown_outcome_and_is_asked_again()
    {
        await using var stage = await OpenAsync();
        stage.Welcomes.Answer = claimed => claimed.Effect.Attempt == 1
            ? throw new InvalidOperationException("broken")
            : Task.FromResult(EffectResult.Done);
        await stage.ObserveAsync(Customer1, ObservationKind.Created);
        await stage.UntilWelcomeAsync(Customer1, EffectStatus.Pending);
        await stage.AdvanceAsync(TimeSpan.FromSeconds(10));
        await stage.UntilWelcomeAsync(Customer1, EffectStatus.Done);

        Assert.Equal([false, true], stage.Welcomes.CallsFor(Customer1).Select(effect => effect.OutcomeUnknown));
    }

    [Theory]
    [InlineData(EffectStatus.Held)]
    [InlineData(EffectStatus.Dead)]
    public async Task What_waits_for_a_person_is_listed_and_can_be_sent_again(EffectStatus status)
    {
        await using var stage = await OpenAsync();
        stage.Welcomes.Answer = claimed => Task.FromResult(
            claimed.Effect.Attempt > 1 ? EffectResult.Done : status == EffectStatus.Held ? EffectResult.Held("?") : EffectResult.Dead("no"));
        await stage.ObserveAsync(Customer1, ObservationKind.Created);
        await stage.UntilWelcomeAsync(Customer1, status);
        var id = EffectIds.Welcome(Customer1, PhoneNumberId);

        var row = Assert.Single((await stage.Engine.ListEffectsAsync(Project, status, null, 10, CancellationToken.None)).Items);
        Assert.Equal((Customer1.CustomerId, id), (row.CustomerId, row.Effect.Id));
        Assert.Equal(1, (await stage.Engine.CheckAsync(CancellationToken.None)).EffectsHeldOrDead);

        Assert.Equal(EffectAction.NotFound, await stage.Engine.ResendAsync(Customer1, "wel_unknown", null, CancellationToken.None));
        Assert.Equal(EffectAction.Applied, await stage.Engine.ResendAsync(Customer1, id, null, CancellationToken.None));
        Assert.Equal(EffectAction.AlreadySo, await stage.Engine.ResendAsync(Customer1, id, null, CancellationToken.None));
        await stage.UntilWelcomeAsync(Customer1, EffectStatus.Done);
        Assert.Equal(EffectAction.AlreadySo, await stage.Engine.ResendAsync(Customer1, id, null, CancellationToken.None));
        Assert.Equal([id, id], stage.Welcomes.CallsFor(Customer1).Select(effect => effect.Id));
        Assert.Empty((await stage.Engine.ListEffectsAsync(Project, status, null, 10, CancellationToken.None)).Items);
    }

    [Fact]
    public async Task What_waits_for_a_person_can_be_settled_by_hand()
    {
        await using var stage = await OpenAsync();
        stage.Welcomes.Answer = _ => Task.FromResult(EffectResult.Held("?"));
        await stage.ObserveAsync(Customer1, ObservationKind.Created);
        await stage.UntilWelcomeAsync(Customer1, EffectStatus.Held);
        var id = EffectIds.Welcome(Customer1, PhoneNumberId);

        Assert.Equal(EffectAction.NotFound, await stage.Engine.SettleAsync(Customer1, "wel_unknown", null, CancellationToken.None));
        Assert.Equal(EffectAction.NotFound, await stage.Engine.SettleAsync(Customer2, id, null, CancellationToken.None));
        Assert.Equal(EffectAction.Applied, await stage.Engine.SettleAsync(Customer1, id, "operator-1", CancellationToken.None));
        Assert.Equal(EffectAction.AlreadySo, await stage.Engine.SettleAsync(Customer1, id, null, CancellationToken.None));
        Assert.Equal(EffectStatus.Done, (await stage.NumberAsync(Customer1)).Welcome?.Status);
        Assert.Single(stage.Welcomes.CallsFor(Customer1));
        Assert.Contains((await stage.FindAsync(Customer1)).Timeline, line =>
            line.Source == Source.Operator && line.DeliveryId == id && line.By == "operator-1");
    }

    [Fact]
    public async Task Notifies_go_one_at_a_time_in_order_and_a_hanging_welcome_holds_nothing_up()
    {
        await using var stage = await OpenAsync();
        var (welcome, notify) = (new TaskCompletionSource<EffectResult>(), new TaskCompletionSource<EffectResult>());
        stage.Welcomes.Answer = claimed => claimed.Key == Customer1 ? welcome.Task : Task.FromResult(EffectResult.Done);
        stage.Notifies.Answer = claimed => claimed.Effect.Sequence == 1 && claimed.Key == Customer1 ? notify.Task : Task.FromResult(EffectResult.Done);

        await stage.ObserveAsync(Customer1, ObservationKind.Created);
        await stage.EventuallyAsync("the first notify is sent", () => stage.Notifies.CallsFor(Customer1).Count == 1);
        await stage.EventuallyAsync("the welcome is sent", () => stage.Welcomes.CallsFor(Customer1).Count == 1);
        Assert.Equal(
            EffectAction.NotWaiting,
            await stage.Engine.ResendAsync(Customer1, EffectIds.Welcome(Customer1, PhoneNumberId), null, CancellationToken.None));
        Assert.Equal(Outcome.Applied, (await stage.ObserveAsync(Customer1, ObservationKind.Gone)).Outcome);
        await stage.FenceAsync();
        Assert.Single(stage.Notifies.CallsFor(Customer1));

        notify.SetResult(EffectResult.Done);
        await stage.EventuallyAsync("the second notify is sent", () => stage.Notifies.CallsFor(Customer1).Count == 2);
        Assert.Equal([1L, 2L], stage.Notifies.CallsFor(Customer1).Select(effect => effect.Sequence));
        Assert.Equal(NotifyType.Gone, stage.Notifies.CallsFor(Customer1)[1].NotifyType);

        welcome.SetResult(EffectResult.Done);
        await stage.UntilOutboxIsEmptyAsync(Customer1);
    }

    [Fact]
    public async Task After_a_crash_a_lapsed_claim_is_sent_again_under_the_same_id()
    {
        await using var stage = await OpenAsync();
        stage.Welcomes.Answer = claimed => claimed.Effect.Attempt == 1
            ? new TaskCompletionSource<EffectResult>().Task
            : Task.FromResult(EffectResult.Done);
        await stage.ObserveAsync(Customer1, ObservationKind.Created);
        await stage.EventuallyAsync("the welcome is sent", () => stage.Welcomes.CallsFor(Customer1).Count == 1);

        await stage.CrashAsync();
        // Who is alone on the store sends at once, others when the lease lapses: both by then.
        await stage.EventuallyAsync("the welcome is sent again", async () =>
        {
            if (stage.Welcomes.CallsFor(Customer1).Count > 1)
                return true;
            await stage.AdvanceAsync(TimeSpan.FromSeconds(10));
            return false;
        });
        await stage.UntilWelcomeAsync(Customer1, EffectStatus.Done);

        var calls = stage.Welcomes.CallsFor(Customer1);
        Assert.Equal((1, false), (calls[0].Attempt, calls[0].OutcomeUnknown));
        Assert.True(calls[1].Attempt > 1, "The second attempt has a name of its own.");
        Assert.True(calls[1].OutcomeUnknown, "Nobody knows what became of the first attempt.");
        Assert.Single(calls.Select(effect => effect.Id).Distinct());
    }

    [Fact]
    public async Task A_late_failure_of_an_old_attempt_does_not_undo_a_newer_one()
    {
        await using var stage = await OpenAsync();
        var attempts = new[] { new TaskCompletionSource<EffectResult>(), new TaskCompletionSource<EffectResult>() };
        stage.Welcomes.Answer = claimed => attempts[claimed.Effect.Attempt - 1].Task;
        await stage.ObserveAsync(Customer1, ObservationKind.Created);
        await stage.EventuallyAsync("the welcome is sent", () => stage.Welcomes.Calls.Count == 1);
        await stage.AdvanceAsync(Plain.Lease + TimeSpan.FromSeconds(1));
        await stage.EventuallyAsync("the welcome is sent again", () => stage.Welcomes.Calls.Count == 2);

        attempts[0].SetResult(EffectResult.Dead("too late"));
        await stage.FenceAsync();
        Assert.Equal((EffectStatus.InFlight, 2), Welcome(await stage.NumberAsync(Customer1)));

        attempts[1].SetResult(EffectResult.Done);
        await stage.UntilWelcomeAsync(Customer1, EffectStatus.Done);

        static (EffectStatus?, int?) Welcome(Number number) => (number.Welcome?.Status, number.Welcome?.Attempts);
    }

    [Fact]
    public async Task A_receiver_that_is_down_for_an_hour_gets_its_welcome_afterwards()
    {
        await using var stage = await OpenAsync();
        var end = stage.Now.AddHours(1);
        stage.Welcomes.Answer = _ => Task.FromResult(stage.Now < end ? EffectResult.Retry("down", outcomeUnknown: true) : EffectResult.Done);
        await stage.ObserveAsync(Customer1, ObservationKind.Created);

        for (var status = EffectStatus.Pending; status != EffectStatus.Done;)
        {
            await stage.UntilAsync(Customer1, "an attempt is settled", connection =>
                connection.FindNumber(PhoneNumberId)?.Welcome?.Status is EffectStatus.Pending or EffectStatus.Done);
            var connection = await stage.FindAsync(Customer1);
            status = connection.FindNumber(PhoneNumberId)!.Welcome!.Status;
            if (connection.FindEffect(EffectIds.Welcome(Customer1, PhoneNumberId)) is not { } effect)
                continue;
            Assert.True(stage.Now < end.AddHours(2), "The welcome was awaited within two hours after the receiver came back.");
            var sent = stage.Welcomes.Calls.Count;
            await stage.AdvanceAsync(effect.DueAt - stage.Now + TimeSpan.FromMilliseconds(1));
            await stage.EventuallyAsync("a due attempt is sent", () => stage.Welcomes.Calls.Count > sent);
        }

        Assert.Single(stage.Welcomes.Calls.Select(call => call.Effect.Id).Distinct());
        Assert.InRange(stage.Welcomes.Calls.Count, 5, Plain.MaxAttempts);
    }

    [Fact]
    public async Task A_confirms_answer_is_observed_and_settled_in_one_write()
    {
        await using var stage = await OpenAsync(WithApi);
        stage.Confirms.Answer = claimed => Task.FromResult(EffectResult.Done with
        {
            Answer = stage.News(ObservationKind.ApiConnected, claimed.Effect.PhoneNumberId) with { RowCreatedAt = stage.Now },
        });
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await using var watch = stage.Engine.WatchAsync(Customer1, patience.Token).GetAsyncEnumerator();
        await stage.ObserveAsync(Customer1, ObservationKind.RedirectSucceeded);

        do
        {
            Assert.True(await watch.MoveNextAsync(), "The end of the confirm was awaited.");
            var asked = watch.Current.Outbox.Any(effect => effect.Kind == EffectKind.Confirm);
            Assert.Equal(asked ? NumberStatus.Hinted : NumberStatus.Connected, watch.Current.Numbers[0].Status);
        }
        while (watch.Current.Status != ConnectionStatus.Connected);

        await stage.UntilOutboxIsEmptyAsync(Customer1);
        Assert.Single(stage.Confirms.Calls);
        Assert.Single(stage.Welcomes.Calls);
        Assert.Equal(Customer1, await stage.Engine.FindByNumberAsync(Project, PhoneNumberId, CancellationToken.None));
    }

    [Fact]
    public async Task The_trace_of_the_delivery_goes_with_its_effects_across_a_restart()
    {
        await using var stage = await OpenAsync();
        stage.Welcomes.Answer = claimed => Task.FromResult(
            claimed.Effect.Attempt == 1 ? EffectResult.Retry("busy") : EffectResult.Done);
        await stage.Engine.ObserveAsync(
            Customer1, stage.News(ObservationKind.Created) with { TraceParent = TraceParent }, CancellationToken.None);
        await stage.UntilAsync(Customer1, "only the welcome is left, put off", connection =>
            connection.Outbox is [{ Kind: EffectKind.Welcome, Status: EffectStatus.Pending }]);
        await stage.RestartAsync();
        await stage.AdvanceAsync(TimeSpan.FromMinutes(1));
        await stage.UntilOutboxIsEmptyAsync(Customer1);

        var sent = stage.Welcomes.CallsFor(Customer1).Concat(stage.Notifies.CallsFor(Customer1)).ToList();
        Assert.Equal(3, sent.Count);
        // An engine may put a span of its own between: the trace is the same.
        Assert.All(sent, effect => Assert.Equal(TraceParent.Split('-')[1], effect.TraceParent?.Split('-')[1]));
        Assert.All((await stage.FindAsync(Customer1)).Timeline, line => Assert.Equal(TraceParent.Split('-')[1], line.TraceId));
    }

    [Fact]
    public async Task A_clock_that_was_set_back_leaves_nothing_behind()
    {
        await using var stage = await OpenAsync();
        stage.Welcomes.Answer = claimed => claimed.Effect.Attempt == 1
            ? new TaskCompletionSource<EffectResult>().Task
            : Task.FromResult(EffectResult.Done);
        await stage.ObserveAsync(Customer1, ObservationKind.Created);
        await stage.EventuallyAsync("the welcome is sent", () => stage.Welcomes.Calls.Count == 1);
        await stage.UntilAsync(Customer1, "only the welcome is left", connection => connection.Outbox.Length == 1);

        stage.Time.AdjustTime(stage.Now.AddHours(-2));
        await stage.CrashAsync();

        await stage.UntilWelcomeAsync(Customer1, EffectStatus.Done);
        await stage.UntilOutboxIsEmptyAsync(Customer1);
        Assert.Equal(Outcome.Applied, (await stage.ObserveAsync(Customer1, ObservationKind.Gone)).Outcome);
    }
}
