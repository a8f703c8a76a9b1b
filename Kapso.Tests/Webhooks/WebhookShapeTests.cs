using System.Text;
using Kapso.Connections.Webhooks;
using static Kapso.Tests.Webhooks.Bodies;

namespace Kapso.Tests.Webhooks;

public sealed class WebhookShapeTests
{
    [Fact]
    public void A_flat_body_is_one_observation()
    {
        var reading = WebhookReader.Read(
            Project, new WebhookHeaders(WebhookEvents.Created, "key-1", "v2", false), Encoding.UTF8.GetBytes(Flat), At, false, "00-trace");

        var item = Assert.Single(Assert.IsType<WebhookReading.Observations>(reading).Items);
        Assert.Equal(Customer, item.CustomerId);
        Assert.Equal(
            new Observation
            {
                Kind = ObservationKind.Created,
                Source = Source.Webhook,
                Event = WebhookEvents.Created,
                PhoneNumberId = PhoneNumber,
                ReceivedAt = At,
                DeliveryId = "key-1",
                TraceParent = "00-trace",
            },
            item.Observation);
    }

    [Theory]
    [InlineData(WebhookEvents.Created, ObservationKind.Created)]
    [InlineData(WebhookEvents.ConfigCreated, ObservationKind.Created)]
    [InlineData(WebhookEvents.Reconnected, ObservationKind.Reconnected)]
    [InlineData(WebhookEvents.Deleted, ObservationKind.Gone)]
    [InlineData(WebhookEvents.Offboarded, ObservationKind.Gone)]
    [InlineData(WebhookEvents.Disconnected, ObservationKind.Gone)]
    public void An_event_of_ours_says_what_it_means(string name, ObservationKind kind)
    {
        var observation = One(Flat, name).Observation;

        Assert.Equal(kind, observation.Kind);
        Assert.Equal(name, observation.Event);
    }

    [Theory]
    [InlineData(WebhookEvents.Created)]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData(" whatsapp.phone_number.created ")]
    public void An_envelope_is_one_observation_with_or_without_the_header(string? header)
    {
        var item = One(Envelope, header);

        Assert.Equal(Customer, item.CustomerId);
        Assert.Equal(PhoneNumber, item.Observation.PhoneNumberId);
        Assert.Equal(WebhookEvents.Created, item.Observation.Event);
    }

    [Fact]
    public void Version_1_brings_proven_details_and_its_link()
    {
        var item = One(V1, WebhookEvents.ConfigCreated);

        Assert.Equal(Customer, item.CustomerId);
        Assert.Equal(PhoneNumber, item.Observation.PhoneNumberId);
        Assert.Equal("link-1", item.Observation.SetupLinkId);
        Assert.Equal(
            new NumberDetails { BusinessAccountId = "104", DisplayPhoneNumber = "+1 555-123-4567" }, item.Observation.Details);
    }

    [Fact]
    public void A_later_event_brings_the_time_it_happened()
    {
        var observation = One(Offboarded, WebhookEvents.Offboarded).Observation;

        Assert.Equal(ObservationKind.Gone, observation.Kind);
        Assert.Equal(new DateTimeOffset(2026, 11, 23, 9, 0, 0, 123, TimeSpan.Zero), observation.OccurredAt);
    }

    [Theory]
    [InlineData("2026-11-23T09:00:00Z", 9)]
    [InlineData("2026-11-23T11:00:00+02:00", 9)]
    [InlineData("2026-11-23 09:00:00 UTC", 9)]
    [InlineData("2026-11-23T09:00:00", 9)]
    [InlineData("2026-11-24T09:59:59Z", 9)]
    [InlineData("2026-11-24T10:00:01Z", null)]
    [InlineData("9999-12-31T23:59:59Z", null)]
    [InlineData("2026-13-01T00:00:00Z", null)]
    [InlineData("yesterday, at noon", null)]
    [InlineData("12", null)]
    [InlineData("", null)]
    public void A_time_is_read_tolerantly_and_never_far_ahead(string text, int? hour)
    {
        var observation = One($$"""{"phone_number_id":"1","occurred_at":"{{text}}"}""").Observation;

        Assert.Equal(hour, observation.OccurredAt?.Hour);
        Assert.Equal(hour is null ? null : TimeSpan.Zero, observation.OccurredAt?.Offset);
    }

    [Fact]
    public void A_batch_gives_one_observation_an_item_in_order()
    {
        var items = Many(Batch, WebhookEvents.Created);

        Assert.Equal([Customer, null], items.Select(item => item.CustomerId));
        Assert.Equal([PhoneNumber, "223456789012345"], items.Select(item => item.Observation.PhoneNumberId));
    }

    [Theory]
    [InlineData(Batch, false, null)]
    [InlineData(BatchOfEnvelopes, false, null)]
    [InlineData(BatchOfEnvelopes, true, WebhookEvents.Created)]
    [InlineData($"[{Flat},{Flat}]", true, WebhookEvents.Created)]
    public void Every_form_of_a_batch_is_read(string body, bool batchHeader, string? header) =>
        Assert.Equal(2, Assert.IsType<WebhookReading.Observations>(Read(body, header, batchHeader)).Items.Count);

    [Fact]
    public void A_flat_body_with_the_batch_header_is_one_observation() =>
        Assert.Single(Assert.IsType<WebhookReading.Observations>(Read(Flat, batch: true)).Items);

    [Theory]
    [InlineData(100, true)]
    [InlineData(101, false)]
    [InlineData(5_000, false)]
    public void A_batch_of_more_than_100_items_is_parked_whole(int count, bool read)
    {
        var reading = Read($$"""{"data":[{{string.Join(',', Enumerable.Repeat(Flat, count))}}]}""");

        if (read)
            Assert.Equal(count, Assert.IsType<WebhookReading.Observations>(reading).Items.Count);
        else
            Assert.Equal(ParkedReason.BatchTooLarge, Assert.IsType<WebhookReading.Park>(reading).Reason);
    }

    [Theory]
    [InlineData("""{"phone_number_id":"1"}""")]
    [InlineData("""{"phone_number_id":"1","customer":null,"project":null,"setup_link":null}""")]
    [InlineData("""{"phone_number_id":"1","customer":{},"project":{}}""")]
    [InlineData("""{"phone_number_id":"1","customer":{"id":null,"external_customer_id":"7"},"project":{"id":null}}""")]
    public void A_body_without_a_customer_leaves_it_to_the_number(string body) => Assert.Null(One(body).CustomerId);

    [Theory]
    [InlineData("123456789012345678901234567890", "123456789012345678901234567890")]
    [InlineData("\"0123\"", "0123")]
    [InlineData("\"\\u0031\\u0032\"", "12")]
    public void A_number_is_kept_digit_for_digit(string json, string id) =>
        Assert.Equal(id, One($$"""{"phone_number_id":{{json}}}""").Observation.PhoneNumberId);

    [Fact]
    public void An_escaped_name_is_the_name_it_means() =>
        Assert.Equal("1", One("""{"phone\u005fnumber_\u0069d":"1"}""").Observation.PhoneNumberId);

    [Fact]
    public void A_byte_order_mark_is_passed_over() =>
        Assert.IsType<WebhookReading.Observations>(Read([0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Flat)]));

    [Fact]
    public void A_detail_that_cannot_be_used_is_left_out()
    {
        var observation = One(
            $$$"""{"whatsapp_config":{"phone_number_id":"1","business_account_id":[7],"display_phone_number":"{{{new string('5', 65)}}}"},"setup_link":{"id":"a\u0000b"}}""")
            .Observation;

        Assert.Null(observation.Details);
        Assert.Null(observation.SetupLinkId);
    }

    [Fact]
    public void An_idempotency_key_that_is_no_id_is_left_out()
    {
        var reading = WebhookReader.Read(
            Project, new WebhookHeaders(WebhookEvents.Created, new string('k', 129), null, false), Encoding.UTF8.GetBytes(Flat), At);

        Assert.Null(Assert.IsType<WebhookReading.Observations>(reading).Items[0].Observation.DeliveryId);
    }

    [Fact]
    public void A_parked_delivery_is_read_again_with_the_time_it_was_received()
    {
        var reading = new ParkedDelivery
        {
            Id = "p1",
            ProjectId = Project,
            Reason = ParkedReason.UnknownCustomer,
            ReceivedAt = At,
            Event = WebhookEvents.Created,
            IdempotencyKey = "key-1",
            Batch = true,
            TraceParent = "00-trace",
            Body = Encoding.UTF8.GetBytes($"[{Flat}]"),
        }.Read();

        var observation = Assert.Single(Assert.IsType<WebhookReading.Observations>(reading).Items).Observation;
        Assert.True(observation.Replayed);
        Assert.Equal(At, observation.ReceivedAt);
        Assert.Equal("key-1", observation.DeliveryId);
        Assert.Equal("00-trace", observation.TraceParent);
    }

    private static CustomerObservation One(string body, string? header = WebhookEvents.Created) =>
        Assert.Single(Many(body, header));

    private static IReadOnlyList<CustomerObservation> Many(string body, string? header) =>
        Assert.IsType<WebhookReading.Observations>(Read(body, header)).Items;
}
