namespace Kapso.Tests.Deciding;

public sealed class ConfirmTests
{
    private static readonly ConnectionPolicy Policy = Given.WithKey with { Notifies = false };

    [Fact]
    public void An_answer_is_observed_and_its_question_settled_in_one_step()
    {
        var connection = Asked(Given.Standing(NumberStatus.Hinted, Policy), Given.Noon, out var confirm);
        var answer = Given.Observation(ObservationKind.ApiConnected, Given.Noon.AddSeconds(1)) with
        {
            Details = new NumberDetails { DisplayPhoneNumber = "+1 555-123-4567", BusinessAccountId = "42" },
        };

        connection = Answered(connection, confirm, answer);

        Assert.Equal(NumberStatus.Connected, connection.TheNumber().Status);
        Assert.Equal(answer.Details, connection.TheNumber().Details);
        Assert.True(connection.TheNumber().DetailsProven);
        Assert.False(connection.TheNumber().Unconfirmed);
        Assert.Equal(EffectKind.Welcome, Assert.Single(connection.Outbox).Kind);
    }

    [Theory]
    [InlineData(ObservationKind.ApiAbsent, NumberStatus.Refused)]
    [InlineData(ObservationKind.ApiUnconfirmed, NumberStatus.Hinted)]
    public void A_hint_that_the_platform_does_not_bear_out_is_asked_about_again_and_refused_only_where_it_is_absent(
        ObservationKind answer, NumberStatus expected)
    {
        var connection = Given.Standing(NumberStatus.Hinted, Policy);
        var asked = new List<DateTimeOffset>();
        while (connection.Effect(EffectKind.Confirm) is { } confirm && asked.Count < Policy.MaxAttempts)
        {
            var now = confirm.DueAt;
            asked.Add(now);
            connection = Asked(connection, now, out confirm);
            connection = Answered(connection, confirm, Given.Observation(answer, now));
        }

        Assert.Equal(expected, connection.TheNumber().Status);
        Assert.True(asked.Count >= 8, $"Asked {asked.Count} times only.");
        Assert.Contains(Given.Noon.AddMinutes(10), asked);
        if (expected == NumberStatus.Refused)
            Assert.Equal(Given.Noon.AddMinutes(10), asked[^1]);
        Assert.Null(connection.Effect(EffectKind.Confirm));
    }

    [Fact]
    public void A_number_that_went_is_asked_about_until_its_teardown_is_over()
    {
        var connection = Given.Standing(NumberStatus.Gone, Policy) with { Outbox = [] };
        connection = connection.After(ObservationKind.Created, Given.Noon.AddMinutes(1), Policy);
        connection = Asked(connection, Given.Noon.AddMinutes(1), out var confirm);
        var old = Given.Observation(ObservationKind.ApiConnected, Given.Noon.AddMinutes(1)) with { RowCreatedAt = Given.Noon.AddDays(-1) };
        connection = Answered(connection, confirm, old);

        Assert.Equal(NumberStatus.Gone, connection.TheNumber().Status);
        Assert.Equal(Given.Noon.AddMinutes(15), connection.Effect(EffectKind.Confirm)!.DueAt);

        connection = Asked(connection, Given.Noon.AddMinutes(15), out confirm);
        connection = Answered(connection, confirm, old with { ReceivedAt = Given.Noon.AddMinutes(15) });
        Assert.Equal(NumberStatus.Connected, connection.TheNumber().Status);
        Assert.Null(connection.Effect(EffectKind.Confirm));
    }

    [Fact]
    public void A_question_that_waits_is_replaced_by_the_next_one()
    {
        var connection = Given.Standing(NumberStatus.Connected, Policy);
        Assert.NotNull(connection.Effect(EffectKind.Confirm));
        connection = connection.After(ObservationKind.Gone, Given.Noon.AddSeconds(1), Policy);

        var confirm = connection.Effect(EffectKind.Confirm)!;
        Assert.Equal(Given.Noon.AddSeconds(1).AddMinutes(15), confirm.DueAt);
        Assert.Equal(connection.TheNumber().ProofVersion, confirm.ProofVersion);
    }

    [Fact]
    public void A_confirm_whose_attempts_are_used_up_is_nothing_for_a_person()
    {
        var policy = Policy with { MaxAttempts = 1 };
        var connection = Asked(Given.Standing(NumberStatus.Hinted, policy), Given.Noon, out var confirm);
        connection = Decisions.Settle(
            connection, confirm.Id, confirm.Attempt, EffectResult.Retry("503"), policy, Given.Noon).Connection;

        Assert.Empty(connection.Outbox);
        Assert.Equal(NumberStatus.Hinted, connection.TheNumber().Status);
        Assert.Equal("confirm.abandoned", connection.Timeline[^1].Event);
    }

    [Fact]
    public void A_browser_that_reloads_asks_about_a_refused_number_at_most_once_in_ten_minutes()
    {
        var connection = Given.Standing(NumberStatus.Refused, Policy) with { Outbox = [] };
        connection = connection.After(ObservationKind.RedirectSucceeded, Given.Noon, Policy);
        Assert.Equal(NumberStatus.Refused, connection.TheNumber().Status);
        Assert.NotNull(connection.Effect(EffectKind.Confirm));

        connection = (connection with { Outbox = [] }).After(ObservationKind.ApiAbsent, Given.Noon.AddMinutes(10), Policy);
        connection = connection with { Numbers = [connection.TheNumber() with { AskedAt = Given.Noon.AddMinutes(9) }] };

        connection = connection.After(ObservationKind.RedirectSucceeded, Given.Noon.AddMinutes(18.9), Policy);
        Assert.Null(connection.Effect(EffectKind.Confirm));
        connection = connection.After(ObservationKind.RedirectSucceeded, Given.Noon.AddMinutes(19), Policy);
        Assert.NotNull(connection.Effect(EffectKind.Confirm));
    }

    private static Connection Asked(Connection connection, DateTimeOffset now, out Effect confirm)
    {
        (connection, var claimed) = connection.Claimed(now, Policy);
        confirm = claimed.Single(effect => effect.Effect.Kind == EffectKind.Confirm).Effect;
        return connection;
    }

    private static Connection Answered(Connection connection, Effect confirm, Observation answer) =>
        Decisions.Settle(
            connection, confirm.Id, confirm.Attempt, EffectResult.Done with { Answer = answer }, Policy, answer.ReceivedAt).Connection;
}
