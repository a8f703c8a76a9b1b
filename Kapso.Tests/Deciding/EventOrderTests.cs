using FsCheck;
using FsCheck.Fluent;

namespace Kapso.Tests.Deciding;

/// <summary>Events that carry the platform's own time end alike, in whatever order and however often they arrive.</summary>
public sealed class EventOrderTests
{
    private static readonly DateTimeOffset Ten = new(2026, 3, 1, 10, 0, 0, TimeSpan.Zero);

    private static Observation Event(ObservationKind kind, int second) =>
        Given.Observation(kind, Given.Noon) with { OccurredAt = Ten.AddSeconds(second) };

    private static Connection After(IEnumerable<Observation> arrivals, ConnectionPolicy policy, TimeSpan? apart = null)
    {
        var connection = Connection.Empty(Given.Key);
        foreach (var (i, arrival) in arrivals.Index())
            connection = connection.After(arrival with { ReceivedAt = Given.Noon + (i * (apart ?? TimeSpan.FromSeconds(1))) }, policy).Connection;
        return connection;
    }

    private static NumberStatus StatusAfter(IEnumerable<Observation> arrivals, ConnectionPolicy policy) => After(arrivals, policy).TheNumber().Status;

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
    public void A_created_that_comes_late_to_a_number_that_has_gone_says_that_it_is_new(bool hasKey)
    {
        var policy = hasKey ? Given.WithKey : Given.WithoutKey;
        var connection = After([Event(ObservationKind.Gone, 2), Event(ObservationKind.Created, 1), Event(ObservationKind.Reconnected, 3)], policy);

        var number = connection.TheNumber();
        Assert.Equal((NumberStatus.Connected, false, false), (number.Status, number.Adopted, number.AgeUnknown));
        Assert.NotNull(connection.Effect(EffectKind.Welcome));
        Assert.Null(connection.Outbox.Single(effect => effect.NotifyType == NotifyType.Connected).Detail);
    }

    [Fact]
    public void A_created_of_a_number_that_came_back_and_went_says_that_it_is_new()
    {
        var connection = After([Event(ObservationKind.Reconnected, 2), Event(ObservationKind.Gone, 3), Event(ObservationKind.Created, 1)], Given.WithoutKey);
        Assert.Equal((false, false), (connection.TheNumber().Adopted, connection.TheNumber().Returned));

        connection = connection.After(Event(ObservationKind.Reconnected, 4), Given.WithoutKey).Connection;
        Assert.NotNull(connection.Effect(EffectKind.Welcome));
    }

    [Fact]
    public void What_a_created_called_new_is_not_older_than_the_service_by_its_row()
    {
        var row = Given.Observation(ObservationKind.ApiConnected, Given.Noon.AddHours(1)) with { RowCreatedAt = Given.WithKey.WelcomeSince.AddDays(-1) };

        var connection = After([Given.Observation(ObservationKind.Gone, Given.Noon), Given.Observation(ObservationKind.Created, Given.Noon)], Given.WithKey)
            .After(row, Given.WithKey).Connection;

        Assert.NotNull(connection.Effect(EffectKind.Welcome));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_order_ends_alike_with_repeats_and_equal_times(bool hasKey)
    {
        var policy = hasKey ? Given.WithKey : Given.WithoutKey;
        var events = Gen.Choose(0, 4).SelectMany(second => Gen.Elements(ObservationKind.Created, ObservationKind.Reconnected, ObservationKind.Gone)
            .Select(kind => (Kind: kind, Second: second)));
        var arrivals = Gen.NonEmptyListOf(events).Select(all => all.ToArray())
            .SelectMany(all => Gen.Shuffle(all).Select(shuffled => (First: all, Second: shuffled)));

        Prop.ForAll(arrivals.ToArbitrary(), orders =>
        {
            var last = orders.First.Max(one => one.Second);
            var status = orders.First.Any(one => one.Second == last && one.Kind == ObservationKind.Gone) ? NumberStatus.Gone : NumberStatus.Connected;
            var isNew = orders.First.Any(one => one.Kind == ObservationKind.Created);

            bool EndsAlike((ObservationKind Kind, int Second)[] order, TimeSpan apart)
            {
                var connection = After(order.Select(one => Event(one.Kind, one.Second)), policy, apart);
                if (connection.TheNumber().Status != status)
                    return false;
                connection = connection.After(
                    Event(ObservationKind.Reconnected, 10) with { ReceivedAt = Given.Noon + (order.Length * apart) }, policy).Connection;
                return (connection.TheNumber() is { Welcome: not null, Returned: false, Adopted: false, AgeUnknown: false }) == isNew;
            }

            return new[] { orders.First, orders.Second }.All(order => EndsAlike(order, TimeSpan.FromSeconds(1)) && EndsAlike(order, TimeSpan.FromHours(1)));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));
    }
}
