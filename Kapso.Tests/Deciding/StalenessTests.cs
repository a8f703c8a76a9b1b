namespace Kapso.Tests.Deciding;

public sealed class StalenessTests
{
    [Theory]
    [InlineData(-60, NumberStatus.Gone)]
    [InlineData(60, NumberStatus.Connected)]
    public void Of_two_events_with_a_time_of_their_own_the_older_is_stale(int seconds, NumberStatus expected)
    {
        var gone = Given.Observation(ObservationKind.Gone, Given.Noon) with { OccurredAt = Given.Noon };
        var reconnected = Given.Observation(ObservationKind.Reconnected, Given.Noon.AddHours(1)) with { OccurredAt = Given.Noon.AddSeconds(seconds) };
        var connection = Connection.Empty(Given.Key).After(gone, Given.WithoutKey).Connection;

        var decision = connection.After(reconnected, Given.WithoutKey);

        Assert.Equal(expected, decision.Connection.TheNumber().Status);
        Assert.Equal(expected == NumberStatus.Gone ? Outcome.Stale : Outcome.Adopted, decision.Outcome);
    }

    [Theory]
    [InlineData(ObservationKind.Gone, NumberStatus.Connected)]
    [InlineData(ObservationKind.Created, NumberStatus.Gone)]
    public void A_replayed_delivery_older_than_the_last_proof_changes_no_status(ObservationKind replayed, NumberStatus standing)
    {
        var late = Given.Observation(replayed, Given.Noon.AddMinutes(-30)) with { Replayed = true };
        var decision = Given.Standing(standing, Given.WithoutKey).After(late, Given.WithoutKey);

        Assert.Equal(Outcome.Stale, decision.Outcome);
        Assert.Equal(standing, decision.Connection.TheNumber().Status);
    }

    [Fact]
    public void A_replayed_delivery_newer_than_the_last_proof_counts()
    {
        var late = Given.Observation(ObservationKind.Gone, Given.Noon.AddMinutes(1)) with { Replayed = true };
        var decision = Decisions.Observe(
            Given.Standing(NumberStatus.Connected, Given.WithoutKey), late, Given.WithoutKey, Given.Noon.AddDays(2));

        Assert.Equal(NumberStatus.Gone, decision.Connection.TheNumber().Status);
        Assert.Equal(late.ReceivedAt, decision.Connection.TheNumber().GoneAt);
    }

    [Fact]
    public void Live_news_counts_although_the_clock_was_set_back()
    {
        var connection = Given.Standing(NumberStatus.Connected, Given.WithoutKey);
        connection = connection.After(ObservationKind.Gone, Given.Noon.AddHours(-1), Given.WithoutKey);
        Assert.Equal(NumberStatus.Gone, connection.TheNumber().Status);

        connection = connection.After(ObservationKind.Created, Given.Noon.AddHours(-2), Given.WithoutKey);
        Assert.Equal(NumberStatus.Connected, connection.TheNumber().Status);
    }

    [Fact]
    public void An_answer_to_a_question_that_a_proof_overtook_is_stale()
    {
        var policy = Given.WithKey;
        var (connection, claimed) = Given.Standing(NumberStatus.Hinted, policy).Claimed(Given.Noon, policy);
        var confirm = claimed.Single(effect => effect.Effect.Kind == EffectKind.Confirm).Effect;
        connection = connection.After(ObservationKind.Created, Given.Noon.AddSeconds(1), policy);

        var absent = Given.Observation(ObservationKind.ApiAbsent, Given.Noon.AddMinutes(11));
        var decision = Decisions.Settle(
            connection, confirm.Id, confirm.Attempt, EffectResult.Done with { Answer = absent }, policy, absent.ReceivedAt);

        Assert.Equal(Outcome.Stale, decision.Outcome);
        Assert.Equal(NumberStatus.Connected, decision.Connection.TheNumber().Status);
        Assert.Null(decision.Connection.TheNumber().AbsentAt);
        Assert.Null(decision.Connection.FindEffect(confirm.Id));
    }

    [Fact]
    public void A_number_is_gone_after_two_negative_answers_two_minutes_apart_and_not_before()
    {
        var policy = Given.WithKey;
        var connection = Given.Standing(NumberStatus.Connected, policy).After(ObservationKind.ApiAbsent, Given.Noon, policy);
        Assert.Equal(NumberStatus.Connected, connection.TheNumber().Status);

        connection = connection.After(ObservationKind.ApiAbsent, Given.Noon.AddSeconds(119), policy);
        Assert.Equal(NumberStatus.Connected, connection.TheNumber().Status);

        connection = connection.After(ObservationKind.ApiAbsent, Given.Noon.AddSeconds(120), policy);
        Assert.Equal(NumberStatus.Gone, connection.TheNumber().Status);
    }

    [Fact]
    public void A_positive_answer_between_two_negative_ones_starts_the_count_again()
    {
        var policy = Given.WithKey;
        var connection = Given.Standing(NumberStatus.Connected, policy)
            .After(ObservationKind.ApiAbsent, Given.Noon, policy)
            .After(ObservationKind.ApiUnconfirmed, Given.Noon.AddMinutes(1), policy)
            .After(ObservationKind.ApiAbsent, Given.Noon.AddMinutes(3), policy);

        Assert.Equal(NumberStatus.Connected, connection.TheNumber().Status);
    }

    [Fact]
    public void A_row_that_the_platform_made_after_the_number_went_makes_it_connected_at_once()
    {
        var answer = Given.Observation(ObservationKind.ApiConnected, Given.Noon.AddMinutes(2)) with { RowCreatedAt = Given.Noon.AddMinutes(1) };
        var decision = Given.Standing(NumberStatus.Gone, Given.WithKey).After(answer, Given.WithKey);

        Assert.Equal(NumberStatus.Connected, decision.Connection.TheNumber().Status);
    }
}
