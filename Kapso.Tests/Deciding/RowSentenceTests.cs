namespace Kapso.Tests.Deciding;

/// <summary>The timeline tells one cause from another where the platform does not bear a number out.</summary>
public sealed class RowSentenceTests
{
    private static Observation Answer(RowFinding? finding, string? status, DateTimeOffset at) => Given.Observation(
        finding is RowFinding.NotListed or RowFinding.AnotherCustomers or RowFinding.Disconnected ? ObservationKind.ApiAbsent : ObservationKind.ApiUnconfirmed,
        at) with
    {
        Finding = finding,
        PlatformStatus = status,
    };

    [Theory]
    [InlineData(RowFinding.NotListed, null, "The platform does not list the number.")]
    [InlineData(RowFinding.AnotherCustomers, null, "The platform lists the number as another customer's.")]
    [InlineData(RowFinding.Disconnected, "DISCONNECTED", "The platform lists the number as disconnected.")]
    [InlineData(RowFinding.NoCustomer, null, "The platform lists the number as no customer's.")]
    [InlineData(RowFinding.NoCustomer, "PENDING", "The platform lists the number as no customer's. Its status there is PENDING.")]
    [InlineData(RowFinding.NoAccount, null, "The platform lists the number without a WhatsApp Business Account.")]
    [InlineData(RowFinding.NoStatus, null, "The platform lists the number without a status.")]
    [InlineData(RowFinding.OtherStatus, "PENDING", "The platform lists the number as PENDING.")]
    [InlineData(RowFinding.OtherStatus, "RESTRICTED", "The platform lists the number as RESTRICTED.")]
    [InlineData(null, null, "The platform lists the number, and does not say that it is this customer's and connected.")]
    public void Each_cause_has_a_sentence_of_its_own(RowFinding? finding, string? status, string sentence)
    {
        foreach (var standing in (NumberStatus?[])[null, NumberStatus.Hinted, NumberStatus.Connected, NumberStatus.Gone, NumberStatus.Refused])
        {
            var connection = Given.Standing(standing, Given.WithKey).After(Answer(finding, status, Given.Noon.AddMinutes(1)), Given.WithKey).Connection;

            Assert.StartsWith(sentence, connection.Timeline[^1].Detail, StringComparison.Ordinal);
            if (standing is NumberStatus.Hinted or NumberStatus.Connected)
                Assert.Equal(status, connection.TheNumber().PlatformStatus);
        }
    }

    [Theory]
    [InlineData(RowFinding.AnotherCustomers, "The platform lists the number as another customer's. That is so 10 minutes after the hint.")]
    [InlineData(RowFinding.NotListed, "The platform does not list the number. That is so 10 minutes after the hint.")]
    public void A_refused_hint_says_why(RowFinding finding, string sentence)
    {
        var connection = Given.Standing(NumberStatus.Hinted, Given.WithKey).After(Answer(finding, null, Given.Noon.AddMinutes(10)), Given.WithKey).Connection;

        Assert.Equal((NumberStatus.Refused, sentence), (connection.TheNumber().Status, connection.Timeline[^1].Detail));
    }

    [Fact]
    public void A_number_that_is_not_there_any_more_says_why_it_is_gone()
    {
        var answer = Answer(RowFinding.Disconnected, "DISCONNECTED", Given.Noon.AddMinutes(1));
        var connection = Given.Standing(NumberStatus.Connected, Given.WithKey).After(answer, Given.WithKey).Connection
            .After(answer with { ReceivedAt = Given.Noon.AddMinutes(3) }, Given.WithKey).Connection;

        Assert.Equal((NumberStatus.Gone, "DISCONNECTED"), (connection.TheNumber().Status, connection.TheNumber().PlatformStatus));
        Assert.Equal("The platform lists the number as disconnected.", connection.Timeline.Last(line => line.Proof).Detail);
        Assert.Null(connection.After(ObservationKind.Reconnected, Given.Noon.AddHours(1), Given.WithKey).After(Given.Observation(ObservationKind.ApiConnected, Given.Noon.AddHours(2)), Given.WithKey).Connection.TheNumber().PlatformStatus);
    }

    [Fact]
    public void A_word_that_the_platform_takes_back_is_forgotten()
    {
        var pending = Given.Standing(NumberStatus.Connected, Given.WithKey).After(Answer(RowFinding.OtherStatus, "PENDING", Given.Noon.AddMinutes(1)), Given.WithKey).Connection;
        Assert.Equal("PENDING", pending.TheNumber().PlatformStatus);

        Assert.Null(pending.After(Given.Observation(ObservationKind.ApiConnected, Given.Noon.AddMinutes(2)), Given.WithKey).Connection.TheNumber().PlatformStatus);
        Assert.Null(pending.After(ObservationKind.Gone, Given.Noon.AddMinutes(2), Given.WithKey).TheNumber().PlatformStatus);
    }

    [Fact]
    public void A_question_that_is_asked_again_says_what_the_answer_was()
    {
        var (connection, claimed) = Given.Standing(NumberStatus.Hinted, Given.WithKey).Claimed(Given.Noon, Given.WithKey);
        var confirm = Assert.Single(claimed, one => one.Effect.Kind == EffectKind.Confirm).Effect;

        connection = Decisions.Settle(
            connection, confirm.Id, confirm.Attempt, EffectResult.Done with { Answer = Answer(RowFinding.OtherStatus, "PENDING", Given.Noon) }, Given.WithKey, Given.Noon).Connection;

        Assert.Equal("The platform lists the number as PENDING.", connection.Effect(EffectKind.Confirm)?.LastError);
    }
}
