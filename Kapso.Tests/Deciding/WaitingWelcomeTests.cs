namespace Kapso.Tests.Deciding;

/// <summary>A welcome that was decided, not sent, and whose number has gone since.</summary>
public sealed class WaitingWelcomeTests
{
    private static readonly ConnectionPolicy Policy = Given.WithoutKey with { Notifies = false };
    private static readonly DateTimeOffset Gone = Given.Noon.AddHours(1);

    /// <summary>The receiver was down when the number connected; then the number went.</summary>
    private static Connection Waiting()
    {
        var (connection, claimed) = Given.Standing(NumberStatus.Connected, Policy).Claimed(Given.Noon, Policy);
        var welcome = Assert.Single(claimed).Effect;
        connection = Decisions.Settle(connection, welcome.Id, welcome.Attempt, EffectResult.Retry("down"), Policy, Given.Noon).Connection;
        return connection.After(ObservationKind.Gone, Gone, Policy);
    }

    private static string[] WelcomeLines(Connection connection) =>
        [.. connection.Timeline.Where(line => line.Event.StartsWith("welcome.", StringComparison.Ordinal)).Select(line => line.Event)];

    [Fact]
    public void It_waits_as_long_as_the_number_is_gone()
    {
        var connection = Waiting();

        for (var hour = 1; hour < 7 * 24; hour++)
        {
            (connection, var claimed) = connection.Claimed(Gone.AddHours(hour), Policy);
            Assert.Empty(claimed);
            Assert.True(connection.WakeAt > Gone.AddHours(hour), "It is looked at again later, and not for ever anew.");
        }

        Assert.Equal(EffectStatus.Pending, connection.TheNumber().Welcome?.Status);
        Assert.Equal(["welcome.waits"], WelcomeLines(connection));
    }

    [Theory]
    [InlineData(ObservationKind.Reconnected)]
    [InlineData(ObservationKind.ApiConnected)]
    public void It_goes_out_once_when_the_number_is_connected_again(ObservationKind back)
    {
        var at = Gone.AddDays(2);
        var (connection, claimed) = Waiting().After(back, at, Policy).Claimed(at, Policy);
        var welcome = Assert.Single(claimed).Effect;
        Assert.Equal(EffectIds.Welcome(Given.Key, Given.Number), welcome.Id);
        connection = Decisions.Settle(connection, welcome.Id, welcome.Attempt, EffectResult.Done, Policy, at).Connection;

        connection = connection.After(ObservationKind.Gone, at.AddDays(1), Policy).After(ObservationKind.Reconnected, at.AddDays(2), Policy);

        Assert.Empty(connection.Claimed(at.AddDays(3), Policy).Claimed);
        Assert.Equal(EffectStatus.Done, connection.TheNumber().Welcome?.Status);
        Assert.Equal(["welcome.waits", "welcome.resumed", "welcome.done"], WelcomeLines(connection));
    }

    [Fact]
    public void It_lapses_a_week_after_the_number_went_and_is_never_sent()
    {
        var (connection, claimed) = Waiting().Claimed(Gone.AddDays(7), Policy);

        Assert.Empty(claimed);
        Assert.Empty(connection.Outbox);
        Assert.Equal((EffectStatus.Dead, Gone.AddDays(7)), (connection.TheNumber().Welcome!.Status, connection.TheNumber().Welcome!.LapsedAt));
        Assert.Equal(["welcome.waits", "welcome.lapsed"], WelcomeLines(connection));
        connection = connection.After(ObservationKind.Reconnected, Gone.AddDays(8), Policy);
        Assert.Empty(connection.Claimed(Gone.AddDays(9), Policy).Claimed);
    }

    [Fact]
    public void One_that_lapsed_is_sent_when_a_person_says_so_under_its_id_and_as_a_further_attempt()
    {
        var connection = Waiting().Claimed(Gone.AddDays(7), Policy).Connection;
        Assert.Equal(EffectAction.NotWaiting, Decisions.Greet(connection, Given.Number, Gone.AddDays(8)).Action);
        connection = connection.After(ObservationKind.Reconnected, Gone.AddDays(8), Policy);

        (connection, var action) = Decisions.Greet(connection, Given.Number, Gone.AddDays(9));
        (connection, var claimed) = connection.Claimed(Gone.AddDays(9), Policy);

        var welcome = Assert.Single(claimed).Effect;
        Assert.Equal((EffectAction.Applied, EffectIds.Welcome(Given.Key, Given.Number), 2), (action, welcome.Id, welcome.Attempt));
        connection = Decisions.Settle(connection, welcome.Id, welcome.Attempt, EffectResult.Done, Policy, Gone.AddDays(9)).Connection;
        Assert.Equal((EffectStatus.Done, null), (connection.TheNumber().Welcome?.Status, connection.TheNumber().Welcome?.LapsedAt));
        Assert.Equal(EffectAction.AlreadySo, Decisions.Greet(connection, Given.Number, Gone.AddDays(10)).Action);
    }

    [Fact]
    public void One_in_flight_is_finished_and_waits_only_where_it_certainly_did_not_go_out()
    {
        var (flying, claimed) = Given.Standing(NumberStatus.Connected, Policy).Claimed(Given.Noon, Policy);
        var welcome = Assert.Single(claimed).Effect;
        flying = flying.After(ObservationKind.Gone, Given.Noon.AddSeconds(1), Policy);

        var done = Decisions.Settle(flying, welcome.Id, 1, EffectResult.Done, Policy, Gone).Connection;
        Assert.Equal(EffectStatus.Done, done.TheNumber().Welcome?.Status);

        var refused = Decisions.Settle(flying, welcome.Id, 1, EffectResult.Retry("down"), Policy, Gone).Connection;
        Assert.Empty(refused.Claimed(Gone.AddHours(2), Policy).Claimed);
        Assert.Equal(Given.Noon.AddSeconds(1), refused.Effect(EffectKind.Welcome)?.WaitsSince);

        var unknown = Decisions.Settle(flying, welcome.Id, 1, EffectResult.Retry("timed out", outcomeUnknown: true), Policy, Gone).Connection;
        Assert.True(Assert.Single(unknown.Claimed(Gone.AddHours(2), Policy).Claimed).Effect.OutcomeUnknown);
    }

    [Fact]
    public void One_that_an_earlier_version_left_pending_waits_from_the_upgrade_on()
    {
        var stored = Waiting();
        var welcome = stored.Effect(EffectKind.Welcome)!;
        stored = stored with { Outbox = stored.Outbox.Replace(welcome, welcome with { WaitsSince = null, DueAt = Gone }) };
        var upgrade = Gone.AddDays(30);

        var (connection, claimed) = stored.Claimed(upgrade, Policy);
        Assert.Empty(claimed);
        Assert.Empty(connection.Claimed(upgrade.AddDays(6), Policy).Claimed);

        connection = connection.Claimed(upgrade.AddDays(7), Policy).Connection;
        Assert.NotNull(connection.TheNumber().Welcome?.LapsedAt);
    }

    [Fact]
    public void One_that_a_person_sends_again_waits_as_well()
    {
        var (connection, claimed) = Given.Standing(NumberStatus.Connected, Policy).Claimed(Given.Noon, Policy);
        var welcome = Assert.Single(claimed).Effect;
        connection = Decisions.Settle(connection, welcome.Id, 1, EffectResult.Dead("410"), Policy, Given.Noon).Connection
            .After(ObservationKind.Gone, Gone, Policy);

        connection = Decisions.Resend(connection, welcome.Id, Policy, Gone.AddHours(1), "Ada").Connection;

        Assert.Empty(connection.Claimed(Gone.AddHours(1), Policy).Claimed);
        Assert.Single(connection.Claimed(Gone.AddHours(1), Policy).Connection.After(ObservationKind.Reconnected, Gone.AddHours(2), Policy)
            .Claimed(Gone.AddHours(2), Policy).Claimed);
    }
}
