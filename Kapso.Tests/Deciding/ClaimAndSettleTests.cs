namespace Kapso.Tests.Deciding;

public sealed class ClaimAndSettleTests
{
    private static readonly ConnectionPolicy Quiet = Given.WithoutKey with { Notifies = false };

    private static (Connection Connection, Effect Welcome) ClaimedWelcome(DateTimeOffset? at = null)
    {
        var (connection, claimed) = Given.Standing(NumberStatus.Connected, Quiet).Claimed(at ?? Given.Noon, Quiet);
        return (connection, Assert.Single(claimed).Effect);
    }

    [Fact]
    public void A_claimed_effect_is_not_claimed_again_while_its_lease_lasts()
    {
        var (connection, _) = ClaimedWelcome();
        Assert.Empty(connection.Claimed(Given.Noon + Quiet.Lease - TimeSpan.FromMilliseconds(1), Quiet).Claimed);
    }

    [Fact]
    public void A_lapsed_lease_means_an_unknown_outcome_and_another_attempt_with_the_same_id()
    {
        var (connection, first) = ClaimedWelcome();
        var again = Assert.Single(connection.Claimed(Given.Noon + Quiet.Lease, Quiet).Claimed).Effect;

        Assert.Equal((first.Id, 2, true), (again.Id, again.Attempt, again.OutcomeUnknown));
    }

    [Fact]
    public void A_lease_that_ends_too_far_ahead_was_taken_under_another_clock_and_has_lapsed()
    {
        var (connection, _) = ClaimedWelcome();
        Assert.Single(connection.Claimed(Given.Noon.AddHours(-1), Quiet).Claimed);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_a_process_that_stops_hands_over_is_due_at_once(bool mayHaveBeenSent)
    {
        var (connection, first) = ClaimedWelcome();
        var handedOver = EffectResult.Retry("stopped", outcomeUnknown: mayHaveBeenSent) with { HandedOver = true };
        connection = Decisions.Settle(connection, first.Id, first.Attempt, handedOver, Quiet, Given.Noon).Connection;

        var again = Assert.Single(connection.Claimed(Given.Noon, Quiet).Claimed).Effect;
        Assert.Equal((first.Id, 2, mayHaveBeenSent), (again.Id, again.Attempt, again.OutcomeUnknown));
    }

    [Fact]
    public void A_sole_holder_takes_over_the_leases_of_those_before_it_and_keeps_its_own()
    {
        var (connection, _) = ClaimedWelcome();
        var successor = new LeaseHolder("holder-2", Sole: true);
        (connection, var claimed) = connection.Claimed(Given.Noon, Quiet, successor);
        Assert.Single(claimed);
        Assert.Empty(connection.Claimed(Given.Noon, Quiet, successor).Claimed);
    }

    [Fact]
    public void A_due_time_further_ahead_than_anything_is_put_off_counts_as_due()
    {
        var (connection, welcome) = ClaimedWelcome();
        connection = Settled(connection, welcome, EffectResult.Retry("down"), Given.Noon);
        Assert.Empty(connection.Claimed(Given.Noon, Quiet).Claimed);
        Assert.Single(connection.Claimed(Given.Noon.AddDays(-2), Quiet).Claimed);
    }

    [Fact]
    public void A_slow_old_attempt_cannot_undo_a_newer_one()
    {
        var (connection, first) = ClaimedWelcome();
        (connection, var claimed) = connection.Claimed(Given.Noon + Quiet.Lease, Quiet);
        var second = claimed.Single().Effect;

        var after = Settled(connection, first, EffectResult.Dead("refused"), Given.Noon + Quiet.Lease);

        Assert.Same(connection, after);
        Assert.Equal(EffectStatus.InFlight, after.FindEffect(second.Id)!.Status);
    }

    [Fact]
    public void Done_counts_whatever_its_attempt()
    {
        var (connection, first) = ClaimedWelcome();
        (connection, _) = connection.Claimed(Given.Noon + Quiet.Lease, Quiet);

        connection = Settled(connection, first, EffectResult.Done, Given.Noon.AddMinutes(2));

        Assert.Empty(connection.Outbox);
        Assert.Equal(EffectStatus.Done, connection.TheNumber().Welcome!.Status);
    }

    [Fact]
    public void Attempts_are_put_off_ever_longer_and_end_dead_with_a_word_to_the_company()
    {
        var policy = Given.WithoutKey;
        var connection = Given.Standing(NumberStatus.Connected, policy);
        var now = Given.Noon;
        var last = TimeSpan.Zero;
        var welcome = connection.Effect(EffectKind.Welcome)!;
        for (var attempt = 1; attempt <= policy.MaxAttempts; attempt++)
        {
            (connection, var claimed) = connection.Claimed(now, policy);
            Assert.Contains(claimed, effect => effect.Effect.Id == welcome.Id && effect.Effect.Attempt == attempt);
            connection = Decisions.Settle(connection, welcome.Id, attempt, EffectResult.Retry("503"), policy, now).Connection;
            welcome = connection.FindEffect(welcome.Id)!;
            if (welcome.Status == EffectStatus.Dead)
                break;

            var delay = welcome.DueAt - now;
            Assert.InRange(delay, policy.RetryDelay * 0.8, policy.MaxRetryDelay * 1.2);
            if (attempt is > 1 and < 8)
                Assert.True(delay > last, $"Attempt {attempt} was put off {delay}, the one before {last}.");
            last = delay;
            now = welcome.DueAt;
        }

        Assert.Equal((EffectStatus.Dead, policy.MaxAttempts), (welcome.Status, welcome.Attempt));
        Assert.Equal((EffectStatus.Dead, "503"), (connection.TheNumber().Welcome!.Status, connection.TheNumber().Welcome!.LastError));
        Assert.Contains(connection.Outbox, effect => effect is { NotifyType: NotifyType.Attention, Detail: "welcome_dead" });
        Assert.Null((connection with { Outbox = [welcome] }).WakeAt);
    }

    [Theory]
    [InlineData(120, 120)]
    [InlineData(10_000_000, 86_400)]
    public void A_receivers_wish_to_wait_counts_up_to_a_day(int seconds, int expectedSeconds)
    {
        var (connection, welcome) = ClaimedWelcome();
        connection = Settled(connection, welcome, EffectResult.Retry("429", TimeSpan.FromSeconds(seconds)), Given.Noon);
        Assert.Equal(Given.Noon.AddSeconds(expectedSeconds), connection.FindEffect(welcome.Id)!.DueAt);
    }

    [Fact]
    public void An_effect_that_fells_its_sender_each_time_ends_dead()
    {
        var policy = Quiet with { MaxAttempts = 2 };
        var (connection, _) = Given.Standing(NumberStatus.Connected, policy).Claimed(Given.Noon, policy);
        (connection, var second) = connection.Claimed(Given.Noon.AddMinutes(1), policy);
        Assert.Single(second);
        (connection, var third) = connection.Claimed(Given.Noon.AddMinutes(2), policy);

        Assert.Empty(third);
        Assert.Equal(EffectStatus.Dead, connection.TheNumber().Welcome!.Status);
    }

    [Fact]
    public void Notifies_go_out_in_order_one_at_a_time_and_wake_nobody_while_they_wait()
    {
        var policy = Given.WithoutKey;
        var connection = Given.Standing(NumberStatus.Connected, policy).After(ObservationKind.Gone, Given.Noon.AddSeconds(1), policy);
        (connection, var claimed) = connection.Claimed(Given.Noon.AddSeconds(1), policy);
        var first = claimed.Single(effect => effect.Effect.Kind == EffectKind.Notify).Effect;
        Assert.Equal((1, NotifyType.Connected), (first.Sequence, first.NotifyType));
        Assert.True(connection.WakeAt > Given.Noon.AddSeconds(1));

        connection = Settled(connection, first, EffectResult.Retry("503"), Given.Noon.AddSeconds(2), policy);
        Assert.DoesNotContain(connection.Claimed(Given.Noon.AddSeconds(2), policy).Claimed, effect => effect.Effect.Kind == EffectKind.Notify);

        var due = connection.FindEffect(first.Id)!.DueAt;
        (connection, claimed) = connection.Claimed(due, policy);
        var again = claimed.Single(effect => effect.Effect.Kind == EffectKind.Notify).Effect;
        Assert.Equal(1, again.Sequence);

        connection = Settled(connection, again, EffectResult.Done, due, policy);
        Assert.Equal(2, connection.Claimed(due, policy).Claimed.Single(effect => effect.Effect.Kind == EffectKind.Notify).Effect.Sequence);
    }

    [Fact]
    public void A_dead_notify_holds_up_no_later_one()
    {
        var policy = Given.WithoutKey;
        var connection = Given.Standing(NumberStatus.Connected, policy).After(ObservationKind.Gone, Given.Noon, policy);
        (connection, var claimed) = connection.Claimed(Given.Noon, policy);
        var first = claimed.Single(effect => effect.Effect.Kind == EffectKind.Notify).Effect;
        connection = Settled(connection, first, EffectResult.Dead("410"), Given.Noon, policy);

        Assert.Equal(2, connection.Claimed(Given.Noon, policy).Claimed.Single().Effect.Sequence);
    }

    [Fact]
    public void A_person_can_resend_or_settle_what_is_dead_and_only_that()
    {
        var (connection, welcome) = ClaimedWelcome();
        Assert.Equal(EffectAction.NotWaiting, Resend(ref connection, welcome.Id));
        connection = Settled(connection, welcome, EffectResult.Dead("404"), Given.Noon);

        Assert.Equal(EffectAction.Applied, Resend(ref connection, welcome.Id));
        Assert.Equal(EffectAction.AlreadySo, Resend(ref connection, welcome.Id));
        var again = Assert.Single(connection.Claimed(Given.Noon, Quiet).Claimed).Effect;
        Assert.Equal((welcome.Id, 2), (again.Id, again.Attempt));

        (connection, _) = connection.Claimed(Given.Noon, Quiet);
        connection = Settled(connection, again, EffectResult.Held("unknown"), Given.Noon);
        Assert.Equal(EffectAction.Applied, SettleByHand(ref connection, welcome.Id));
        Assert.Equal(EffectAction.AlreadySo, SettleByHand(ref connection, welcome.Id));
        Assert.Equal(EffectAction.NotFound, SettleByHand(ref connection, "wel_unknown"));
        Assert.Equal(EffectStatus.Done, connection.TheNumber().Welcome!.Status);
        Assert.Equal(
            ["welcome.resent", "welcome.settled"],
            connection.Timeline.Where(line => line.Source == Source.Operator).Select(line => line.Event));
    }

    [Fact]
    public void A_welcome_that_is_given_up_makes_room_among_a_hundred_notifies_and_the_rest_is_claimed()
    {
        var policy = Given.WithoutKey with { MaxAttempts = 1 };
        var (connection, claimed) = Given.Standing(NumberStatus.Connected, policy).Claimed(Given.Noon, policy);
        connection = Settled(connection, claimed.Single(one => one.Effect.Kind == EffectKind.Notify).Effect, EffectResult.Done, Given.Noon, policy);
        for (var i = 1; i <= Connection.MaxNotifies; i++)
            connection = connection.After(i % 2 == 0 ? ObservationKind.Reconnected : ObservationKind.Gone, Given.Noon.AddSeconds(i), policy);

        (connection, claimed) = connection.Claimed(Given.Noon.AddMinutes(2), policy);

        Assert.Equal(EffectStatus.Dead, connection.TheNumber().Welcome!.Status);
        Assert.Equal(3, Assert.Single(claimed).Effect.Sequence); // 2 made room.
        Assert.Contains(connection.Outbox, effect => effect is { NotifyType: NotifyType.Attention, Detail: "welcome_dead" });
    }

    [Fact]
    public void A_welcome_whose_last_lease_lapsed_is_looked_for_once_and_then_left_to_a_person()
    {
        var policy = Quiet with { MaxAttempts = 1, LooksUpWelcomes = true };
        var (connection, _) = Given.Standing(NumberStatus.Connected, policy).Claimed(Given.Noon, policy);

        (connection, var look) = connection.Claimed(Given.Noon.AddMinutes(1), policy);
        Assert.Equal((2, true), (Assert.Single(look).Effect.Attempt, look[0].Effect.OutcomeUnknown));
        (connection, var third) = connection.Claimed(Given.Noon.AddMinutes(2), policy);

        Assert.Empty(third);
        Assert.Equal(EffectStatus.Held, connection.TheNumber().Welcome!.Status);
    }

    [Fact]
    public void A_last_attempt_with_an_unknown_outcome_is_looked_for_once_and_then_left_to_a_person()
    {
        var policy = Quiet with { MaxAttempts = 1, LooksUpWelcomes = true };
        var (connection, sent) = Given.Standing(NumberStatus.Connected, policy).Claimed(Given.Noon, policy);
        var unknown = EffectResult.Retry("broken", TimeSpan.FromMinutes(1), outcomeUnknown: true);

        connection = Settled(connection, sent[0].Effect, unknown, Given.Noon, policy);
        (connection, var look) = connection.Claimed(Given.Noon.AddMinutes(1), policy);
        Assert.True(Assert.Single(look).Effect.OutcomeUnknown);
        Assert.Equal(EffectStatus.Done, Settled(connection, look[0].Effect, EffectResult.Done, Given.Noon, policy).TheNumber().Welcome!.Status);

        connection = Settled(connection, look[0].Effect, unknown, Given.Noon.AddMinutes(1), policy);
        Assert.Equal(EffectStatus.Held, connection.TheNumber().Welcome!.Status);
    }

    [Theory]
    [InlineData(1, 5)]
    [InlineData(0, 5)]
    [InlineData(5, 0)]
    public void Each_kind_is_claimed_within_its_own_bound(int welcomes, int notifies)
    {
        var policy = Given.WithoutKey;
        var connection = Connection.Empty(Given.Key);
        for (var i = 0; i < 6; i++)
            connection = connection.After(Given.Observation(ObservationKind.Created, Given.Noon, $"10{i}"), policy).Connection;

        var claims = Decisions.Claim(connection, policy, Given.Holder, Given.Room(welcomes: welcomes, notifies: notifies), Given.Noon);

        Assert.Equal(welcomes, claims.Effects.Count(one => one.Effect.Kind == EffectKind.Welcome));
        Assert.Equal(Math.Min(1, notifies), claims.Effects.Count(one => one.Effect.Kind == EffectKind.Notify)); // They go one at a time.
        Assert.Equal(connection.Outbox.Length, claims.Connection.Outbox.Length);
    }

    private static EffectAction Resend(ref Connection connection, string id)
    {
        (connection, var action) = Decisions.Resend(connection, id, Quiet, Given.Noon);
        return action;
    }

    private static EffectAction SettleByHand(ref Connection connection, string id)
    {
        (connection, var action) = Decisions.SettleByHand(connection, id, Quiet, Given.Noon);
        return action;
    }

    private static Connection Settled(
        Connection connection, Effect effect, EffectResult result, DateTimeOffset now, ConnectionPolicy? policy = null) =>
        Decisions.Settle(connection, effect.Id, effect.Attempt, result, policy ?? Quiet, now).Connection;
}
