namespace Kapso.Tests.Deciding;

/// <summary>Why a number went, and how it is connected, as the platform says it.</summary>
public sealed class DisconnectionTests
{
    private static readonly Disconnection Why = new() { Reason = "primary_inactivity", InitiatedBy = "system", SourceEvent = "PARTNER_REMOVED" };

    private static Observation Gone(int minute, Disconnection? why = null, string? type = null) =>
        Given.Observation(ObservationKind.Gone, Given.Noon.AddMinutes(minute)) with { Disconnection = why, ConnectionType = type };

    [Fact]
    public void The_reason_stands_at_the_number_and_in_the_timeline()
    {
        var connection = Given.Standing(NumberStatus.Connected, Given.WithoutKey).After(Gone(1, Why, "coexistence"), Given.WithoutKey).Connection;

        Assert.Equal((Why, "coexistence"), (connection.TheNumber().Disconnection, connection.TheNumber().ConnectionType));
        Assert.Equal("Reason: primary_inactivity; initiated by: system.", connection.Timeline[^1].Detail);
    }

    [Fact]
    public void A_second_event_of_one_cause_adds_the_reason_and_one_without_takes_nothing_away()
    {
        var connection = Given.Standing(NumberStatus.Gone, Given.WithoutKey).After(Gone(1, Why), Given.WithoutKey).Connection;
        Assert.Equal(Why, connection.TheNumber().Disconnection);

        connection = connection.After(Gone(2), Given.WithoutKey).Connection;
        Assert.Equal(Why, connection.TheNumber().Disconnection);
    }

    [Fact]
    public void The_next_time_that_it_goes_has_a_reason_of_its_own_or_none()
    {
        var connection = Given.Standing(NumberStatus.Connected, Given.WithoutKey).After(Gone(1, Why), Given.WithoutKey).Connection
            .After(Given.Observation(ObservationKind.Reconnected, Given.Noon.AddMinutes(2)) with { ConnectionType = "dedicated" }, Given.WithoutKey).Connection;
        Assert.Equal((Why, "dedicated"), (connection.TheNumber().Disconnection, connection.TheNumber().ConnectionType));

        Assert.Null(connection.After(Gone(3), Given.WithoutKey).Connection.TheNumber().Disconnection);
    }

    [Fact]
    public void An_event_that_newer_news_overtook_changes_neither()
    {
        var connection = Given.Standing(NumberStatus.Connected, Given.WithoutKey)
            .After(Gone(1, Why, "coexistence") with { OccurredAt = Given.Noon.AddMinutes(1) }, Given.WithoutKey).Connection
            .After(Gone(2, new Disconnection { Reason = "older" }, "dedicated") with { OccurredAt = Given.Noon }, Given.WithoutKey).Connection;

        Assert.Equal((Why, "coexistence"), (connection.TheNumber().Disconnection, connection.TheNumber().ConnectionType));
    }
}
