namespace Kapso.Tests.Deciding;

/// <summary>A number that is first heard of by <c>reconnected</c> came back: it is not new because the news of it is.</summary>
public sealed class ReturningNumberTests
{
    private static readonly DateTimeOffset Since = Given.Noon.AddDays(-30);
    private static readonly ConnectionPolicy WithoutKey = Given.WithoutKey with { WelcomeSince = Since };
    private static readonly ConnectionPolicy WithKey = Given.WithKey with { WelcomeSince = Since };

    private static Connection CameBack(ConnectionPolicy policy) =>
        Connection.Empty(Given.Key).After(ObservationKind.Reconnected, Given.Noon, policy);

    private static Observation Row(DateTimeOffset? created) =>
        Given.Observation(ObservationKind.ApiConnected, Given.Noon.AddMinutes(1)) with { RowCreatedAt = created };

    [Fact]
    public void Without_a_key_it_is_adopted_and_marked_and_a_person_can_have_it_greeted_once()
    {
        var connection = CameBack(WithoutKey);
        Assert.Equal((NumberStatus.Connected, true, true), (connection.TheNumber().Status, connection.TheNumber().Adopted, connection.TheNumber().Returned));
        Assert.Null(connection.Effect(EffectKind.Welcome));

        (connection, var action) = Decisions.Greet(connection, Given.Number, Given.Noon.AddHours(1), "Ada");

        Assert.Equal(EffectAction.Applied, action);
        Assert.Equal(EffectIds.Welcome(Given.Key, Given.Number), connection.Effect(EffectKind.Welcome)?.Id);
        Assert.Equal((false, false), (connection.TheNumber().Adopted, connection.TheNumber().Returned));
        Assert.Equal(("welcome.greeted", "Ada"), (connection.Timeline[^1].Event, connection.Timeline[^1].By));
        Assert.Equal(EffectAction.AlreadySo, Decisions.Greet(connection, Given.Number, Given.Noon.AddHours(2)).Action);
    }

    [Fact]
    public void Only_a_connected_number_can_be_greeted()
    {
        Assert.Equal(EffectAction.NotFound, Decisions.Greet(Connection.Empty(Given.Key), Given.Number, Given.Noon).Action);
        var gone = CameBack(WithoutKey).After(ObservationKind.Gone, Given.Noon.AddHours(1), WithoutKey);
        Assert.Equal(EffectAction.NotWaiting, Decisions.Greet(gone, Given.Number, Given.Noon.AddHours(2)).Action);
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(1, false)]
    public void With_a_key_its_row_tells_whether_it_is_new(int days, bool adopted)
    {
        var connection = CameBack(WithKey);
        Assert.Null(connection.Effect(EffectKind.Welcome));
        Assert.NotNull(connection.Effect(EffectKind.Confirm));

        connection = connection.After(Row(Since.AddDays(days)), WithKey).Connection;

        Assert.Equal((adopted, adopted), (connection.TheNumber().Adopted, connection.TheNumber().Returned));
        Assert.Equal(!adopted, connection.Effect(EffectKind.Welcome) is not null);
    }

    [Fact]
    public void A_row_without_a_time_greets_nobody() =>
        Assert.True(CameBack(WithKey).After(Row(null), WithKey).Connection.TheNumber().Adopted);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_created_is_always_news_in_whichever_order_they_come(bool hasKey)
    {
        var policy = hasKey ? WithKey : WithoutKey;

        Assert.NotNull(CameBack(policy).After(ObservationKind.Created, Given.Noon.AddSeconds(1), policy).Effect(EffectKind.Welcome));
        Assert.NotNull(Connection.Empty(Given.Key).After(ObservationKind.Created, Given.Noon, policy)
            .After(ObservationKind.Reconnected, Given.Noon.AddSeconds(1), policy).Effect(EffectKind.Welcome));
    }

    [Fact]
    public void One_that_went_before_it_was_ever_known_connected_came_back_too()
    {
        var connection = Connection.Empty(Given.Key).After(ObservationKind.Gone, Given.Noon, WithoutKey)
            .After(ObservationKind.Reconnected, Given.Noon.AddDays(1), WithoutKey);

        Assert.Equal((true, null), (connection.TheNumber().Returned, connection.Effect(EffectKind.Welcome)));
    }

    [Fact]
    public void Where_the_setting_says_so_it_is_greeted()
    {
        Assert.NotNull(CameBack(WithoutKey with { GreetsReturning = true }).Effect(EffectKind.Welcome));
        Assert.NotNull(CameBack(WithKey with { GreetsReturning = true }).Effect(EffectKind.Welcome));
    }

    [Fact]
    public void What_was_welcomed_or_is_pending_stays_and_the_company_is_told_that_it_returned()
    {
        var connection = Given.Standing(NumberStatus.Gone, WithoutKey).After(ObservationKind.Reconnected, Given.Noon.AddDays(1), WithoutKey);

        Assert.NotNull(connection.TheNumber().Welcome);
        Assert.False(connection.TheNumber().Adopted);
        Assert.Equal(
            [null, null, Effect.Returned],
            connection.Outbox.Where(effect => effect.Kind == EffectKind.Notify).Select(effect => effect.Detail));
    }
}
