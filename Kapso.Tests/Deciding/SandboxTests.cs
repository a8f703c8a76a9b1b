namespace Kapso.Tests.Deciding;

/// <summary>The platform's numbers to try things with are nobody's own, and are not welcomed, whoever told of them first.</summary>
public sealed class SandboxTests
{
    private static readonly ConnectionPolicy Policy = Given.WithKey with { Notifies = false };
    private static readonly DateTimeOffset Later = Given.Noon.AddMinutes(1);

    private static Observation Row(string? kind, DateTimeOffset at, ObservationKind says = ObservationKind.ApiConnected) =>
        Given.Observation(says, at) with { NumberKind = kind };

    /// <summary>A webhook told of the number, and the receiver of its welcome was down.</summary>
    private static Connection Unsent()
    {
        var (connection, claimed) = Given.Standing(NumberStatus.Connected, Policy).Claimed(Given.Noon, Policy);
        var welcome = Assert.Single(claimed, one => one.Effect.Kind == EffectKind.Welcome).Effect;
        return Decisions.Settle(connection, welcome.Id, welcome.Attempt, EffectResult.Retry("down"), Policy, Given.Noon).Connection;
    }

    private static IEnumerable<ClaimedEffect> Welcomes(Connection connection, DateTimeOffset at) =>
        connection.Claimed(at, Policy).Claimed.Where(one => one.Effect.Kind == EffectKind.Welcome);

    [Theory]
    [InlineData(null)]
    [InlineData(NumberStatus.Hinted)]
    [InlineData(NumberStatus.Refused)]
    public void A_row_that_says_sandbox_connects_and_welcomes_nobody(NumberStatus? standing)
    {
        var connection = Given.Standing(standing, Policy).After(Row(Number.Sandbox, Later), Policy).Connection;

        var number = connection.TheNumber();
        Assert.Equal((NumberStatus.Connected, true, false, null), (number.Status, number.IsSandbox, number.Adopted, number.Welcome));
        Assert.Contains("sandbox", connection.Timeline[^1].Detail, StringComparison.Ordinal);
        connection = connection.After(ObservationKind.Created, Later.AddMinutes(1), Policy).After(ObservationKind.Reconnected, Later.AddMinutes(2), Policy);
        Assert.Null(connection.TheNumber().Welcome);
        Assert.Equal(EffectAction.NotWaiting, Decisions.Greet(connection, Given.Number, Later.AddHours(1), "Ada").Action);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5 * 365)]
    public void One_that_becomes_a_production_number_is_news_however_old_its_row_is(int days)
    {
        var created = Given.Noon.AddDays(days);
        var sandbox = Connection.Empty(Given.Key).After(Row(Number.Sandbox, Later) with { RowCreatedAt = created }, Policy).Connection;

        var decision = sandbox.After(Row("production", Later.AddDays(1)) with { RowCreatedAt = created }, Policy);

        Assert.Equal((false, false), (decision.Connection.TheNumber().IsSandbox, decision.Connection.TheNumber().Adopted));
        Assert.Contains("sandbox", decision.Connection.Timeline[^1].Detail, StringComparison.Ordinal);
        Assert.Single(Welcomes(decision.Connection, Later.AddDays(1)));
        Assert.Empty(Welcomes(decision.Connection.Claimed(Later.AddDays(1), Policy).Connection.After(Row("production", Later.AddDays(2)), Policy).Connection, Later.AddDays(1).AddSeconds(1)));
    }

    [Theory]
    [InlineData(ObservationKind.ApiConnected)]
    [InlineData(ObservationKind.ApiUnconfirmed)]
    public void A_welcome_that_was_not_sent_when_the_row_says_sandbox_waits_until_it_is_a_production_number(ObservationKind says)
    {
        var connection = Unsent().After(Row(Number.Sandbox, Later, says), Policy).Connection;
        for (var day = 0; day < 60; day++)
        {
            var at = Later.AddDays(day);
            Assert.Empty(Welcomes(connection, at));
            connection = connection.Claimed(at, Policy).Connection;
            Assert.True(connection.WakeAt is null || connection.WakeAt > at, "It is looked at again later, and not for ever anew.");
        }

        Assert.Equal((EffectStatus.Pending, null), (connection.TheNumber().Welcome!.Status, connection.TheNumber().Welcome!.LapsedAt));
        Assert.Single(connection.Timeline, line => line.Event == "welcome.waits" && line.Detail!.Contains("sandbox", StringComparison.Ordinal));

        var back = Later.AddDays(61);
        connection = connection.After(Row("production", back), Policy).Connection;
        var (sent, claimed) = connection.Claimed(back, Policy);
        var welcome = Assert.Single(claimed, one => one.Effect.Kind == EffectKind.Welcome).Effect;
        Assert.Equal(EffectIds.Welcome(Given.Key, Given.Number), welcome.Id);
        sent = Decisions.Settle(sent, welcome.Id, welcome.Attempt, EffectResult.Done, Policy, back).Connection;
        Assert.Empty(Welcomes(sent.After(Row(Number.Sandbox, back.AddDays(1)), Policy).Connection.After(Row("production", back.AddDays(2)), Policy).Connection, back.AddDays(3)));
    }

    [Fact]
    public void Only_a_row_that_proves_the_number_says_that_it_is_no_sandbox_number_any_more()
    {
        var sandbox = Unsent().After(Row(Number.Sandbox, Later), Policy).Connection;

        foreach (var says in (ObservationKind[])[ObservationKind.ApiUnconfirmed, ObservationKind.ApiAbsent])
        {
            var after = sandbox.After(Row("production", Later.AddMinutes(1), says), Policy).Connection;
            Assert.True(after.TheNumber().IsSandbox);
            Assert.Empty(Welcomes(after, Later.AddHours(1)));
        }

        Assert.True(sandbox.After(Row(null, Later.AddMinutes(1)), Policy).Connection.TheNumber().IsSandbox);
    }

    [Fact]
    public void One_that_is_being_sent_is_finished_and_waits_only_where_it_certainly_did_not_go_out()
    {
        var (flying, claimed) = Given.Standing(NumberStatus.Connected, Policy).Claimed(Given.Noon, Policy);
        var welcome = Assert.Single(claimed, one => one.Effect.Kind == EffectKind.Welcome).Effect;
        flying = flying.After(Row(Number.Sandbox, Later), Policy).Connection;

        var done = Decisions.Settle(flying, welcome.Id, 1, EffectResult.Done, Policy, Later).Connection;
        Assert.Equal(EffectStatus.Done, done.TheNumber().Welcome?.Status);
        var refused = Decisions.Settle(flying, welcome.Id, 1, EffectResult.Retry("down"), Policy, Later).Connection;
        Assert.Empty(Welcomes(refused, Later.AddDays(1)));
        var unknown = Decisions.Settle(flying, welcome.Id, 1, EffectResult.Retry("timed out", outcomeUnknown: true), Policy, Later).Connection;
        Assert.True(Assert.Single(Welcomes(unknown, Later.AddHours(2))).Effect.OutcomeUnknown);
    }

    [Fact]
    public void One_that_goes_lapses_a_week_after_it_went_and_one_that_comes_back_waits_on()
    {
        var gone = Later.AddDays(30);
        var connection = Unsent().After(Row(Number.Sandbox, Later), Policy).Connection.After(ObservationKind.Gone, gone, Policy);

        var back = connection.After(ObservationKind.Reconnected, gone.AddDays(2), Policy);
        Assert.Empty(Welcomes(back, gone.AddDays(3)));
        Assert.Empty(Welcomes(back, gone.AddDays(30)));
        Assert.Null(back.Claimed(gone.AddDays(30), Policy).Connection.TheNumber().Welcome!.LapsedAt);

        Assert.Null(connection.Claimed(gone.AddDays(6), Policy).Connection.TheNumber().Welcome!.LapsedAt);
        Assert.NotNull(connection.Claimed(gone.AddDays(7), Policy).Connection.TheNumber().Welcome!.LapsedAt);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5 * 365)]
    public void One_that_came_back_unknown_is_told_to_be_a_sandbox_number_and_is_not_adopted(int days)
    {
        var connection = Connection.Empty(Given.Key).After(ObservationKind.Reconnected, Given.Noon, Policy)
            .After(Row(Number.Sandbox, Later) with { RowCreatedAt = Given.Noon.AddDays(days) }, Policy).Connection;

        Assert.Equal((false, false, false, null), (connection.TheNumber().AgeUnknown, connection.TheNumber().Adopted, connection.TheNumber().Returned, connection.TheNumber().Welcome));
        Assert.Single(Welcomes(connection.After(Row("production", Later.AddDays(1)) with { RowCreatedAt = Given.Noon.AddDays(days) }, Policy).Connection, Later.AddDays(1)));
    }

    [Fact]
    public void Whatever_comes_first_one_welcome_goes_out_and_not_before_it_is_a_production_number()
    {
        Observation[] news = [Given.Observation(ObservationKind.Created, Given.Noon), Row(Number.Sandbox, Given.Noon), Given.Observation(ObservationKind.RedirectSucceeded, Given.Noon)];
        foreach (var order in (int[][])[[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]])
        {
            var connection = Connection.Empty(Given.Key);
            for (var i = 0; i < order.Length; i++)
                connection = connection.After(news[order[i]] with { ReceivedAt = Given.Noon.AddSeconds(i) }, Policy).Connection;

            Assert.Empty(Welcomes(connection, Later));
            connection = connection.After(Row("production", Later), Policy).Connection;
            Assert.Single(Welcomes(connection, Later));
        }
    }
}
