namespace Kapso.Tests.Deciding;

public sealed class WelcomeDecisionTests
{
    [Fact]
    public void A_number_that_becomes_connected_is_welcomed_once_for_ever()
    {
        var connection = Connection.Empty(Given.Key);
        var welcomes = new List<string>();
        var at = Given.Noon;
        foreach (var kind in new[]
        {
            ObservationKind.Created, ObservationKind.Created, ObservationKind.Gone, ObservationKind.Reconnected,
            ObservationKind.RedirectSucceeded, ObservationKind.ApiConnected, ObservationKind.Gone, ObservationKind.Created,
        })
        {
            connection = connection.After(kind, at, Given.WithoutKey);
            (connection, var claimed) = connection.Claimed(at);
            foreach (var effect in claimed)
            {
                if (effect.Effect.Kind == EffectKind.Welcome)
                    welcomes.Add(effect.Effect.Id);
                connection = Decisions.Settle(
                    connection, effect.Effect.Id, effect.Effect.Attempt, EffectResult.Done, Given.WithoutKey, at).Connection;
            }

            at = at.AddHours(1);
        }

        Assert.Equal([EffectIds.Welcome(Given.Key, Given.Number)], welcomes);
        Assert.Equal(NumberStatus.Connected, connection.TheNumber().Status);
        Assert.Equal(EffectStatus.Done, connection.TheNumber().Welcome!.Status);
    }

    [Fact]
    public void Each_number_of_a_customer_has_a_welcome_of_its_own()
    {
        var connection = Connection.Empty(Given.Key)
            .After(Given.Observation(ObservationKind.Created, Given.Noon, "1001"), Given.WithoutKey).Connection
            .After(Given.Observation(ObservationKind.Created, Given.Noon, "1002"), Given.WithoutKey).Connection;

        Assert.Equal(2, connection.Outbox.Where(effect => effect.Kind == EffectKind.Welcome).DistinctBy(effect => effect.Id).Count());
    }

    [Theory]
    [InlineData(-1, Outcome.Adopted)]
    [InlineData(0, Outcome.Applied)]
    public void A_number_first_learned_from_the_platform_is_adopted_if_it_is_older_than_the_service(int seconds, Outcome expected)
    {
        var answer = Given.Observation(ObservationKind.ApiConnected, Given.Noon) with
        {
            RowCreatedAt = Given.WithKey.WelcomeSince.AddSeconds(seconds),
        };
        var decision = Connection.Empty(Given.Key).After(answer, Given.WithKey);

        Assert.Equal(expected, decision.Outcome);
        Assert.Equal(NumberStatus.Connected, decision.Connection.TheNumber().Status);
        Assert.Equal(expected == Outcome.Adopted, decision.Connection.TheNumber().Adopted);
        Assert.Equal(expected == Outcome.Applied, decision.Connection.Effect(EffectKind.Welcome) is not null);
        if (expected == Outcome.Adopted)
            Assert.Contains("Welcome:Since", decision.Connection.Timeline.Single().Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void An_adopted_number_that_goes_and_comes_back_is_not_welcomed()
    {
        var answer = Given.Observation(ObservationKind.ApiConnected, Given.Noon) with { RowCreatedAt = Given.Noon.AddYears(-5) };
        var connection = Connection.Empty(Given.Key).After(answer, Given.WithoutKey).Connection
            .After(ObservationKind.Gone, Given.Noon.AddDays(1), Given.WithoutKey)
            .After(ObservationKind.Created, Given.Noon.AddDays(2), Given.WithoutKey);

        Assert.Equal(NumberStatus.Connected, connection.TheNumber().Status);
        Assert.Null(connection.Effect(EffectKind.Welcome));
        Assert.Null(connection.TheNumber().Welcome);
    }

    [Fact]
    public void An_old_success_page_opened_again_does_not_greet_a_customer_of_long_ago()
    {
        var answer = Given.Observation(ObservationKind.ApiConnected, Given.Noon) with { RowCreatedAt = Given.Noon.AddYears(-5) };
        var decision = Given.Standing(NumberStatus.Hinted, Given.WithKey).After(answer, Given.WithKey);

        Assert.Equal(Outcome.Adopted, decision.Outcome);
        Assert.Null(decision.Connection.Effect(EffectKind.Welcome));
    }

    [Theory]
    [InlineData(ObservationKind.ApiConnected, Outcome.Adopted)]
    [InlineData(ObservationKind.Created, Outcome.Applied)]
    public void While_nobody_has_accepted_a_store_that_took_anothers_place_only_a_webhook_greets(ObservationKind kind, Outcome expected)
    {
        var policy = Given.WithKey with { StoreReplacedAt = Given.Noon };
        var news = Given.Observation(kind, Given.Noon.AddHours(1)) with { RowCreatedAt = kind == ObservationKind.ApiConnected ? Given.Noon.AddMinutes(30) : null };
        var decision = Connection.Empty(Given.Key).After(news, policy);

        Assert.Equal(expected, decision.Outcome);
        Assert.Equal(expected == Outcome.Adopted, decision.Connection.TheNumber().Adopted);
        Assert.Equal(expected == Outcome.Applied, decision.Connection.Effect(EffectKind.Welcome) is not null);
        if (expected == Outcome.Adopted)
            Assert.Contains("nobody has accepted the store", decision.Connection.Timeline.Single().Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_created_webhook_is_news_however_old_the_number_is()
    {
        var policy = Given.WithKey with { WelcomeSince = Given.Noon.AddYears(1) };
        Assert.NotNull(Connection.Empty(Given.Key).After(ObservationKind.Created, Given.Noon, policy).Effect(EffectKind.Welcome));
    }

    [Fact]
    public void A_deleted_that_overtakes_its_created_wins_and_nobody_is_greeted()
    {
        var connection = Connection.Empty(Given.Key)
            .After(ObservationKind.Gone, Given.Noon, Given.WithoutKey)
            .After(ObservationKind.Created, Given.Noon.AddSeconds(5), Given.WithoutKey);

        Assert.Equal(NumberStatus.Gone, connection.TheNumber().Status);
        Assert.Null(connection.Effect(EffectKind.Welcome));
    }
}
