namespace Kapso.Tests.Deciding;

/// <summary>Links with which a customer connects a number again that has gone: asked for, or made by the service itself.</summary>
public sealed class ReconnectTests
{
    private const string Second = "123456789012346";
    private const string Phone = "+1 555-123-4567";

    private static readonly ConnectionPolicy Policy = Given.WithKey with { ReconnectsByItself = true };
    private static readonly DateTimeOffset Due = Given.Noon.AddMinutes(15);

    private static Observation Gone(string? by, DateTimeOffset? at = null) => Given.Observation(ObservationKind.Gone, at ?? Given.Noon) with
    {
        Disconnection = by is null ? null : new Disconnection { Reason = "account_offboarded", InitiatedBy = by },
    };

    private static Observation Row(string number, DateTimeOffset at, string? phone = Phone) =>
        Given.Observation(ObservationKind.ApiConnected, at, number) with { Details = new NumberDetails { DisplayPhoneNumber = phone } };

    /// <summary>A number that was connected and welcomed the day before, its phone told by the platform.</summary>
    private static Connection Connected(ConnectionPolicy? policy = null, string? phone = Phone)
    {
        var (yesterday, given) = (Given.Noon.AddDays(-1), policy ?? Policy);
        var connection = Connection.Empty(Given.Key).After(ObservationKind.Created, yesterday, given);
        (connection, var claimed) = connection.Claimed(yesterday, given);
        foreach (var one in claimed)
            connection = Decisions.Settle(connection, one.Effect.Id, 1, EffectResult.Done, given, yesterday).Connection;
        return connection.After(Row(Given.Number, yesterday.AddSeconds(10), phone), given).Connection with { Outbox = [] };
    }

    private static Connection Standing(string? by = "meta", ConnectionPolicy? policy = null, string? phone = Phone) =>
        Connected(policy, phone).After(Gone(by), policy ?? Policy).Connection;

    private static SetupLink Link(string id, DateTimeOffset at, bool automatic = false, string? reconnects = Given.Number) => new()
    {
        Id = id,
        State = "state-" + id,
        CreatedAt = at,
        Source = SetupLinkSource.Issued,
        ReconnectsPhoneNumberId = reconnects,
        IsAutomatic = automatic,
    };

    private static LinkDecision Intend(Connection connection, SetupLink link, ConnectionPolicy? policy = null, DateTimeOffset? now = null) =>
        Decisions.ChangeLink(connection, new IntendLink(link, Replace: false), policy ?? Policy, now ?? link.CreatedAt);

    private static ListedLink Listed(string id, string status = SetupLink.Active) => new()
    {
        PlatformId = "platform-" + id,
        Status = status,
        SetupStatus = "pending",
        Url = new BearerSecret("https://setup.example/" + id),
        ExpiresAt = Given.Noon.AddDays(30),
    };

    private static Connection Issue(Connection connection, SetupLink link, ConnectionPolicy? policy = null) =>
        Decisions.ChangeLink(
            Intend(connection, link, policy).Connection, new IssueLink(link.Id, Listed(link.Id)), policy ?? Policy, link.CreatedAt).Connection;

    private static Effect? Told(Connection connection) => connection.Outbox.SingleOrDefault(effect => effect.NotifyType == NotifyType.ReconnectLink);

    [Fact]
    public void A_link_that_somebody_asks_for_is_told_with_its_address_as_long_as_it_can_be_opened()
    {
        var connection = Issue(Standing(), Link("one", Due));

        var told = Told(connection)!;
        Assert.Equal(
            (Given.Number, "platform-one", Effect.ReconnectAskedFor, "meta"),
            (told.PhoneNumberId, told.SetupLinkId, told.Detail, told.Facts!.Number!.Disconnection!.InitiatedBy));
        Assert.DoesNotContain("setup.example", System.Text.Json.JsonSerializer.Serialize(told), StringComparison.Ordinal);
        Assert.Contains(
            connection.Timeline,
            line => line is { Event: "setup_link.issued", Source: Source.Operator, Detail: "It connects number 123456789012345 again." });

        // Notifies go in order: what was told before is settled first.
        connection = connection with { Outbox = [told] };
        var now = connection.Claimed(Due, Policy).Claimed.Single(one => one.Effect.Id == told.Id);
        Assert.Equal("https://setup.example/one", now.Link!.Url?.Reveal);
        var revoked = Decisions.ChangeLink(connection, new RevokeLink("one"), Policy, Due).Connection;
        Assert.Null(revoked.Claimed(Due, Policy).Claimed.Single(one => one.Effect.Id == told.Id).Link);
        Assert.Null(connection.Claimed(Given.Noon.AddDays(30), Policy).Claimed.Single(one => one.Effect.Id == told.Id).Link);
    }

    [Fact]
    public void A_number_that_is_not_gone_or_is_connected_under_another_id_is_not_connected_again()
    {
        var link = Link("one", Due);
        Assert.Equal(LinkOutcome.NotGone, Intend(Connected(), link).Receipt.Outcome);
        Assert.Equal(LinkOutcome.NotGone, Intend(Standing(), link with { ReconnectsPhoneNumberId = "nobody" }).Receipt.Outcome);
        Assert.Equal(LinkOutcome.NotGone, Intend(Standing().After(Row(Second, Due), Policy).Connection, link).Receipt.Outcome);

        var elsewhere = Standing().After(Row(Second, Due, "+1 555-999-0000"), Policy).Connection;
        Assert.Equal(LinkOutcome.Applied, Intend(elsewhere, link).Receipt.Outcome);
    }

    [Fact]
    public void The_same_key_finds_the_link_also_once_the_number_is_connected()
    {
        var link = Link("one", Due) with { IdempotencyKey = "key", Fingerprint = "a" };
        var connection = Issue(Standing(), link).After(ObservationKind.Reconnected, Due.AddMinutes(1), Policy);

        var again = Intend(connection, link with { Id = "two" });

        Assert.Equal((LinkOutcome.AlreadySo, "one"), (again.Receipt.Outcome, again.Receipt.Link!.Id));
    }

    [Theory]
    [InlineData("meta", null)]
    [InlineData("SYSTEM", null)]
    [InlineData("customer", "The customer disconnected it.")]
    [InlineData("business", "The customer disconnected it.")]
    [InlineData("partner", "The platform did not say that it was WhatsApp who disconnected it.")]
    [InlineData(null, "The platform did not say that it was WhatsApp who disconnected it.")]
    public void The_service_makes_one_by_itself_only_where_the_platform_says_that_whatsapp_disconnected_the_number(string? by, string? why)
    {
        var connection = Standing(by);
        Assert.Equal(Due, connection.TheNumber().ReconnectAt);

        Assert.Equal(LinkOutcome.NotDue, Intend(connection, Link("early", Due.AddSeconds(-1), automatic: true)).Receipt.Outcome);
        AssertDecided(connection, why);
    }

    [Fact]
    public void It_makes_none_over_a_live_link_or_without_a_phone_or_where_it_is_switched_off()
    {
        var invited = Standing();
        invited = Decisions.ChangeLink(
            Decisions.ChangeLink(invited, new IntendLink(Link("live", Given.Noon, reconnects: null), false), Policy, Given.Noon).Connection,
            new IssueLink("live", Listed("live")), Policy, Given.Noon).Connection;
        AssertDecided(invited, "The customer has a link that can still be used.");
        AssertDecided(Standing(phone: null), "No proof told its phone.");
        AssertDecided(Standing(), "The service makes none by itself (Reconnect:Auto).", Given.WithKey);
        AssertDecided(Standing().After(Row(Second, Due), Policy).Connection, "Its phone is connected as another number, or it is a sandbox number.");
    }

    [Fact]
    public void With_the_setting_off_nothing_of_it_is_planned()
    {
        Assert.Null(Standing(policy: Given.WithKey).TheNumber().ReconnectAt);
        Assert.Null(Standing(policy: Given.WithKey).LinksCheckedAt);
    }

    [Fact]
    public void A_link_that_the_platform_lists_and_nobody_here_knows_is_not_revoked_by_it()
    {
        var connection = Standing();
        Assert.Equal(Due - SetupLink.BetweenLooks, connection.LinksCheckedAt);
        var early = Fold(connection, Due.AddMinutes(-1), Listed("elsewhere"));
        Assert.Equal(Due, early.TheNumber().ReconnectAt);

        connection = Fold(connection, Due, Listed("ended", "expired"));
        Assert.Equal(Due, connection.TheNumber().ReconnectAt);
        connection = Fold(connection, Due, Listed("elsewhere"));

        Assert.Null(connection.TheNumber().ReconnectAt);
        Assert.Null(connection.LinksCheckedAt);
        Assert.Equal("The platform lists a link of the customer's that can still be used.", PassedOver(connection));
    }

    [Fact]
    public void While_a_setup_is_being_checked_it_waits_for_a_day_at_most()
    {
        var connection = Standing().After(Given.Observation(ObservationKind.RedirectSucceeded, Due, Second), Policy).Connection;

        Assert.Equal(LinkOutcome.NotDue, Intend(connection, Link("one", Due, automatic: true)).Receipt.Outcome);
        Assert.Equal(Due, connection.FindNumber(Given.Number)!.ReconnectAt);
        Assert.Equal(LinkOutcome.NotDue, Intend(connection, Link("one", Due.AddHours(24), automatic: true)).Receipt.Outcome);
        Assert.Equal(LinkOutcome.Applied, Intend(connection, Link("one", Due.AddHours(25), automatic: true)).Receipt.Outcome);
    }

    [Fact]
    public void It_is_decided_once_each_time_that_the_number_goes_and_at_most_three_times_in_thirty_days()
    {
        var (connection, at) = (Connected(), Given.Noon);
        for (var i = 0; i < 4; i++, at = at.AddDays(5))
        {
            connection = connection.After(Gone("meta", at), Policy).Connection;
            var link = Link($"auto-{i}", at.AddMinutes(15), automatic: true);
            Assert.Equal(i < 3 ? LinkOutcome.Applied : LinkOutcome.NotDue, Intend(connection, link).Receipt.Outcome);
            connection = i < 3 ? Issue(connection, link) : Intend(connection, link).Connection;
            Assert.Null(connection.TheNumber().ReconnectAt);
            Assert.Equal(LinkOutcome.NotDue, Intend(connection, link with { Id = "more" }).Receipt.Outcome);
            connection = connection.After(ObservationKind.Reconnected, at.AddHours(1), Policy);
        }

        Assert.Equal("Three were made within the last 30 days.", PassedOver(connection));
        connection = connection.After(Gone("meta", Given.Noon.AddDays(31)), Policy).Connection;
        Assert.Equal(LinkOutcome.Applied, Intend(connection, Link("later", Given.Noon.AddDays(31).AddMinutes(15), automatic: true)).Receipt.Outcome);
    }

    [Fact]
    public void Other_links_push_none_out_that_still_count()
    {
        var connection = Issue(Standing(), Link("auto", Due, automatic: true));
        for (var i = 0; i < Connection.MaxLinks + 5; i++)
            connection = Decisions.AddLink(connection, Link($"pair-{i}", Due, reconnects: null) with { Status = SetupLinkStatus.Revoked }, Policy, Due).Connection;
        connection = Decisions.ChangeLink(connection, new RevokeLink("auto"), Policy, Due).Connection;
        for (var i = 0; i < Connection.MaxLinks + 5; i++)
            connection = Decisions.AddLink(connection, Link($"late-{i}", Due, reconnects: null) with { Status = SetupLinkStatus.Revoked }, Policy, Due).Connection;

        Assert.Equal(Connection.MaxLinks, connection.SetupLinks.Length);
        Assert.Contains(connection.SetupLinks, link => link.Id == "auto");
    }

    [Fact]
    public void One_that_comes_back_by_itself_is_left_alone()
    {
        var connection = Standing().After(ObservationKind.Reconnected, Given.Noon.AddMinutes(5), Policy);

        Assert.Null(connection.TheNumber().ReconnectAt);
        Assert.Equal(LinkOutcome.NotDue, Intend(connection, Link("one", Due, automatic: true)).Receipt.Outcome);
    }

    [Fact]
    public void What_the_platform_refuses_is_left_to_a_person_who_is_told_and_what_it_does_not_answer_is_tried_again()
    {
        var link = Link("one", Due, automatic: true);
        var intended = Intend(Standing(), link).Connection;
        Assert.Equal(Due, intended.TheNumber().ReconnectAt); // Whoever comes after a crash finds it.

        var waits = Decisions.ChangeLink(intended, new AbandonLink("one", "No answer."), Policy, Due).Connection;
        Assert.Equal(Due.AddMinutes(15), waits.TheNumber().ReconnectAt);
        Assert.DoesNotContain(waits.Outbox, effect => effect.NotifyType == NotifyType.Attention);

        var refused = Decisions.ChangeLink(intended, new AbandonLink("one", "The platform answered 422: no.", IsRefused: true), Policy, Due).Connection;
        Assert.Null(refused.TheNumber().ReconnectAt);
        Assert.Contains(refused.Outbox, effect => effect is { NotifyType: NotifyType.Attention, Detail: "reconnect_refused", PhoneNumberId: Given.Number });
        Assert.Contains(refused.Timeline, line => line is { Event: "setup_link.not_issued", Detail: "The platform answered 422: no." });
    }

    [Theory]
    [InlineData(ObservationKind.Reconnected)]
    [InlineData(ObservationKind.ApiConnected)]
    public void The_same_number_came_back_and_is_not_greeted_again(ObservationKind kind)
    {
        var connection = Issue(Standing(), Link("one", Due));

        connection = connection.After(Given.Observation(kind, Due.AddMinutes(20)) with { Details = new() { DisplayPhoneNumber = Phone } }, Policy).Connection;

        Assert.Equal(NumberStatus.Connected, connection.TheNumber().Status);
        Assert.DoesNotContain(connection.Outbox, effect => effect.Kind == EffectKind.Welcome);
        Assert.Equal(Effect.Returned, connection.Outbox.Single(effect => effect.NotifyType == NotifyType.Connected).Detail);
        Assert.Equal(SetupLinkStatus.Completed, Assert.Single(connection.SetupLinks).Status);
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(false, 100)]
    [InlineData(true, 1)]
    [InlineData(true, 100)]
    public void The_same_phone_under_a_new_id_came_back_however_long_ago_it_was_welcomed_and_whatever_the_setting_says(bool greetsSamePhone, int days)
    {
        var policy = Policy with { GreetsSamePhone = greetsSamePhone };
        var at = Given.Noon.AddDays(days);
        var connection = Connected(policy).After(Gone("meta", at), policy).Connection;
        connection = Issue(connection, Link("one", at.AddMinutes(20)), policy);

        // The webhook tells no phone: welcome and news wait for the row.
        connection = connection.After(Given.Observation(ObservationKind.Created, at.AddHours(1), Second), policy).Connection;
        var waiting = connection.Outbox.Single(effect => effect.NotifyType == NotifyType.Connected);
        Assert.Equal((null, at.AddHours(1).AddMinutes(3)), (waiting.Detail, waiting.DueAt));
        connection = connection.After(Row(Second, at.AddHours(1).AddSeconds(10)), policy).Connection;

        var number = connection.FindNumber(Second)!;
        Assert.Equal((NumberStatus.Connected, true, null, Given.Number), (number.Status, number.Adopted, number.Welcome, number.SamePhoneAs));
        var told = connection.Outbox.Single(effect => effect.NotifyType == NotifyType.Connected);
        Assert.Equal((Effect.Returned, at.AddHours(1).AddSeconds(10), Given.Number), (told.Detail, told.DueAt, told.Facts!.Number!.SamePhoneAs));
        Assert.Equal(
            "Its phone is the one of number 123456789012345, which was to be connected again by a link: it came back: no welcome, unless a person sends it.",
            connection.Timeline.Single(line => line.Event == "welcome.adopted").Detail);

        connection = connection.After(Given.Observation(ObservationKind.Created, at.AddHours(2), Second), policy).Connection;
        Assert.DoesNotContain(connection.Outbox, effect => effect.Kind == EffectKind.Welcome);
    }

    [Fact]
    public void Another_phone_is_a_new_number_and_greeted_and_uses_up_no_link_of_the_first()
    {
        var connection = Issue(Standing(), Link("one", Due));

        connection = connection.After(Row(Second, Due.AddHours(1), "+1 555-999-0000"), Policy).Connection;

        Assert.NotNull(connection.FindNumber(Second)!.Welcome);
        Assert.Null(connection.Outbox.Single(effect => effect.NotifyType == NotifyType.Connected).Detail);
        Assert.Equal(SetupLinkStatus.Live, Assert.Single(connection.SetupLinks).Status);
    }

    [Fact]
    public void A_welcome_that_was_never_sent_goes_to_the_new_id_once()
    {
        var connection = Connection.Empty(Given.Key).After(Row(Given.Number, Given.Noon.AddMinutes(-1)), Policy).Connection;
        connection = Issue(connection.After(Gone("meta"), Policy).Connection, Link("one", Due));

        connection = connection.After(Row(Second, Due.AddHours(1)), Policy).Connection;

        Assert.NotNull(connection.FindNumber(Second)!.Welcome);
        Assert.Equal(Second, Assert.Single(connection.Outbox, effect => effect.Kind == EffectKind.Welcome).PhoneNumberId);
        Assert.Contains(connection.Outbox, effect => effect is { NotifyType: NotifyType.Connected, PhoneNumberId: Second, Detail: Effect.Returned });
    }

    [Fact]
    public void Without_a_link_for_it_a_phone_that_was_welcomed_long_ago_is_new()
    {
        var connection = Connected().After(Gone("meta"), Policy).Connection;

        connection = connection.After(Row(Second, Given.Noon.AddDays(100)), Policy).Connection;

        Assert.NotNull(connection.FindNumber(Second)!.Welcome);
    }

    private static void AssertDecided(Connection connection, string? why, ConnectionPolicy? policy = null)
    {
        var decision = Intend(connection, Link("auto", Due, automatic: true), policy);
        Assert.Equal(why is null ? LinkOutcome.Applied : LinkOutcome.NotDue, decision.Receipt.Outcome);
        if (why is null)
        {
            var issued = Issue(connection, Link("auto", Due, automatic: true), policy);
            Assert.Equal(Effect.ReconnectAutomatic, Told(issued)!.Detail);
            Assert.Contains(issued.Timeline, line => line is { Event: "setup_link.issued", Source: Source.Service });
            return;
        }

        Assert.Null(decision.Connection.FindNumber(Given.Number)!.ReconnectAt);
        Assert.Equal(why, PassedOver(decision.Connection));
    }

    private static string? PassedOver(Connection connection) => connection.Timeline.Single(line => line.Event == "reconnect.passed_over").Detail;

    private static Connection Fold(Connection connection, DateTimeOffset now, params ListedLink[] listed) =>
        Decisions.ChangeLink(connection, new FoldLinks([.. listed], true, now), Policy, now).Connection;
}
