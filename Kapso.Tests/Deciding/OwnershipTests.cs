namespace Kapso.Tests.Deciding;

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
    public void A_claim_is_as_old_as_the_proof_behind_it_however_late_it_comes()
    {
        var policy = Given.WithoutKey;
        var proof = From(ObservationKind.Created, "previous", 7) with { ReceivedAt = Given.Noon.AddMinutes(7), Replayed = true, TraceParent = "trace" };
        var decision = Decisions.Observe(Connection.Empty(Given.Key), proof, policy, Given.Noon.AddHours(2));

        var claim = decision.Connection.Effect(EffectKind.Release)!.ToClaim();

        Assert.Equal((ObservationKind.ClaimedElsewhere, Source.Service), (claim.Kind, claim.Source));
        Assert.Equal((Given.Number, Given.Noon.AddMinutes(7), "trace"), (claim.PhoneNumberId, claim.ReceivedAt, claim.TraceParent));
    }

    [Theory]
    [InlineData(19, true)]
    [InlineData(20, true)]
    [InlineData(21, false)]
    public void A_claim_is_stale_where_the_number_was_proven_this_customers_after_it(int provenAt, bool disputed)
    {
        var policy = Given.WithoutKey;
        var connection = Given.Standing(NumberStatus.Connected, policy)
            .After(ObservationKind.Gone, Given.Noon.AddMinutes(1), policy)
            .After(ObservationKind.Reconnected, Given.Noon.AddMinutes(provenAt), policy);

        var decision = connection.After(Given.Observation(ObservationKind.ClaimedElsewhere, Given.Noon.AddMinutes(20)), policy);

        Assert.Equal(disputed ? Outcome.Applied : Outcome.Stale, decision.Outcome);
        Assert.Equal(disputed ? Given.Noon.AddMinutes(20) : null, decision.Connection.TheNumber().DisputedAt);
        Assert.Equal(disputed ? 1 : 0, decision.Connection.Sequence - connection.Sequence);
    }

    [Theory]
    [InlineData(ObservationKind.Created, 14, true)]
    [InlineData(ObservationKind.Created, 15, false)]
    [InlineData(ObservationKind.Reconnected, 15, false)]
    [InlineData(ObservationKind.RedirectSucceeded, 15, true)]
    public void A_claim_and_a_new_event_that_overrules_it_end_alike_in_either_order(ObservationKind kind, int minutes, bool disputed)
    {
        var policy = Given.WithoutKey;
        var claim = Given.Observation(ObservationKind.ClaimedElsewhere, Given.Noon.AddMinutes(5));
        var news = From(kind, "other", minutes);
        var connected = Given.Standing(NumberStatus.Connected, policy);

        var inOrder = connected.After(claim, policy).Connection.After(news, policy).Connection;
        var claimLast = connected.After(news, policy).Connection.After(claim, policy).Connection;

        Assert.Equal(disputed, inOrder.TheNumber().DisputedAt is not null);
        Assert.Equal(disputed, claimLast.TheNumber().DisputedAt is not null);
    }

    [Fact]
    public void With_an_API_key_the_platform_is_asked_about_a_late_claim_too()
    {
        var claim = Given.Observation(ObservationKind.ClaimedElsewhere, Given.Noon.AddMinutes(-5));
        var decision = (Given.Standing(NumberStatus.Connected, Given.WithKey) with { Outbox = [] }).After(claim, Given.WithKey);

        Assert.Equal(Outcome.Noted, decision.Outcome);
        Assert.NotNull(decision.Connection.Effect(EffectKind.Confirm));
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
