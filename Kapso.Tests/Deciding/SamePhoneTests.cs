namespace Kapso.Tests.Deciding;

/// <summary>A phone that was welcomed comes again, under another number of the same customer.</summary>
public sealed class SamePhoneTests
{
    private const string Second = "123456789012346";
    private const string Third = "123456789012347";
    private const string Phone = "+55 11 98765-0001";

    private static readonly DateTimeOffset Later = Given.Noon.AddDays(20);

    public static TheoryData<bool> WithAndWithoutKey => [false, true];

    private static Observation Row(string number, DateTimeOffset at, string? phone = Phone) =>
        Given.Observation(ObservationKind.ApiConnected, at, number) with { Details = new NumberDetails { DisplayPhoneNumber = phone, BusinessAccountId = "1" } };

    /// <summary>As version 1 of the webhook tells it: with the display number.</summary>
    private static Observation Created(string number, DateTimeOffset at, string? phone) =>
        Given.Observation(ObservationKind.Created, at, number) with
        {
            Details = phone is null ? null : new NumberDetails { DisplayPhoneNumber = phone },
        };

    private static (Connection Connection, Effect Welcome) InFlight(ConnectionPolicy policy, string? phone = Phone)
    {
        var (connection, claimed) = Connection.Empty(Given.Key).After(Created(Given.Number, Given.Noon, phone), policy).Connection
            .Claimed(Given.Noon, policy);
        return (connection, claimed.Single(one => one.Effect.Kind == EffectKind.Welcome).Effect);
    }

    private static Connection Welcomed(ConnectionPolicy policy, string? phone = Phone)
    {
        var (connection, welcome) = InFlight(policy, phone);
        return Decisions.Settle(connection, welcome.Id, 1, EffectResult.Done, policy, Given.Noon.AddSeconds(1)).Connection;
    }

    private static Effect? WelcomeOf(Connection connection, string number) => connection.FindEffect(EffectIds.Welcome(Given.Key, number));

    private static TimelineEntry Line(Connection connection, string what) => connection.Timeline.Single(line => line.Event == what);

    private static void AssertQuiet(Connection connection, string number = Second)
    {
        var quiet = connection.FindNumber(number)!;
        Assert.Equal(
            (NumberStatus.Connected, true, false, null, Given.Number, null),
            (quiet.Status, quiet.Adopted, quiet.Returned, quiet.Welcome, quiet.SamePhoneAs, quiet.PhoneAwaitedUntil));
    }

    [Theory]
    [MemberData(nameof(WithAndWithoutKey))]
    public void A_phone_that_was_welcomed_lately_is_not_greeted_again_and_the_timeline_says_why(bool hasKey)
    {
        var policy = hasKey ? Given.WithKey : Given.WithoutKey;
        var connection = Welcomed(policy).After(ObservationKind.Gone, Later, policy);

        connection = connection.After(Created(Second, Later.AddMinutes(20), "551187650001"), policy).Connection;

        AssertQuiet(connection);
        var line = Line(connection, "welcome.adopted");
        Assert.Equal((Outcome.Adopted, Second), (line.Outcome, line.PhoneNumberId));
        Assert.Equal("Its phone is the one of number 123456789012345, welcomed 2026-03-01T12:00:01Z: no welcome, unless a person sends it.", line.Detail);
    }

    [Theory]
    [InlineData(30, false)]
    [InlineData(31, true)]
    public void After_thirty_days_it_is_greeted(int days, bool greeted)
    {
        var connection = Welcomed(Given.WithoutKey).After(Created(Second, Given.Noon.AddDays(days), Phone), Given.WithoutKey).Connection;

        Assert.Equal(greeted, WelcomeOf(connection, Second) is not null);
        Assert.Equal(Given.Number, connection.FindNumber(Second)!.SamePhoneAs);
    }

    [Fact]
    public void Where_the_setting_says_so_it_is_greeted_and_shown_as_the_same_phone()
    {
        var policy = Given.WithKey with { GreetsSamePhone = true };

        var connection = Welcomed(policy).After(Created(Second, Later, phone: null), policy).Connection;
        Assert.NotNull(WelcomeOf(connection, Second));

        connection = connection.After(Row(Second, Later.AddSeconds(10)), policy).Connection;
        Assert.Equal(Given.Number, connection.FindNumber(Second)!.SamePhoneAs);
        Assert.Contains("greeted all the same", Line(connection, "welcome.same_phone").Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void With_a_key_the_welcome_is_decided_once_the_row_has_told_the_phone()
    {
        var before = Welcomed(Given.WithKey).After(Created(Second, Later, phone: null), Given.WithKey).Connection;
        Assert.Null(WelcomeOf(before, Second));
        Assert.Equal(Later.AddMinutes(3), before.FindNumber(Second)!.PhoneAwaitedUntil);
        Assert.Equal(Later.AddSeconds(10), before.Outbox.Single(effect => effect.Kind == EffectKind.Confirm && effect.PhoneNumberId == Second).DueAt);

        AssertQuiet(before.After(Row(Second, Later.AddSeconds(10)), Given.WithKey).Connection);

        var another = before.After(Row(Second, Later.AddSeconds(10), "+55 11 98765-0002"), Given.WithKey).Connection;
        Assert.NotNull(WelcomeOf(another, Second));
        Assert.Null(another.FindNumber(Second)!.SamePhoneAs);

        Assert.Contains("is not known", Line(before.After(Row(Second, Later.AddSeconds(10), phone: null), Given.WithKey).Connection, "welcome.decided").Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_row_that_does_not_come_in_time_leaves_it_a_new_one()
    {
        var connection = Welcomed(Given.WithKey).After(Created(Second, Later, phone: null), Given.WithKey).Connection;

        Assert.Null(WelcomeOf(connection.Claimed(Later.AddMinutes(3).AddMilliseconds(-1), Given.WithKey).Connection, Second));
        Assert.True(connection.WakeAt <= Later.AddMinutes(3));
        connection = connection.Claimed(Later.AddMinutes(3), Given.WithKey).Connection;

        Assert.Equal(EffectStatus.InFlight, WelcomeOf(connection, Second)?.Status);
        Assert.Contains("is not known", Line(connection, "welcome.decided").Detail, StringComparison.Ordinal);
        connection = connection.After(Row(Second, Later.AddMinutes(4)), Given.WithKey).Connection;
        Assert.Equal((false, Given.Number), (connection.FindNumber(Second)!.Adopted, connection.FindNumber(Second)!.SamePhoneAs));
    }

    [Fact]
    public void Whoever_is_awaited_wakes_its_engine_with_an_empty_outbox_too()
    {
        var connection = Welcomed(Given.WithKey).After(Created(Second, Later, phone: null), Given.WithKey).Connection with { Outbox = [] };

        Assert.Equal(Later.AddMinutes(3), connection.WakeAt);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_phone_of_one_that_went_before_its_row_came_is_asked_for_while_the_platform_may_list_it(bool goneLast)
    {
        var at = Given.Noon.AddSeconds(5);
        var gone = Given.Observation(ObservationKind.Gone, at);
        var connection = Welcomed(Given.WithKey, phone: null);
        foreach (var news in goneLast ? [Created(Second, at, phone: null), gone] : (Observation[])[gone, Created(Second, at, phone: null)])
            connection = connection.After(news, Given.WithKey).Connection;
        var question = connection.Outbox.Single(effect => effect.Kind == EffectKind.Confirm && effect.PhoneNumberId == Given.Number);
        Assert.Equal(at.AddSeconds(10), question.DueAt);

        var told = at.AddSeconds(10);
        var known = connection.After(Row(Second, told), Given.WithKey).Connection;
        Assert.Null(WelcomeOf(known, Second));
        (known, _) = known.Claimed(told, Given.WithKey);
        Connection Answered(Observation answer) =>
            Decisions.Settle(known, question.Id, 1, EffectResult.Done with { Answer = answer }, Given.WithKey, told).Connection;

        AssertQuiet(Answered(Row(Given.Number, told) with { RowCreatedAt = Given.Noon }));
        Assert.Equal(NumberStatus.Gone, Answered(Row(Given.Number, told) with { RowCreatedAt = Given.Noon }).FindNumber(Given.Number)!.Status);
        var absent = Answered(Given.Observation(ObservationKind.ApiAbsent, told));
        Assert.NotNull(WelcomeOf(absent, Second));
        Assert.Contains("the phone of 123456789012345 is not known", Line(absent, "welcome.decided").Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_row_that_is_not_confirmed_yet_is_asked_for_again_within_the_time()
    {
        var connection = Welcomed(Given.WithKey).After(Created(Second, Later, phone: null), Given.WithKey).Connection;
        var at = Later.AddSeconds(10);
        (connection, var claimed) = connection.Claimed(at, Given.WithKey);
        var question = claimed.Single(one => one.Effect.Kind == EffectKind.Confirm && one.Effect.PhoneNumberId == Second).Effect;

        connection = Decisions.Settle(
            connection, question.Id, 1, EffectResult.Done with { Answer = Given.Observation(ObservationKind.ApiUnconfirmed, at, Second) }, Given.WithKey, at).Connection;

        Assert.InRange(connection.FindEffect(question.Id)!.DueAt, at, Later.AddMinutes(3));
    }

    [Fact]
    public void Without_a_key_and_a_phone_it_is_greeted_as_new_and_said_so()
    {
        var connection = Welcomed(Given.WithoutKey).After(Created(Second, Later, phone: null), Given.WithoutKey).Connection;

        Assert.NotNull(WelcomeOf(connection, Second));
        Assert.Contains("without an API key", Line(connection, "welcome.decided").Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_browser_says_of_a_phone_decides_nothing()
    {
        var hint = Given.Observation(ObservationKind.RedirectSucceeded, Later, Second) with { Details = new NumberDetails { DisplayPhoneNumber = Phone } };

        var connection = Welcomed(Given.WithoutKey).After(hint, Given.WithoutKey).Connection.After(Created(Second, Later, phone: null), Given.WithoutKey).Connection;

        Assert.NotNull(WelcomeOf(connection, Second));
        Assert.Null(connection.FindNumber(Second)!.SamePhoneAs);
    }

    [Fact]
    public void A_person_can_have_it_greeted_whether_it_is_quiet_or_awaited()
    {
        var awaited = Welcomed(Given.WithKey).After(Created(Second, Later, phone: null), Given.WithKey).Connection;
        var quiet = awaited.After(Row(Second, Later.AddSeconds(10)), Given.WithKey).Connection;
        foreach (var connection in (Connection[])[awaited, quiet])
        {
            var (greeted, action) = Decisions.Greet(connection, Second, Later.AddMinutes(1), "Ada");

            Assert.Equal(EffectAction.Applied, action);
            Assert.Equal((false, null), (greeted.FindNumber(Second)!.Adopted, greeted.FindNumber(Second)!.PhoneAwaitedUntil));
            Assert.NotNull(WelcomeOf(greeted, Second));
            greeted = greeted.After(Row(Second, Later.AddMinutes(2)), Given.WithKey).Connection;
            Assert.NotNull(WelcomeOf(greeted, Second));
        }
    }

    [Fact]
    public void It_is_decided_once_and_a_later_created_does_not_ask_again()
    {
        var connection = Welcomed(Given.WithoutKey).After(Created(Second, Later, Phone), Given.WithoutKey).Connection;
        foreach (var days in (int[])[1, 40])
        {
            connection = connection.After(Given.Observation(ObservationKind.Gone, Later.AddDays(days), Second), Given.WithoutKey).Connection
                .After(Created(Second, Later.AddDays(days).AddHours(1), Phone), Given.WithoutKey).Connection;
            AssertQuiet(connection);
        }
    }

    [Fact]
    public void One_that_goes_while_its_phone_is_awaited_is_asked_about_again_when_it_comes_back()
    {
        var connection = Welcomed(Given.WithKey).After(Created(Second, Later, phone: null), Given.WithKey).Connection
            .After(Given.Observation(ObservationKind.Gone, Later.AddMinutes(1), Second), Given.WithKey).Connection;
        connection = connection.Claimed(Later.AddHours(1), Given.WithKey).Connection;
        Assert.Null(WelcomeOf(connection, Second));

        connection = connection.After(Given.Observation(ObservationKind.Reconnected, Later.AddHours(1), Second), Given.WithKey).Connection;

        Assert.False(connection.FindNumber(Second)!.AgeUnknown);
        Assert.Equal(Later.AddHours(1).AddMinutes(3), connection.FindNumber(Second)!.PhoneAwaitedUntil);
        AssertQuiet(connection.After(Row(Second, Later.AddHours(1).AddSeconds(10)), Given.WithKey).Connection);
    }

    [Fact]
    public void The_company_is_told_of_the_connection_once_the_phone_is_known_or_the_number_is_gone()
    {
        var connection = Welcomed(Given.WithKey).After(Created(Second, Later, phone: null), Given.WithKey).Connection;
        DateTimeOffset DueAt(Connection of) =>
            of.Outbox.Single(effect => effect is { NotifyType: NotifyType.Connected, PhoneNumberId: Second }).DueAt;
        Assert.Equal(Later.AddMinutes(3), DueAt(connection));

        var told = Later.AddSeconds(10);
        Assert.Equal(told, DueAt(connection.After(Row(Second, told), Given.WithKey).Connection));
        Assert.Equal(told, DueAt(connection.After(Row(Second, told, "+1 555 123 4567"), Given.WithKey).Connection));
        Assert.Equal(told, DueAt(connection.After(Given.Observation(ObservationKind.Gone, told, Second), Given.WithKey).Connection));
        Assert.Equal(told, DueAt(Decisions.Greet(connection, Second, told).Connection));
    }

    [Theory]
    [MemberData(nameof(WithAndWithoutKey))]
    public void Whatever_the_order_of_the_news_the_phone_is_welcomed_once(bool hasKey)
    {
        var policy = hasKey ? Given.WithKey : Given.WithoutKey;
        var (start, welcome) = InFlight(policy);
        foreach (var result in (EffectResult[])[EffectResult.Done, EffectResult.Retry("down"), EffectResult.Retry("timed out", outcomeUnknown: true)])
        {
            Func<Connection, DateTimeOffset, Connection>[] news =
            [
                (connection, at) => Decisions.Settle(connection, welcome.Id, 1, result, policy, at).Connection,
                (connection, at) => connection.After(Created(Second, at, hasKey ? null : Phone), policy).Connection,
                (connection, at) => connection.After(ObservationKind.Gone, at, policy),
                (connection, at) => hasKey ? connection.After(Row(Second, at), policy).Connection : connection,
                (connection, at) => connection.After(Created(Second, at, hasKey ? null : Phone), policy).Connection,
            ];
            foreach (var order in Orders(news.Length))
            {
                var connection = start;
                foreach (var (i, which) in order.Index())
                    connection = news[which](connection, Later.AddSeconds(i));

                var story = $"{result.Kind} {result.OutcomeUnknown} {string.Join(' ', order)}";
                var second = connection.FindNumber(Second)!;
                var sent = result.Kind == EffectResultKind.Done || result.OutcomeUnknown;
                Assert.True(second.Adopted == sent && second.WelcomeDecided && second.SamePhoneAs == Given.Number, story);
                Assert.True(WelcomeOf(connection, Second) is null == sent, story);
                Assert.True(WelcomeOf(connection, Given.Number) is not null == result.OutcomeUnknown, story);
            }
        }
    }

    [Fact]
    public void An_unsent_welcome_gives_way_to_the_number_under_which_its_phone_is_connected()
    {
        var (connection, welcome) = InFlight(Given.WithoutKey);
        connection = Decisions.Settle(connection, welcome.Id, 1, EffectResult.Retry("down"), Given.WithoutKey, Later).Connection
            .After(Created(Second, Later, Phone), Given.WithoutKey).Connection;

        Assert.Equal((EffectStatus.Dead, Later), (connection.FindNumber(Given.Number)!.Welcome!.Status, connection.FindNumber(Given.Number)!.Welcome!.LapsedAt));
        Assert.Contains(Second, Line(connection, "welcome.lapsed").Detail, StringComparison.Ordinal);
        Assert.NotNull(WelcomeOf(connection, Second));
    }

    /// <summary>What is due is tried, and the receiver is down.</summary>
    private static Connection Failed(Connection connection, DateTimeOffset at, ConnectionPolicy policy, EffectResult? result = null)
    {
        (connection, var claimed) = connection.Claimed(at, policy);
        return claimed.Where(one => one.Effect.Kind == EffectKind.Welcome).Aggregate(
            connection,
            (known, one) => Decisions.Settle(known, one.Effect.Id, one.Effect.Attempt, result ?? EffectResult.Retry("down"), policy, at).Connection);
    }

    /// <summary>N is not welcomed yet, as the receiver is down, and N2 is connected instead of it.</summary>
    private static Connection Left(ConnectionPolicy policy) =>
        Failed(
            Failed(Connection.Empty(Given.Key).After(Created(Given.Number, Given.Noon, Phone), policy).Connection, Given.Noon, policy)
                .After(ObservationKind.Gone, Later, policy)
                .After(Created(Second, Later, Phone), policy).Connection,
            Later, policy);

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void A_number_that_left_its_welcome_to_another_takes_it_back_where_that_one_went_before_it_was_sent(bool hasKey, bool backFirst)
    {
        var policy = hasKey ? Given.WithKey : Given.WithoutKey;
        var at = Later.AddHours(1);
        Observation[] news = [Given.Observation(ObservationKind.Gone, at, Second), Given.Observation(ObservationKind.Reconnected, at)];

        var connection = (backFirst ? news.Reverse() : news).Aggregate(Left(policy), (known, one) => known.After(one, policy).Connection);

        var (first, second) = (connection.FindNumber(Given.Number)!, connection.FindNumber(Second)!);
        Assert.Equal((EffectStatus.Pending, 1, null), (first.Welcome!.Status, first.Welcome.Attempts, first.WelcomeLeftTo));
        Assert.Equal((EffectStatus.Dead, at, Given.Number), (second.Welcome!.Status, second.Welcome.LapsedAt, second.WelcomeLeftTo));
        Assert.Equal(
            [("welcome.lapsed", Given.Number), ("welcome.lapsed", Second), ("welcome.taken_back", Given.Number)],
            connection.Timeline.Where(line => line.Event is "welcome.lapsed" or "welcome.taken_back").Select(line => (line.Event, line.PhoneNumberId)));

        connection = Failed(connection, at, policy, EffectResult.Done).After(Given.Observation(ObservationKind.Reconnected, at.AddHours(1), Second), policy).Connection;
        Assert.Equal(EffectStatus.Done, connection.FindNumber(Given.Number)!.Welcome!.Status);
        Assert.Null(WelcomeOf(connection, Second));
    }

    [Fact]
    public void A_welcome_that_may_have_been_sent_is_not_taken_back()
    {
        var connection = Failed(Left(Given.WithoutKey), Later.AddMinutes(1), Given.WithoutKey, EffectResult.Retry("timed out", outcomeUnknown: true))
            .After(Given.Observation(ObservationKind.Gone, Later.AddHours(1), Second), Given.WithoutKey).Connection
            .After(Given.Observation(ObservationKind.Reconnected, Later.AddHours(1)), Given.WithoutKey).Connection;

        Assert.NotNull(WelcomeOf(connection, Second));
        Assert.Null(WelcomeOf(connection, Given.Number));
    }

    [Fact]
    public void A_number_that_was_quiet_as_another_ones_welcome_was_being_sent_is_greeted_where_that_failed_and_its_number_went()
    {
        var (connection, welcome) = InFlight(Given.WithoutKey);
        connection = connection.After(Created(Second, Given.Noon.AddMinutes(1), Phone), Given.WithoutKey).Connection
            .After(ObservationKind.Gone, Given.Noon.AddMinutes(2), Given.WithoutKey);
        connection = Decisions.LookAtDue(connection, Given.WithoutKey with { Lease = TimeSpan.FromHours(1) }, Given.Holder, Given.Noon.AddMinutes(4));
        AssertQuiet(connection);

        connection = Decisions.Settle(connection, welcome.Id, 1, EffectResult.Retry("down"), Given.WithoutKey, Given.Noon.AddMinutes(5)).Connection;

        Assert.Equal(EffectStatus.Pending, WelcomeOf(connection, Second)?.Status);
        Assert.Null(WelcomeOf(connection, Given.Number));
    }

    [Fact]
    public void A_person_who_has_a_number_greeted_takes_the_welcome_from_the_one_it_was_left_to()
    {
        var connection = Left(Given.WithoutKey).After(Given.Observation(ObservationKind.Reconnected, Later.AddHours(1)), Given.WithoutKey).Connection;

        (connection, var action) = Decisions.Greet(connection, Given.Number, Later.AddHours(2), "Ada");

        Assert.Equal(EffectAction.Applied, action);
        Assert.Null(WelcomeOf(connection, Second));
        Assert.NotNull(WelcomeOf(connection, Given.Number));
    }

    [Fact]
    public void However_numbers_of_a_phone_come_and_go_it_is_welcomed_once()
    {
        string[] numbers = [Given.Number, Second, Third];
        for (var seed = 0; seed < 2_000; seed++)
        {
            var random = new Random(seed);
            var (connection, at, sent, story) = (Connection.Empty(Given.Key), Given.Noon, 0, $"{seed}:");

            void Send(EffectResult result)
            {
                (connection, var claimed) = connection.Claimed(at);
                foreach (var one in claimed.Where(one => one.Effect.Kind == EffectKind.Welcome))
                {
                    sent += result.Kind == EffectResultKind.Done ? 1 : 0;
                    connection = Decisions.Settle(connection, one.Effect.Id, one.Effect.Attempt, result, Given.WithoutKey, at).Connection;
                }
            }

            for (var step = 0; step < 20; step++)
            {
                at = at.AddMinutes(20);
                var (number, what) = (numbers[random.Next(numbers.Length)], random.Next(5));
                story += $" {what}:{number[^1]}";
                var isKnown = connection.FindNumber(number) is not null;
                if (what < 2)
                    connection = connection.After(isKnown ? Given.Observation(ObservationKind.Reconnected, at, number) : Created(number, at, Phone), Given.WithoutKey).Connection;
                else if (what < 4)
                    connection = isKnown ? connection.After(Given.Observation(ObservationKind.Gone, at, number), Given.WithoutKey).Connection : connection;
                else
                    Send(random.Next(8) == 0 ? EffectResult.Done : EffectResult.Retry("down"));
                var open = connection.Outbox.Count(effect => effect.Kind == EffectKind.Welcome);
                Assert.True(open + sent == (connection.Numbers.IsEmpty ? 0 : 1), $"{story}: {open} are open, {sent} were sent.");
            }

            at = at.AddHours(2);
            Send(EffectResult.Done);
            Assert.True(sent == 1 || !connection.Numbers.Any(number => number.Status == NumberStatus.Connected), $"{story}: nobody was greeted.");
        }
    }

    [Fact]
    public void A_welcome_of_an_earlier_version_took_effect_when_its_timeline_says_or_when_the_number_was_connected()
    {
        var kept = Welcomed(Given.WithoutKey);
        var number = kept.FindNumber(Given.Number)!;
        Assert.Equal(Given.Noon.AddSeconds(1), number.Welcome!.DoneAt);
        var stored = kept with { Numbers = [number with { Welcome = number.Welcome with { DoneAt = null } }] };
        AssertQuiet(stored.After(Created(Second, Given.Noon.AddDays(30).AddSeconds(1), Phone), Given.WithoutKey).Connection);

        stored = stored with { Timeline = [] };
        AssertQuiet(stored.After(Created(Second, Given.Noon.AddDays(30), Phone), Given.WithoutKey).Connection);
        Assert.NotNull(WelcomeOf(stored.After(Created(Second, Given.Noon.AddDays(30).AddSeconds(1), Phone), Given.WithoutKey).Connection, Second));
    }

    [Fact]
    public void A_third_number_of_the_phone_is_quiet_as_long_as_the_first_was_welcomed_lately()
    {
        var connection = Welcomed(Given.WithoutKey).After(Created(Second, Later, Phone), Given.WithoutKey).Connection
            .After(Created(Third, Later.AddDays(5), Phone), Given.WithoutKey).Connection;

        Assert.Equal((true, Second), (connection.FindNumber(Third)!.Adopted, connection.FindNumber(Third)!.SamePhoneAs));
    }

    private static IEnumerable<int[]> Orders(int count) => count == 0
        ? [[]]
        : Orders(count - 1).SelectMany(order => Enumerable.Range(0, count).Select(at => (int[])[.. order[..at], count - 1, .. order[at..]]));
}
