using System.Globalization;

namespace Kapso.Tests.Deciding;

public sealed class BoundTests
{
    private static readonly ConnectionPolicy Policy = Given.WithoutKey;

    private static Connection Fold(Connection connection, ObservationKind kind, int number, int minute) =>
        connection.After(Given.Observation(kind, Given.Noon.AddMinutes(minute), number.ToString(CultureInfo.InvariantCulture)), Policy).Connection;

    [Fact]
    public void At_most_three_hints_are_open_and_a_proof_needs_no_room_among_them()
    {
        var connection = Connection.Empty(Given.Key);
        for (var i = 0; i < 10; i++)
            connection = Fold(connection, ObservationKind.RedirectSucceeded, i, i);
        Assert.Equal(3, connection.Numbers.Length);

        connection = Fold(connection, ObservationKind.Created, 9, 20);
        Assert.Equal(NumberStatus.Connected, connection.FindNumber("9")!.Status);
    }

    [Fact]
    public void News_of_a_number_beyond_the_fiftieth_is_full_and_writes_nothing()
    {
        var connection = Connection.Empty(Given.Key);
        for (var i = 0; i < Connection.MaxNumbers; i++)
            connection = Fold(connection, ObservationKind.Created, i, i);

        var decision = connection.After(Given.Observation(ObservationKind.Created, Given.Noon.AddDays(1), "999"), Policy);
        Assert.Equal(Outcome.Full, decision.Outcome);
        Assert.Same(connection, decision.Connection);

        var hint = connection.After(Given.Observation(ObservationKind.RedirectSucceeded, Given.Noon.AddDays(1), "999"), Policy);
        Assert.Equal(Outcome.Noted, hint.Outcome);
        Assert.Equal(Connection.MaxNumbers, hint.Connection.Numbers.Length);
    }

    [Fact]
    public void A_number_that_no_decision_rests_on_makes_room_for_a_proof()
    {
        var connection = Connection.Empty(Given.Key);
        for (var i = 0; i < Connection.MaxNumbers - 1; i++)
            connection = Fold(connection, ObservationKind.Gone, i, i);
        connection = Fold(connection, ObservationKind.RedirectSucceeded, 500, 60);

        connection = Fold(connection, ObservationKind.Created, 999, 61);

        Assert.Null(connection.FindNumber("500"));
        Assert.Equal(NumberStatus.Connected, connection.FindNumber("999")!.Status);
        Assert.Equal(Connection.MaxNumbers, connection.Numbers.Length);
    }

    [Fact]
    public void The_oldest_settled_link_makes_room_for_the_twenty_first()
    {
        var connection = Connection.Empty(Given.Key);
        for (var i = 0; i < 25; i++)
        {
            var link = new SetupLink { Id = $"link-{i}", State = $"state-{i}", CreatedAt = Given.Noon };
            connection = Decisions.AddLink(connection, link, Policy, Given.Noon).Connection;
        }

        Assert.Equal(Enumerable.Range(5, 20).Select(i => $"link-{i}"), connection.SetupLinks.Select(link => link.Id));
    }

    [Fact]
    public void Repeats_coalesce_into_a_count_with_the_last_time()
    {
        var connection = Connection.Empty(Given.Key);
        for (var i = 0; i < 1_000; i++)
            connection = Fold(connection, ObservationKind.Created, 1, i);

        Assert.Equal(2, connection.Timeline.Length);
        var repeats = connection.Timeline[1];
        Assert.Equal((Outcome.Duplicate, 999), (repeats.Outcome, repeats.Count));
        Assert.Equal((Given.Noon.AddMinutes(1), Given.Noon.AddMinutes(999)), (repeats.At, repeats.LastAt));
    }

    [Fact]
    public void A_long_timeline_keeps_the_first_and_last_proof_of_each_number()
    {
        var connection = Fold(Connection.Empty(Given.Key), ObservationKind.Created, 7, 0);
        for (var i = 1; i < 500; i++)
            connection = Fold(connection, i % 2 == 0 ? ObservationKind.Reconnected : ObservationKind.Gone, 1, i);

        Assert.Equal(Connection.MaxTimeline, connection.Timeline.Length);
        Assert.Equal("7", connection.Timeline[0].PhoneNumberId);
        Assert.Equal(Given.Noon.AddMinutes(1), connection.Timeline.First(line => line.PhoneNumberId == "1").At);
        Assert.Equal(Given.Noon.AddMinutes(499), connection.Timeline[^1].At);
    }

    [Fact]
    public void Notifies_that_nobody_takes_are_bounded_and_the_sequence_shows_the_gap()
    {
        var connection = Connection.Empty(Given.Key);
        for (var i = 0; i < 300; i++)
            connection = Fold(connection, i == 0 ? ObservationKind.Created : i % 2 == 0 ? ObservationKind.Reconnected : ObservationKind.Gone, 1, i);

        var notifies = connection.Outbox.Where(effect => effect.Kind == EffectKind.Notify).ToList();
        Assert.Equal(300, connection.Sequence);
        Assert.Equal(Enumerable.Range(201, 100).Select(i => (long)i), notifies.Select(effect => effect.Sequence));
        Assert.NotNull(connection.Effect(EffectKind.Welcome));
    }

    [Fact]
    public void A_dead_notify_makes_room_only_where_no_other_waits_and_the_next_one_tells_what_was_dropped()
    {
        var connection = Connection.Empty(Given.Key);
        for (var i = 0; i < Connection.MaxNotifies; i++)
            connection = Fold(connection, i % 2 == 0 ? ObservationKind.Reconnected : ObservationKind.Gone, 1, i);
        connection = connection with
        {
            Outbox = [.. connection.Outbox.Select(effect => effect.Sequence is >= 1 and <= 40 ? effect with { Status = EffectStatus.Dead } : effect)],
        };

        connection = Fold(connection, ObservationKind.Reconnected, 1, 200);
        connection = Fold(connection, ObservationKind.Gone, 1, 201);

        Assert.Equal([.. Sequences(1, 40), .. Sequences(43, 102)], Notifies(connection).Select(effect => effect.Sequence));
        Assert.Equal(2, Notifies(connection).Single(effect => effect.Sequence == 43).Dropped);
        Assert.Equal(2, Notifies(connection).Sum(effect => effect.Dropped));

        connection = connection with { Outbox = [.. connection.Outbox.Select(effect => effect with { Status = EffectStatus.Dead })] };
        connection = Fold(connection, ObservationKind.Reconnected, 1, 202);

        Assert.Equal([.. Sequences(2, 40), .. Sequences(43, 103)], Notifies(connection).Select(effect => effect.Sequence));
        Assert.Equal(1, Notifies(connection).Single(effect => effect.Sequence == 103).Dropped);

        static IEnumerable<long> Sequences(int from, int to) => Enumerable.Range(from, to - from + 1).Select(i => (long)i);
        static List<Effect> Notifies(Connection connection) => [.. connection.Outbox.Where(effect => effect.Kind == EffectKind.Notify)];
    }
}
