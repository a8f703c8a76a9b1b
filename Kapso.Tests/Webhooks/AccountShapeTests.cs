using System.Globalization;
using Kapso.Connections.Webhooks;
using static Kapso.Tests.Webhooks.Bodies;

namespace Kapso.Tests.Webhooks;

/// <summary>The bodies of events of an account, and of those that say why a number went.</summary>
public sealed class AccountShapeTests
{
    private static IReadOnlyList<CustomerObservation> Many(string body, string? header, bool batch = false) =>
        Assert.IsType<WebhookReading.Observations>(Read(body, header, batch)).Items;

    private static AccountNews News(string body, string header) => Assert.Single(Many(body, header)).Observation.Account!;

    private static void AssertParked(ParkedReason reason, string body, string header) =>
        Assert.Equal(reason, Assert.IsType<WebhookReading.Park>(Read(body, header)).Reason);

    [Fact]
    public void An_event_of_an_account_is_one_observation_for_each_number_and_of_no_customer_that_it_names()
    {
        var items = Many(Restricted, WebhookEvents.AccountRestricted);

        Assert.Equal(["123456789012345", "223456789012345"], items.Select(item => item.Observation.PhoneNumberId));
        Assert.All(items, item =>
        {
            Assert.Null(item.CustomerId);
            Assert.Equal(ObservationKind.AccountChanged, item.Observation.Kind);
            Assert.Equal(new DateTimeOffset(2026, 11, 23, 9, 0, 0, TimeSpan.Zero), item.Observation.OccurredAt);
            var notice = Assert.Single(item.Observation.Account!.Notices);
            Assert.Equal(
                (AccountNoticeKind.Restricted, "RESTRICTED_BIZ_INITIATED_MESSAGING", new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero)),
                (notice.Kind, notice.Type, notice.Until!.Value));
        });
        Assert.Equal("wae_1", items[0].Observation.Account!.EventId);
    }

    [Fact]
    public void Each_event_says_what_it_means()
    {
        const string Numbers = """
            "phone_numbers":[{"id":"1"}]
            """;

        var disabled = News($$$"""{"ban":{"state":"DISABLE","date_label":"March 1"},{{{Numbers}}}}""", WebhookEvents.AccountDisabled).Notices.Single();
        Assert.Equal((AccountNoticeKind.Disabled, "DISABLE", "March 1"), (disabled.Kind, disabled.Type, disabled.Detail));
        var violation = News($$$"""{"violation":{"type":"SPAM","remediation":"Stop."},{{{Numbers}}}}""", WebhookEvents.AccountViolation).Notices.Single();
        Assert.Equal((AccountNoticeKind.Violation, "SPAM", "Stop."), (violation.Kind, violation.Type, violation.Detail));
        Assert.True(News($$$"""{"ban":{"state":"REINSTATE"},{{{Numbers}}}}""", WebhookEvents.AccountReinstated).Reinstated);
    }

    [Theory]
    [InlineData("""{"phone_numbers":[{"id":"1"}]}""", null)]
    [InlineData("""{"phone_numbers":[{"id":1,"extra":{"id":"2"}},"1",{"phone_number_id":"1","id":"internal"}],"restrictions":null}""", null)]
    [InlineData("""{"phone_number_id":"1","restrictions":[]}""", null)]
    [InlineData("""{"event":"whatsapp.account.restricted","data":{"phone_numbers":[{"id":"1"}],"restrictions":["A"]}}""", "A")]
    [InlineData("""{"phone_numbers":[{"id":"1"}],"restrictions":{"type":"A","expires_at":"never"}}""", "A")]
    [InlineData("""{"phone_numbers":[{"id":"1"}],"restrictions":[[1],7,{"type":"A"}],"source":"meta","ban":false,"violation":[{}]}""", "A")]
    [InlineData("""{"phone_numbers":[{"id":"1"}],"restrictions":[{"type":["x"],"expires_at":{}}],"id":7,"occurred_at":"x","customer":{"id":"c"}}""", null)]
    public void What_is_not_documented_is_read_tolerantly(string body, string? type)
    {
        var item = Assert.Single(Many(body, WebhookEvents.AccountRestricted));

        Assert.Equal((null, "1"), (item.CustomerId, item.Observation.PhoneNumberId));
        var notice = Assert.Single(item.Observation.Account!.Notices);
        Assert.Equal((AccountNoticeKind.Restricted, type, null), (notice.Kind, notice.Type, notice.Until));
    }

    [Fact]
    public void Texts_are_kept_as_they_came_and_cut()
    {
        var notice = News(
            $$$"""{"phone_numbers":[{"id":"1"}],"violation":{"type":" \u00e9 new ","remediation":"{{{new string('x', 5_000)}}}"}}""",
            WebhookEvents.AccountViolation).Notices.Single();

        Assert.Equal("é new", notice.Type);
        Assert.Equal(AccountNotice.MaxText, notice.Detail!.Length);
    }

    [Theory]
    [InlineData("""{"business_account_id":"104"}""", "104")]
    [InlineData("""{"business_account_id":"104","phone_numbers":[]}""", "104")]
    [InlineData("""{"phone_numbers":null}""", "neither")]
    public void One_that_names_no_number_is_parked_and_says_so(string body, string said)
    {
        AssertParked(ParkedReason.UnknownCustomer, body, WebhookEvents.AccountDisabled);
        Assert.Contains(said, Assert.IsType<WebhookReading.Park>(Read(body, WebhookEvents.AccountDisabled)).Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"phone_numbers":{"id":"1"}}""")]
    [InlineData("""{"phone_numbers":[{"id":"1"},{"display_phone_number":"+1"}]}""")]
    [InlineData("""{"phone_numbers":[{"id":" "}]}""")]
    [InlineData("""{"phone_numbers":[{"id":"1"}],"data":{"phone_numbers":[{"id":"1"}]}}""")]
    public void Numbers_that_cannot_be_read_are_parked(string body) =>
        AssertParked(ParkedReason.Malformed, body, WebhookEvents.AccountDisabled);

    [Theory]
    [InlineData(100, true)]
    [InlineData(101, false)]
    [InlineData(2_000, false)]
    public void More_than_100_numbers_are_parked_whole(int count, bool read)
    {
        var numbers = string.Join(',', Enumerable.Range(1, count).Select(i => "{\"id\":\"" + i.ToString(CultureInfo.InvariantCulture) + "\"}"));
        var body = $$"""{"phone_numbers":[{{numbers}}]}""";

        if (read)
            Assert.Equal(count, Many(body, WebhookEvents.AccountDisabled).Count);
        else
            AssertParked(ParkedReason.BatchTooLarge, body, WebhookEvents.AccountDisabled);
    }

    [Fact]
    public void A_batch_may_hold_events_of_accounts_and_a_test_is_none()
    {
        var batch = $$"""{"batch":true,"data":[{{Restricted}},{"event":"whatsapp.account.reinstated","phone_numbers":[{"id":"1"}]}]}""";

        Assert.Equal([false, false, true], Many(batch, null, batch: true).Select(item => item.Observation.Account!.Reinstated));
        Assert.IsType<WebhookReading.Test>(Read("""{"test":true,"phone_numbers":[{"id":"1"}]}""", WebhookEvents.AccountDisabled));
    }

    [Fact]
    public void An_event_without_an_id_is_known_by_its_delivery_only_where_it_has_no_time()
    {
        Assert.Equal("key-1", News("""{"phone_numbers":[{"id":"1"}]}""", WebhookEvents.AccountDisabled).EventId);
        Assert.Null(News("""{"phone_numbers":[{"id":"1"}],"occurred_at":"2026-11-23T09:00:00Z"}""", WebhookEvents.AccountDisabled).EventId);
    }

    [Theory]
    [InlineData("""{"reason":"primary_inactivity","initiated_by":"system"}""", """{"event":"PARTNER_REMOVED"}""", "primary_inactivity", "system", "PARTNER_REMOVED")]
    [InlineData("""{"reason":"never heard of","initiated_by":7}""", "\"meta\"", "never heard of", null, null)]
    [InlineData("null", """{"provider":"meta","event":"ACCOUNT_OFFBOARDED","business_account_id":"104"}""", null, null, "ACCOUNT_OFFBOARDED")]
    [InlineData("\"told\"", "[]", "told", null, null)]
    public void Why_a_number_went_is_read_as_it_came(string disconnection, string source, string? reason, string? by, string? told)
    {
        var observation = Assert.Single(Many(
            $$"""{"phone_number_id":"1","connection_type":"coexistence","disconnection":{{disconnection}},"source":{{source}}}""",
            WebhookEvents.Disconnected)).Observation;

        Assert.Equal("coexistence", observation.ConnectionType);
        Assert.Equal(new Disconnection { Reason = reason, InitiatedBy = by, SourceEvent = told }, observation.Disconnection);
    }

    [Fact]
    public void Only_a_number_that_went_has_a_reason_for_it()
    {
        var observation = Assert.Single(Many(
            """{"phone_number_id":"1","connection_type":7,"source":{"event":"PARTNER_ADDED"}}""", WebhookEvents.Reconnected)).Observation;

        Assert.Equal((null, null), (observation.ConnectionType, observation.Disconnection));
    }
}
