using Kapso.Connections;

namespace Kapso.Tests.Decisions;

public sealed class OwnershipTests
{
    private static Observation From(ObservationKind kind, string? previousOwner, int minutes) =>
        Given.Observation(kind, Given.Noon.AddMinutes(minutes)) with { PreviousOwner = previousOwner };

    [Fact]
    public void A_number_that_moves_lets_its_previous_owner_know()
    {
        var decision = Connection.Empty(Given.Key).After(From(ObservationKind.Created, "previous", 0), Given.WithoutKey);

        Assert.Equal(Given.Number, decision.ProvenNumber);
        Assert.Equal("previous", decision.Connection.Effect(EffectKind.Release)!.Detail);
    }

    [Theory]
    [InlineData(ObservationKind.RedirectSucceeded)]
    [InlineData(ObservationKind.Gone)]
    [InlineData(ObservationKind.ApiAbsent)]
    [InlineData(ObservationKind.ApiUnconfirmed)]
    public void What_does_not_prove_a_number_connected_takes_it_from_nobody(ObservationKind kind)
    {
        var decision = Connection.Empty(Given.Key).After(From(kind, "previous", 0), Given.WithKey);

        Assert.Null(decision.ProvenNumber);
        Assert.Null(decision.Connection.Effect(EffectKind.Release));
    }

    [Fact]
    public void A_late_copy_of_an_old_webhook_does_not_take_a_number_back_but_a_new_event_does()
    {
        var policy = Given.WithoutKey;
        var connection = Given.Standing(NumberStatus.Connected, policy).After(ObservationKind.ClaimedElsewhere, Given.Noon, policy);
        Assert.NotNull(connection.TheNumber().DisputedAt);

        var copy = connection.After(From(ObservationKind.Created, "other", 2), policy);
        Assert.Equal((Outcome.Duplicate, null), (copy.Outcome, copy.ProvenNumber));
        Assert.NotNull(copy.Connection.TheNumber().DisputedAt);

        var news = copy.Connection.After(From(ObservationKind.Created, "other", 10), policy);
        Assert.Equal((Outcome.Applied, Given.Number), (news.Outcome, news.ProvenNumber));
        Assert.Null(news.Connection.TheNumber().DisputedAt);
        Assert.Equal("other", news.Connection.Effect(EffectKind.Release)!.Detail);
    }

    [Fact]
    public void Hinted_details_are_marked_and_replaced_by_proven_ones()
    {
        var redirect = Given.Observation(ObservationKind.RedirectSucceeded, Given.Noon) with
        {
            Details = new NumberDetails { DisplayPhoneNumber = "+15550001111", BusinessAccountId = "forged" },
        };
        var connection = Connection.Empty(Given.Key).After(redirect, Given.WithKey).Connection;
        Assert.Equal(("+15550001111", false), (connection.TheNumber().Details!.DisplayPhoneNumber, connection.TheNumber().DetailsProven));

        var answer = Given.Observation(ObservationKind.ApiConnected, Given.Noon.AddSeconds(1)) with
        {
            Details = new NumberDetails { DisplayPhoneNumber = "+1 555-123-4567" },
        };
        connection = connection.After(answer, Given.WithKey).Connection.After(redirect with { ReceivedAt = Given.Noon.AddMinutes(1) }, Given.WithKey).Connection;
        Assert.Equal((answer.Details, true), (connection.TheNumber().Details, connection.TheNumber().DetailsProven));
    }
}
