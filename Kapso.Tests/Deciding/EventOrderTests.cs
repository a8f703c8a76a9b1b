using FsCheck;
using FsCheck.Fluent;

namespace Kapso.Tests.Deciding;

/// <summary>Events that carry the platform's own time end alike, in whatever order and however often they arrive.</summary>
public sealed class EventOrderTests
{
    private static readonly DateTimeOffset Ten = new(2026, 3, 1, 10, 0, 0, TimeSpan.Zero);

    private static Observation Event(ObservationKind kind, int second) =>
        Given.Observation(kind, Given.Noon) with { OccurredAt = Ten.AddSeconds(second) };

    private static NumberStatus StatusAfter(IEnumerable<Observation> arrivals, ConnectionPolicy policy)
    {
        var connection = Connection.Empty(Given.Key);
        foreach (var (i, arrival) in arrivals.Index())
            connection = connection.After(arrival with { ReceivedAt = Given.Noon.AddSeconds(i) }, policy).Connection;
        return connection.TheNumber().Status;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_duplicate_moves_the_time_of_the_last_event(bool hasKey)
    {
        var policy = hasKey ? Given.WithKey : Given.WithoutKey;

        Assert.Equal(NumberStatus.Connected, StatusAfter(
            [Given.Observation(ObservationKind.Created, Given.Noon), Event(ObservationKind.Reconnected, 4), Event(ObservationKind.Gone, 0)], policy));
        Assert.Equal(NumberStatus.Gone, StatusAfter(
            [Event(ObservationKind.Gone, 0), Event(ObservationKind.Gone, 8), Event(ObservationKind.Reconnected, 4)], policy));
    }

    [Fact]
    public void Of_two_opposite_events_of_one_time_the_number_is_gone_and_the_platform_is_asked()
    {
        Observation[] arrivals = [Event(ObservationKind.Gone, 1), Event(ObservationKind.Reconnected, 1)];

        Assert.Equal(NumberStatus.Gone, StatusAfter(arrivals, Given.WithKey));
        Assert.Equal(NumberStatus.Gone, StatusAfter(arrivals.Reverse(), Given.WithKey));
        var asked = arrivals.Aggregate(Connection.Empty(Given.Key), (connection, arrival) => connection.After(arrival, Given.WithKey).Connection);
        Assert.NotNull(asked.Effect(EffectKind.Confirm));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_order_ends_alike_with_repeats_and_equal_times(bool hasKey)
    {
        var policy = hasKey ? Given.WithKey : Given.WithoutKey;
        var events = Gen.Choose(0, 4).SelectMany(second => Gen.Elements(ObservationKind.Reconnected, ObservationKind.Gone)
            .Select(kind => (Kind: kind, Second: second)));
        var arrivals = Gen.NonEmptyListOf(events).Select(all => all.ToArray())
            .SelectMany(all => Gen.Shuffle(all).Select(shuffled => (First: all, Second: shuffled)));

        Prop.ForAll(arrivals.ToArbitrary(), orders =>
        {
            NumberStatus After(IEnumerable<(ObservationKind Kind, int Second)> order) =>
                StatusAfter(order.Select(one => Event(one.Kind, one.Second)), policy);

            var last = orders.First.Max(one => one.Second);
            var expected = orders.First.Any(one => one.Second == last && one.Kind == ObservationKind.Gone) ? NumberStatus.Gone : NumberStatus.Connected;
            return After(orders.First) == expected && After(orders.Second) == expected;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));
    }
}
