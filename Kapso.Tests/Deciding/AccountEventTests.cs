using System.Text.Json;
using Kapso.Connections.Storage;

namespace Kapso.Tests.Deciding;

/// <summary>What events of an account make of a number of it.</summary>
public sealed class AccountEventTests
{
    private static readonly DateTimeOffset Ten = new(2026, 3, 1, 10, 0, 0, TimeSpan.Zero);

    private static Observation Event(AccountNews news, int? second = 0) => new()
    {
        Kind = ObservationKind.AccountChanged,
        Source = Source.Webhook,
        Event = "whatsapp.account.event",
        PhoneNumberId = Given.Number,
        ReceivedAt = Given.Noon,
        OccurredAt = second is { } at ? Ten.AddSeconds(at) : null,
        Account = news,
    };

    private static AccountNews Restricted(string id, params (string Type, DateTimeOffset? Until)[] restrictions) => new()
    {
        EventId = id,
        Notices = [.. restrictions.Select(one => new AccountNotice { Kind = AccountNoticeKind.Restricted, Type = one.Type, Until = one.Until })],
    };

    private static AccountNews Disabled(string id) =>
        new() { EventId = id, Notices = [new AccountNotice { Kind = AccountNoticeKind.Disabled, Type = "DISABLE", Detail = "March 1, 2026" }] };

    private static AccountNews Violated(string id) =>
        new() { EventId = id, Notices = [new AccountNotice { Kind = AccountNoticeKind.Violation, Type = "SPAM", Detail = "Stop it." }] };

    private static AccountNews Reinstated(string id) => new() { EventId = id, Reinstated = true };

    private static Connection Connected() => Given.Standing(NumberStatus.Connected, Given.WithoutKey);

    private static IEnumerable<string?> Told(Connection connection) =>
        connection.Outbox.Where(effect => effect.NotifyType == NotifyType.Attention).Select(effect => effect.Detail);

    [Fact]
    public void What_is_held_against_an_account_is_told_once_and_ends_with_its_reinstatement()
    {
        var disabled = Connected().After(Event(Disabled("e-1")), Given.WithoutKey);
        Assert.Equal(Outcome.Applied, disabled.Outcome);
        Assert.Null(disabled.ProvenNumber);
        var repeated = disabled.Connection.After(Event(Disabled("e-1")) with { ReceivedAt = Given.Noon.AddHours(1) }, Given.WithoutKey);
        Assert.Equal(Outcome.Duplicate, repeated.Outcome);

        var number = repeated.Connection.TheNumber();
        Assert.Equal(NumberStatus.Connected, number.Status);
        Assert.Equal(1, number.ProofVersion);
        var held = Assert.Single(number.Attention!.HoldingAt(Given.Noon));
        Assert.Equal((AccountNoticeKind.Disabled, "DISABLE", Ten, null, "e-1"), (held.Kind, held.Type, held.At, held.Until, held.EventId));
        Assert.Equal("disabled: DISABLE", number.Attention.SummaryAt(Given.Noon)!.Reason);

        var reinstated = repeated.Connection.After(Event(Reinstated("e-2"), 5), Given.WithoutKey);
        Assert.Equal(Outcome.Applied, reinstated.Outcome);
        Assert.Null(reinstated.Connection.TheNumber().Attention!.SummaryAt(Given.Noon));
        Assert.Equal(["account_disabled", "account_reinstated"], Told(reinstated.Connection));
        Assert.Equal(Outcome.Duplicate, reinstated.Connection.After(Event(Reinstated("e-2"), 5), Given.WithoutKey).Outcome);
        Assert.Equal(Outcome.Stale, reinstated.Connection.After(Event(Disabled("e-1")), Given.WithoutKey).Outcome);
    }

    [Fact]
    public void Several_restrictions_hold_at_once_and_each_ends_by_itself()
    {
        var connection = Connected().After(
            Event(Restricted("e-1", ("ADD_NUMBERS", Given.Noon.AddDays(1)), ("BIZ_INITIATED", Given.Noon.AddDays(3)))), Given.WithoutKey).Connection;

        var attention = connection.TheNumber().Attention!;
        Assert.Equal(2, attention.HoldingAt(Given.Noon).Count);
        Assert.Equal(Given.Noon.AddDays(3), attention.SummaryAt(Given.Noon)!.Until);
        Assert.Equal("restricted: BIZ_INITIATED", attention.SummaryAt(Given.Noon.AddDays(1))!.Reason);
        Assert.Null(attention.SummaryAt(Given.Noon.AddDays(3)));
        Assert.Equal(Given.Noon.AddDays(3), attention.Until);
        Assert.Equal(["account_restricted"], Told(connection));
        var line = connection.Timeline[^1];
        Assert.Contains("BIZ_INITIATED, until 2026-03-04T12:00:00Z.", line.Detail, StringComparison.Ordinal);

        connection = connection.After(Event(Restricted("e-2", ("BIZ_INITIATED", null)), 2), Given.WithoutKey).Connection;
        Assert.Null(connection.TheNumber().Attention!.Until);
        Assert.Null(connection.TheNumber().Attention!.SummaryAt(Given.Noon.AddYears(1))!.Until);
        Assert.Equal(["account_restricted", "account_restricted"], Told(connection));
    }

    [Fact]
    public void What_was_over_when_it_came_is_written_down_and_not_told()
    {
        var decision = Connected().After(Event(Restricted("e-1", ("ADD_NUMBERS", Given.Noon))), Given.WithoutKey);

        Assert.Equal(Outcome.Stale, decision.Outcome);
        Assert.Empty(Told(decision.Connection));
        Assert.Null(decision.Connection.TheNumber().Attention!.SummaryAt(Given.Noon));
    }

    [Fact]
    public void Of_a_kind_the_latest_are_kept_and_another_kind_takes_no_room_from_it()
    {
        var connection = Connected().After(Event(Disabled("e-0")), Given.WithoutKey).Connection;
        for (var i = 1; i <= 20; i++)
            connection = connection.After(Event(Restricted($"e-{i}", ($"TYPE_{i}", null)), i), Given.WithoutKey).Connection;

        var notices = connection.TheNumber().Attention!.Notices;
        Assert.Equal(AccountNoticeKind.Disabled, notices[0].Kind);
        Assert.Equal(Enumerable.Range(13, 8).Reverse().Select(i => $"TYPE_{i}"), notices.Skip(1).Select(notice => notice.Type));
    }

    [Fact]
    public void A_repeat_without_a_time_is_known_by_its_id_also_after_the_reinstatement()
    {
        var connection = Connected();
        AccountNews[] arrivals = [Disabled("e-1"), Reinstated("e-2"), Disabled("e-1"), Violated("e-3"), Reinstated("e-2")];
        foreach (var (i, news) in arrivals.Index())
            connection = connection.After(Event(news, second: null) with { ReceivedAt = Given.Noon.AddSeconds(i) }, Given.WithoutKey).Connection;

        Assert.Equal("violation: SPAM", connection.TheNumber().Attention!.SummaryAt(Given.Noon.AddMinutes(1))!.Reason);
        Assert.Equal(["account_disabled", "account_reinstated", "account_violation"], Told(connection));
    }

    [Theory]
    [InlineData(NumberStatus.Hinted)]
    [InlineData(NumberStatus.Connected)]
    [InlineData(NumberStatus.Gone)]
    [InlineData(NumberStatus.Refused)]
    public void A_number_stays_as_it_stands_and_nothing_is_asked_or_greeted(NumberStatus status)
    {
        var before = Given.Standing(status, Given.WithKey) with { Outbox = [] };
        var decision = before.After(Event(Disabled("e-1")), Given.WithKey);

        Assert.Equal(Outcome.Applied, decision.Outcome);
        Assert.Equal(before.TheNumber() with { Attention = decision.Connection.TheNumber().Attention }, decision.Connection.TheNumber());
        Assert.Equal(NotifyType.Attention, Assert.Single(decision.Connection.Outbox).NotifyType);
    }

    [Fact]
    public void A_number_that_is_not_known_does_not_become_known()
    {
        var decision = Connection.Empty(Given.Key).After(Event(Disabled("e-1")), Given.WithKey);

        Assert.Equal(Outcome.Noted, decision.Outcome);
        Assert.Empty(decision.Connection.Numbers);
        Assert.Empty(decision.Connection.Outbox);
    }

    [Fact]
    public void Events_of_an_account_do_not_overtake_those_of_the_number()
    {
        var connection = Connected().After(Event(Disabled("e-1"), 60), Given.WithoutKey).Connection;
        var gone = connection.After(
            Given.Observation(ObservationKind.Gone, Given.Noon.AddMinutes(1)) with { OccurredAt = Ten.AddSeconds(30) }, Given.WithoutKey);

        Assert.Equal(Outcome.Applied, gone.Outcome);
        Assert.NotNull(gone.Connection.TheNumber().Attention!.SummaryAt(Given.Noon));
    }

    [Fact]
    public void What_is_held_against_an_account_is_stored_and_read_back()
    {
        var connection = Connected()
            .After(Event(Reinstated("e-0"), null), Given.WithoutKey).Connection
            .After(Event(Disabled("e-1"), 86_400), Given.WithoutKey).Connection
            .After(Event(Restricted("e-2", ("ADD_NUMBERS", Given.Noon.AddDays(1)), ("OTHER", null)), 86_401), Given.WithoutKey).Connection
            .After(
                Given.Observation(ObservationKind.Gone, Given.Noon.AddMinutes(1)) with
                {
                    ConnectionType = "coexistence",
                    Disconnection = new Disconnection { Reason = "primary_inactivity", InitiatedBy = "system", SourceEvent = "PARTNER_REMOVED" },
                },
                Given.WithoutKey).Connection;

        var bytes = ConnectionJson.Write(connection);
        Assert.Equal(connection.Numbers, ConnectionJson.Read(bytes).Numbers);
        Assert.Equal(bytes, JsonSerializer.SerializeToUtf8Bytes(connection, StoredConnectionContext.Default.Connection));
    }
}
