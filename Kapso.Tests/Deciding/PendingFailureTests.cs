using Kapso.Connections.Redirects;

namespace Kapso.Tests.Deciding;

/// <summary>A failure that a browser tells, while something better is known or can be had.</summary>
public sealed class PendingFailureTests
{
    private const string State = "0123456789abcdef0123456789abcdef";
    private static readonly DateTimeOffset Later = Given.Noon.AddMinutes(1);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void While_a_number_is_being_checked_a_failure_is_none_and_the_proof_drops_it(bool canConfirm)
    {
        var policy = Given.WithoutKey with { CanConfirm = canConfirm };
        var connection = Invited().After(Success(), policy).Connection;

        var decision = connection.After(Failure(SetupErrorCodes.AlreadyUsed), policy);
        Assert.Equal((Outcome.Noted, ConnectionStatus.Hinted), (decision.Outcome, decision.Connection.Status));
        Assert.Empty(Told(decision.Connection));
        Assert.Empty(decision.Connection.SetupLinks[0].ErrorCodes);
        Assert.True(decision.Connection.IsReceived(decision.Connection.SetupLinks[0]));
        Assert.Equal(Outcome.Duplicate, decision.Connection.After(Failure(SetupErrorCodes.AlreadyUsed), policy).Outcome);

        connection = decision.Connection.After(ObservationKind.Created, Later, policy);
        Assert.Equal((SetupLinkStatus.Completed, null), (connection.SetupLinks[0].Status, connection.SetupLinks[0].PendingFailure));
        Assert.Empty(connection.SetupLinks[0].ErrorCodes);
        connection = connection.After(Failure(SetupErrorCodes.AlreadyUsed), policy).Connection;
        Assert.Empty(connection.SetupLinks[0].ErrorCodes);
        Assert.Empty(Told(connection));
    }

    [Theory]
    [InlineData(SetupErrorCodes.AlreadyUsed, SetupLinkStatus.Failed)]
    [InlineData(SetupErrorCodes.LinkExpired, SetupLinkStatus.Expired)]
    public void It_counts_and_is_told_when_the_hint_is_refused(string code, SetupLinkStatus expected)
    {
        var connection = Invited().After(Success(), Given.WithKey).Connection.After(Failure(code), Given.WithKey).Connection;

        connection = connection.After(ObservationKind.ApiAbsent, Given.Noon.AddMinutes(10), Given.WithKey);

        Assert.Equal((expected, ConnectionStatus.Failed), (connection.SetupLinks[0].Status, connection.Status));
        Assert.Equal([code], connection.SetupLinks[0].ErrorCodes);
        Assert.Equal([code], Told(connection));
        Assert.False(connection.IsReceived(connection.SetupLinks[0]));
    }

    [Fact]
    public void It_counts_when_the_number_turns_out_to_be_gone()
    {
        var connection = Invited().After(Success(), Given.WithoutKey).Connection
            .After(Failure(SetupErrorCodes.FacebookAuthFailed), Given.WithoutKey).Connection
            .After(ObservationKind.Gone, Later, Given.WithoutKey);

        Assert.Equal([SetupErrorCodes.FacebookAuthFailed], Told(connection));
    }

    [Fact]
    public void It_waits_for_the_last_of_several_hints()
    {
        var other = Success() with { PhoneNumberId = "999" };
        var connection = Invited().After(Success(), Given.WithKey).Connection.After(other, Given.WithKey).Connection
            .After(Failure(SetupErrorCodes.AlreadyUsed), Given.WithKey).Connection;

        connection = connection.After(ObservationKind.ApiAbsent, Given.Noon.AddMinutes(10), Given.WithKey);
        Assert.Empty(Told(connection));
        var absent = Given.Observation(ObservationKind.ApiAbsent, Given.Noon.AddMinutes(10), "999");
        Assert.Equal([SetupErrorCodes.AlreadyUsed], Told(connection.After(absent, Given.WithKey).Connection));
    }

    [Fact]
    public void A_failure_after_the_hint_was_refused_counts_at_once_where_nobody_can_be_asked()
    {
        var connection = Invited().After(Success(), Given.WithKey).Connection
            .After(ObservationKind.ApiAbsent, Given.Noon.AddMinutes(10), Given.WithKey);

        Assert.Equal([SetupErrorCodes.AlreadyUsed], Told(connection.After(Failure(SetupErrorCodes.AlreadyUsed), Given.WithoutKey).Connection));
    }

    [Fact]
    public void Without_a_key_a_hint_lapses_after_a_day_and_what_waited_for_it_counts()
    {
        var connection = Invited().After(Success(), Given.WithoutKey).Connection
            .After(Failure(SetupErrorCodes.AlreadyUsed), Given.WithoutKey).Connection;
        Assert.Equal(Given.Noon.AddDays(1), connection.WakeAt);

        var early = Claimed(connection, Given.Noon.AddDays(1).AddMilliseconds(-1));
        Assert.Equal(NumberStatus.Hinted, early.TheNumber().Status);
        connection = Claimed(connection, Given.Noon.AddDays(1));

        Assert.Equal((NumberStatus.Refused, ConnectionStatus.Failed), (connection.TheNumber().Status, connection.Status));
        Assert.Equal([SetupErrorCodes.AlreadyUsed], Told(connection));
        Assert.Contains(connection.Outbox, effect => effect is { NotifyType: NotifyType.Attention, Detail: "refused" });
        Assert.Contains(connection.Timeline, line => line is { Event: "hint.lapsed", Source: Source.Service });
        Assert.Null(connection.Effect(EffectKind.Confirm));

        connection = connection.After(ObservationKind.Created, Given.Noon.AddDays(2), Given.WithoutKey);
        Assert.Equal(NumberStatus.Connected, connection.TheNumber().Status);
    }

    [Fact]
    public void A_hint_that_is_proven_is_looked_at_no_more()
    {
        var connection = Invited().After(Success(), Given.WithoutKey).Connection.After(ObservationKind.Created, Later, Given.WithoutKey);

        Assert.Null(connection.Effect(EffectKind.Confirm));
    }

    [Theory]
    [InlineData(-26)]
    [InlineData(26)]
    public void A_clock_that_was_set_ends_no_hint_before_its_day_is_over(int hours)
    {
        var connection = Invited().After(Success(), Given.WithoutKey).Connection;
        connection = Claimed(connection, Given.Noon.AddHours(hours));

        Assert.Equal(hours > 0 ? NumberStatus.Refused : NumberStatus.Hinted, connection.TheNumber().Status);
        Assert.Equal(hours > 0, connection.Effect(EffectKind.Confirm) is null);
    }

    [Fact]
    public void A_key_that_appears_has_the_hint_asked_about()
    {
        var connection = Invited().After(Success(), Given.WithoutKey).Connection;

        var (_, claimed) = connection.Claimed(Given.Noon.AddDays(1), Given.WithKey);

        Assert.Contains(claimed, one => one.Effect.Kind == EffectKind.Confirm);
    }

    [Theory]
    [InlineData(SetupErrorCodes.LinkExpired)]
    [InlineData(SetupErrorCodes.FacebookAuthFailed)]
    public void With_a_key_a_browser_ends_no_link_and_fails_nobody(string code)
    {
        var decision = Issued().After(Failure(code), Given.WithKey);

        var link = decision.Connection.SetupLinks[0];
        Assert.Equal((Outcome.Noted, SetupLinkStatus.Live, code), (decision.Outcome, link.Status, link.PendingFailure));
        Assert.NotNull(link.Url);
        Assert.True(link.IsUsable(Later));
        Assert.Empty(Told(decision.Connection));
        var active = Folded(decision.Connection, Listed);
        Assert.Equal((SetupLinkStatus.Live, code), (active.SetupLinks[0].Status, active.SetupLinks[0].PendingFailure));
        Assert.Empty(Told(active));
    }

    [Theory]
    [InlineData("expired", "pending", null, SetupErrorCodes.LinkExpired, SetupErrorCodes.LinkExpired, SetupLinkStatus.Expired)]
    [InlineData("expired", null, null, SetupErrorCodes.AlreadyUsed, SetupErrorCodes.AlreadyUsed, SetupLinkStatus.Expired)]
    [InlineData("active", "failed", "facebook_auth_failed", SetupErrorCodes.FacebookAuthFailed, SetupErrorCodes.FacebookAuthFailed, SetupLinkStatus.Failed)]
    [InlineData("active", "failed", "waba_limit_reached", SetupErrorCodes.FacebookAuthFailed, SetupErrorCodes.WabaLimitReached, SetupLinkStatus.Failed)]
    [InlineData("active", "failed", "Some text of the platform", SetupErrorCodes.TokenExchangeFailed, SetupErrorCodes.TokenExchangeFailed, SetupLinkStatus.Failed)]
    [InlineData("active", "failed", null, SetupErrorCodes.TokenExchangeFailed, SetupErrorCodes.TokenExchangeFailed, SetupLinkStatus.Failed)]
    public void It_counts_once_the_platform_agrees(
        string status, string? setup, string? error, string code, string expected, SetupLinkStatus end)
    {
        var connection = Issued().After(Failure(code), Given.WithKey).Connection;

        connection = Folded(connection, Listed with { Status = status, SetupStatus = setup, SetupError = error });

        Assert.Equal((end, null), (connection.SetupLinks[0].Status, connection.SetupLinks[0].PendingFailure));
        Assert.Equal([expected], connection.SetupLinks[0].ErrorCodes);
        Assert.Equal([expected], Told(connection));
        Assert.Equal([expected], Told(Folded(connection, Listed with { Status = status, SetupStatus = setup, SetupError = error })));
    }

    [Theory]
    [InlineData("used", "completed", SetupLinkStatus.Completed)]
    [InlineData("revoked", "pending", SetupLinkStatus.Revoked)]
    public void It_is_dropped_where_the_platform_says_otherwise(string status, string setup, SetupLinkStatus end)
    {
        var connection = Issued().After(Failure(SetupErrorCodes.AlreadyUsed), Given.WithKey).Connection;

        connection = Folded(connection, Listed with { Status = status, SetupStatus = setup });

        Assert.Equal((end, null), (connection.SetupLinks[0].Status, connection.SetupLinks[0].PendingFailure));
        Assert.Empty(Told(connection));
    }

    [Fact]
    public void It_counts_where_the_platform_does_not_know_the_link_at_all()
    {
        var connection = Invited().After(Failure(SetupErrorCodes.LinkExpired), Given.WithKey).Connection;

        connection = Fold(connection, new FoldLinks([], IsWhole: false, Later));
        Assert.Empty(Told(connection));
        Assert.Equal([SetupErrorCodes.LinkExpired], Told(Fold(connection, new FoldLinks([], IsWhole: true, Later))));
    }

    [Theory]
    [InlineData(Given.Number)]
    [InlineData(null)]
    public void A_success_ends_no_link_that_the_platform_lists_as_active(string? number)
    {
        var connection = Issued().After(Success(number), Given.WithKey).Connection;
        Assert.Equal(SetupLinkStatus.Live, connection.SetupLinks[0].Status);
        Assert.NotNull(connection.SetupLinks[0].Url);
        Assert.True(connection.IsReceived(connection.SetupLinks[0]));

        connection = Folded(connection, Listed with { Status = "used", SetupStatus = "completed" });
        Assert.Equal((SetupLinkStatus.Completed, null), (connection.SetupLinks[0].Status, connection.SetupLinks[0].SucceededAt));
    }

    [Fact]
    public void What_the_platform_does_not_bear_out_in_ten_minutes_is_received_no_more()
    {
        var connection = Issued().After(Success(null), Given.WithKey).Connection;

        var early = Folded(connection, Listed, Given.Noon.AddMinutes(9));
        Assert.True(early.IsReceived(early.SetupLinks[0]));
        var late = Folded(connection, Listed, Given.Noon.AddMinutes(10));
        Assert.False(late.IsReceived(late.SetupLinks[0]));
        late = late.After(Success(null), Given.WithKey).Connection;
        Assert.False(late.IsReceived(late.SetupLinks[0]));
    }

    private static IEnumerable<Effect> Refusals(Connection connection) =>
        connection.Outbox.Where(effect => effect is { NotifyType: NotifyType.Attention, Detail: "refused" });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_success_that_names_no_number_lapses_after_a_day_and_is_told_once(bool hasKey)
    {
        var policy = hasKey ? Given.WithKey : Given.WithoutKey;
        var connection = Invited().After(Success(null), policy).Connection.After(Failure(SetupErrorCodes.AlreadyUsed), policy).Connection;
        Assert.Equal(Given.Noon.AddDays(1), connection.WakeAt);
        Assert.True(connection.IsReceived(connection.SetupLinks[0]));

        Assert.Same(connection, Decisions.LookAtDue(connection, policy, Given.Holder, Given.Noon.AddDays(1).AddMilliseconds(-1)));
        connection = Decisions.LookAtDue(connection, policy, Given.Holder, Given.Noon.AddDays(1));

        Assert.False(connection.IsReceived(connection.SetupLinks[0]));
        Assert.Equal([SetupErrorCodes.AlreadyUsed], Told(connection));
        Assert.Single(Refusals(connection));
        Assert.Equal((1, ConnectionStatus.Failed), (connection.Timeline.Count(line => line.Event == "setup_link.lapsed"), connection.Status));
        Assert.Same(connection, Decisions.LookAtDue(connection, policy, Given.Holder, Given.Noon.AddDays(1)));
    }

    [Fact]
    public void A_success_that_lapsed_is_not_received_again_by_a_page_that_is_loaded_again_and_a_proof_counts_all_the_same()
    {
        var connection = Invited().After(Success(null), Given.WithoutKey).Connection;
        connection = Decisions.LookAtDue(connection, Given.WithoutKey, Given.Holder, Given.Noon.AddDays(1));
        Assert.Equal((SetupLinkStatus.Failed, ConnectionStatus.Refused), (connection.SetupLinks[0].Status, connection.Status));

        connection = connection.After(Success(null) with { ReceivedAt = Given.Noon.AddDays(2) }, Given.WithoutKey).Connection;
        Assert.False(connection.IsReceived(connection.SetupLinks[0]));
        Assert.Null(connection.AwaitedUntil);

        connection = connection.After(ObservationKind.Created, Given.Noon.AddDays(3), Given.WithoutKey);
        var link = connection.SetupLinks[0];
        Assert.Equal((SetupLinkStatus.Completed, null, null), (link.Status, link.SucceededAt, link.LapsedAt));
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void A_success_that_names_no_number_lapses_once_the_platform_was_asked_and_knows_nothing_of_it(bool isIssued, bool isListed)
    {
        var connection = (isIssued ? Issued() : Invited()).After(Success(null), Given.WithKey).Connection;
        FoldLinks Answer(int minutes) => new(isListed ? [Listed with { LinkId = "link-1" }] : [], IsWhole: true, Given.Noon.AddMinutes(minutes));

        connection = Decisions.ChangeLink(connection, Answer(9), Given.WithKey, Given.Noon.AddMinutes(9)).Connection;
        Assert.Empty(Refusals(connection));
        connection = Decisions.ChangeLink(connection, Answer(10), Given.WithKey, Given.Noon.AddMinutes(10)).Connection;

        Assert.Single(Refusals(connection));
        Assert.Equal((false, null), (connection.IsReceived(connection.SetupLinks[0]), connection.AwaitedUntil));
        connection = Decisions.ChangeLink(connection, Answer(20), Given.WithKey, Given.Noon.AddMinutes(20)).Connection;
        Assert.Single(Refusals(connection));
    }

    [Theory]
    [InlineData(ObservationKind.Created)]
    [InlineData(ObservationKind.RedirectSucceeded)]
    public void A_success_that_named_no_number_waits_no_more_once_a_number_is_known(ObservationKind kind)
    {
        var connection = Invited().After(Success(null), Given.WithoutKey).Connection
            .After(Given.Observation(kind, Later) with { State = State }, Given.WithoutKey).Connection;

        Assert.Null(connection.AwaitedUntil);
    }

    [Fact]
    public void A_success_of_a_number_that_has_gone_lapses_as_one_without_a_number()
    {
        var connection = Invited().After(Given.Observation(ObservationKind.Gone, Given.Noon.AddDays(-1)), Given.WithoutKey).Connection
            .After(Success(), Given.WithoutKey).Connection;

        connection = Decisions.LookAtDue(connection, Given.WithoutKey, Given.Holder, Given.Noon.AddDays(1));

        Assert.Equal((false, 1), (connection.IsReceived(connection.SetupLinks[0]), Refusals(connection).Count()));
    }

    [Fact]
    public void A_success_beside_a_number_that_is_connected_lapses_untold()
    {
        var connection = Invited().After(ObservationKind.Created, Given.Noon.AddDays(-1), Given.WithoutKey);
        connection = Decisions.AddLink(connection, new SetupLink { Id = "second", State = "second", CreatedAt = Given.Noon }, Given.WithoutKey, Given.Noon).Connection;
        connection = connection.After(Success(null) with { State = "second" }, Given.WithoutKey).Connection;

        connection = Decisions.LookAtDue(connection, Given.WithoutKey, Given.Holder, Given.Noon.AddDays(1));

        Assert.Equal((0, null), (Refusals(connection).Count(), connection.AwaitedUntil));
    }

    [Theory]
    [InlineData("unknown")]
    [InlineData(SetupErrorCodes.PhoneVerificationFailed)]
    public void What_the_platform_says_is_told_once_whatever_a_browser_says_again(string again)
    {
        var failed = Listed with { SetupStatus = "failed", SetupError = SetupErrorCodes.FacebookAuthFailed };
        var connection = Folded(Issued().After(Failure(SetupErrorCodes.FacebookAuthFailed), Given.WithKey).Connection, failed);
        Assert.Equal([SetupErrorCodes.FacebookAuthFailed], Told(connection));

        connection = Folded(connection.After(Failure(again), Given.WithKey).Connection, failed);
        Assert.Equal([SetupErrorCodes.FacebookAuthFailed], Told(connection));
        Assert.Null(connection.SetupLinks[0].PendingFailure);
    }

    [Theory]
    [InlineData("revoked", SetupLinkStatus.Revoked)]
    [InlineData("expired", SetupLinkStatus.Expired)]
    public void No_browser_completes_or_fails_a_link_that_has_ended_at_the_platform(string status, SetupLinkStatus end)
    {
        var connection = Folded(Issued(), Listed with { Status = status });

        connection = connection.After(Success(null), Given.WithKey).Connection;
        Assert.Equal((end, null), (connection.SetupLinks[0].Status, connection.SetupLinks[0].SucceededAt));
        connection = connection.After(Failure(SetupErrorCodes.FacebookAuthFailed), Given.WithoutKey).Connection;
        Assert.Equal(end == SetupLinkStatus.Revoked, connection.SetupLinks[0].ErrorCodes.IsEmpty);
    }

    [Theory]
    [InlineData("revoked", SetupLinkStatus.Revoked)]
    [InlineData("expired", SetupLinkStatus.Expired)]
    public void A_link_that_only_a_browser_completed_ends_as_the_platform_says(string status, SetupLinkStatus end)
    {
        var connection = Invited().After(Success(null), Given.WithKey).Connection;

        connection = Folded(connection, Listed with { Status = status });
        Assert.Equal((end, null), (connection.SetupLinks[0].Status, connection.SetupLinks[0].SucceededAt));
    }

    [Fact]
    public void A_page_that_is_loaded_again_hints_no_more_and_is_told_of_once()
    {
        var connection = Issued().After(Success(), Given.WithKey).Connection
            .After(ObservationKind.ApiAbsent, Given.Noon.AddMinutes(10), Given.WithKey);
        var sequence = connection.Sequence;

        var again = connection.After(Success() with { ReceivedAt = Given.Noon.AddMinutes(30) }, Given.WithKey);
        Assert.Equal((Outcome.Noted, NumberStatus.Refused), (again.Outcome, again.Connection.TheNumber().Status));
        Assert.NotNull(again.Connection.Effect(EffectKind.Confirm));
        connection = again.Connection.After(ObservationKind.ApiAbsent, Given.Noon.AddMinutes(50), Given.WithKey);
        Assert.Equal((NumberStatus.Refused, sequence), (connection.TheNumber().Status, connection.Sequence));
    }

    [Fact]
    public void A_browser_that_comes_back_from_another_link_hints_again()
    {
        var connection = Issued().After(Success(), Given.WithKey).Connection
            .After(ObservationKind.ApiAbsent, Given.Noon.AddMinutes(10), Given.WithKey);
        var another = new SetupLink { Id = "another", State = "another", CreatedAt = Later };
        connection = Decisions.AddLink(connection, another, Given.WithKey, Later).Connection;

        var again = Success() with { State = "another", ReceivedAt = Given.Noon.AddMinutes(30) };
        Assert.Equal(NumberStatus.Hinted, connection.After(again, Given.WithKey).Connection.TheNumber().Status);
    }

    [Fact]
    public void A_reason_that_is_known_is_not_replaced_by_none()
    {
        var connection = Issued().After(Failure(SetupErrorCodes.TokenExchangeFailed), Given.WithKey).Connection
            .After(Failure("unknown"), Given.WithKey).Connection;

        Assert.Equal(SetupErrorCodes.TokenExchangeFailed, connection.SetupLinks[0].PendingFailure);
    }

    [Fact]
    public void What_a_browser_said_is_asked_about_with_each_pass()
    {
        var connection = Issued();
        Assert.Equal(Given.Noon, connection.LinksCheckedAt);

        connection = connection.After(Failure(SetupErrorCodes.TokenExchangeFailed), Given.WithKey).Connection;
        Assert.Equal(Given.Noon.AddMinutes(-50), connection.LinksCheckedAt);
    }

    [Fact]
    public void A_link_that_a_browser_completed_is_opened_again_where_the_platform_lists_it_as_active()
    {
        var connection = Invited().After(Success(), Given.WithKey).Connection;
        Assert.Equal(SetupLinkStatus.Completed, connection.SetupLinks[0].Status);
        Assert.NotNull(connection.LinksCheckedAt);

        connection = Folded(connection, Listed with { PlatformId = "platform-1" });
        Assert.Equal((SetupLinkStatus.Live, Url), (connection.SetupLinks[0].Status, connection.SetupLinks[0].Url));

        connection = connection.After(ObservationKind.Created, Later, Given.WithKey);
        Assert.Equal((SetupLinkStatus.Completed, null), (connection.SetupLinks[0].Status, connection.SetupLinks[0].SucceededAt));
    }

    [Fact]
    public void The_proof_of_a_number_completes_the_link_that_a_browser_spoke_of_and_not_a_newer_one()
    {
        var connection = Invited().After(Success(), Given.WithoutKey).Connection;
        var newer = new SetupLink { Id = "newer", State = "another", CreatedAt = Later };
        connection = Decisions.AddLink(connection, newer, Given.WithoutKey, Later).Connection;

        connection = connection.After(ObservationKind.Created, Later, Given.WithoutKey);

        Assert.Equal([SetupLinkStatus.Completed, SetupLinkStatus.Live], connection.SetupLinks.Select(link => link.Status));
        Assert.Null(connection.SetupLinks[0].SucceededAt);
    }

    private static BearerSecret Url { get; } = new("https://setup.example/1");

    private static ListedLink Listed => new() { PlatformId = "platform-1", LinkId = "link-1", Status = "active", SetupStatus = "pending", Url = Url };

    /// <summary>A pair of redirect URLs, for a link that the platform has not told of.</summary>
    private static Connection Invited() => Decisions.AddLink(
        Connection.Empty(Given.Key), new SetupLink { Id = "link-1", State = State, CreatedAt = Given.Noon }, Given.WithoutKey, Given.Noon).Connection;

    /// <summary>A link of ours that the platform lists as active.</summary>
    private static Connection Issued()
    {
        var link = new SetupLink { Id = "link-1", State = State, Source = SetupLinkSource.Issued, CreatedAt = Given.Noon };
        var intended = Decisions.ChangeLink(Connection.Empty(Given.Key), new IntendLink(link, Replace: false), Given.WithKey, Given.Noon).Connection;
        return Decisions.ChangeLink(intended, new IssueLink("link-1", Listed), Given.WithKey, Given.Noon).Connection;
    }

    private static Observation Success(string? number = Given.Number) =>
        Given.Observation(ObservationKind.RedirectSucceeded, Given.Noon, number) with { State = State };

    private static Observation Failure(string code) =>
        Given.Observation(ObservationKind.SetupFailed, Later, null) with { State = State, ErrorCode = code };

    private static Connection Folded(Connection connection, ListedLink listed, DateTimeOffset? askedAt = null) =>
        Fold(connection, new FoldLinks([listed], IsWhole: true, askedAt ?? Later));

    private static Connection Fold(Connection connection, FoldLinks fold) =>
        Decisions.ChangeLink(connection, fold, Given.WithKey, fold.AskedAt).Connection;

    private static Connection Claimed(Connection connection, DateTimeOffset now) => connection.Claimed(now, Given.WithoutKey).Connection;

    private static IEnumerable<string?> Told(Connection connection) =>
        connection.Outbox.Where(effect => effect.NotifyType == NotifyType.SetupFailed).Select(effect => effect.Detail);
}
