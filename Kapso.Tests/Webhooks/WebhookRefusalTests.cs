using System.Text;
using Kapso.Connections.Webhooks;
using static Kapso.Tests.Webhooks.Bodies;

namespace Kapso.Tests.Webhooks;

/// <summary>What is not folded: other events, tests, and deliveries that are parked.</summary>
public sealed class WebhookRefusalTests
{
    [Theory]
    [InlineData("workflow.execution.failed", """{"type":"x","event":{"a":1},"data":{"customer":"c","phone_number_id":1.5}}""")]
    [InlineData("project.event", """{"event":"signed_up","customer":[]}""")]
    [InlineData("kapso_agent.run.completed", "[]")]
    [InlineData("whatsapp.message.received", """{"type":"whatsapp.message.received","batch":true,"data":[{"message":{}},7]}""")]
    [InlineData("whatsapp.message.received", """{"batch":true,"data":[]}""")]
    [InlineData("never.heard.of", "null")]
    [InlineData("WhatsApp.phone_number.created", Flat)]
    public void An_event_that_is_not_ours_is_only_counted(string name, string body) =>
        Assert.Equal(new WebhookReading.NotOurs(name), Read(body, name));

    [Fact]
    public void An_event_that_only_the_body_names_is_counted_by_that_name() =>
        Assert.Equal(new WebhookReading.NotOurs("project.event"), Read("""{"event":"project.event","data":{}}""", null));

    [Theory]
    [InlineData("""{"test":true,"test_timestamp":"x","phone_number_id":"sample","project":{"id":"sample"}}""")]
    [InlineData("""{"event":"whatsapp.phone_number.deleted","test":true,"data":{"phone_number_id":"1"}}""")]
    [InlineData("""{"batch":true,"data":[{"phone_number_id":"1","test":true}]}""")]
    [InlineData("""{"customer":7,"test":true}""")]
    public void A_test_delivery_is_never_folded(string body)
    {
        Assert.IsType<WebhookReading.Test>(Read(body));
        Assert.IsType<WebhookReading.Test>(Read(body, "project.event"));
        Assert.IsType<WebhookReading.Test>(Read(body, null));
    }

    [Theory]
    [InlineData("""{"test":false,"phone_number_id":"1"}""")]
    [InlineData("""{"test":"true","phone_number_id":"1"}""")]
    [InlineData("""{"inner":{"test":true},"phone_number_id":"1"}""")]
    [InlineData("""{"data":{"test":true,"phone_number_id":"1"}}""")]
    public void Only_a_literal_true_at_top_level_is_a_test(string body) => Assert.IsType<WebhookReading.Observations>(Read(body));

    [Theory]
    [InlineData("""{"event":"whatsapp.phone_number.deleted","data":{"phone_number_id":"1"}}""", WebhookEvents.Created)]
    [InlineData("""{"event":"whatsapp.phone_number.deleted","phone_number_id":"1"}""", WebhookEvents.Created)]
    [InlineData("""{"event":"project.event","data":{"phone_number_id":"1"}}""", WebhookEvents.Created)]
    [InlineData(Envelope, "project.event")]
    [InlineData(Envelope, WebhookEvents.ConfigCreated)]
    [InlineData(Batch, WebhookEvents.Deleted)]
    [InlineData(Batch, "project.event")]
    [InlineData(BatchOfEnvelopes, WebhookEvents.Deleted)]
    [InlineData("""{"type":"whatsapp.phone_number.deleted","data":[{"event":"whatsapp.phone_number.created","phone_number_id":"1"}]}""", null)]
    [InlineData("""{"data":{"event":"whatsapp.phone_number.deleted","phone_number_id":"1"},"event":"whatsapp.phone_number.created"}""", null)]
    public void A_header_and_a_body_that_disagree_are_parked(string body, string? header) =>
        AssertParked(ParkedReason.EventMismatch, Read(body, header));

    [Theory]
    [InlineData("""{"phone_number_id":"1","project":{"id":"another"}}""")]
    [InlineData("""{"event":"whatsapp.phone_number.created","project":{"id":"another"},"data":{"phone_number_id":"1","project":{"id":"990e8400-e29b-41d4-a716-446655440004"}}}""")]
    [InlineData("""{"project":{"id":"another"},"data":[{"phone_number_id":"1"}]}""")]
    [InlineData("""{"data":[{"phone_number_id":"1"},{"phone_number_id":"2","project":{"id":"another"}}]}""")]
    public void A_body_that_names_another_project_is_parked(string body) => AssertParked(ParkedReason.OtherProject, Read(body));

    [Theory]
    // Not the JSON that was expected.
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("\"text\"")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{")]
    [InlineData("""{"phone_number_id":"1",}""")]
    [InlineData("""{"phone_number_id":"1"}{"phone_number_id":"1"}""")]
    [InlineData("""{"phone_number_id":"1"} x""")]
    [InlineData("{\"phone_number_id\":\"1\"}\0")]
    [InlineData("""{"phone_number_id":"1"/**/}""")]
    [InlineData("""{'phone_number_id':'1'}""")]
    [InlineData("""{"phone_number_id":01}""")]
    [InlineData("{\"phone_number_id\":\"1\",\"x\":\"\0\"}")]
    // Ids that cannot be keys.
    [InlineData("""{"phone_number_id":null}""")]
    [InlineData("""{"phone_number_id":""}""")]
    [InlineData("""{"phone_number_id":" 1"}""")]
    [InlineData("""{"phone_number_id":"1\u0000"}""")]
    [InlineData("""{"phone_number_id":"\ud800"}""")]
    [InlineData("""{"phone_number_id":"1","\ud800":2}""")]
    [InlineData("""{"phone_number_id":-1}""")]
    [InlineData("""{"phone_number_id":1.0}""")]
    [InlineData("""{"phone_number_id":1e15}""")]
    [InlineData("""{"phone_number_id":true}""")]
    [InlineData("""{"phone_number_id":["1"]}""")]
    [InlineData("""{"phone_number_id":"1","customer":"c"}""")]
    [InlineData("""{"phone_number_id":"1","customer":{"id":7}}""")]
    [InlineData("""{"phone_number_id":"1","customer":{"id":""}}""")]
    [InlineData("""{"phone_number_id":"1","customer":{"id":"a\nb"}}""")]
    [InlineData("""{"phone_number_id":"1","project":{"id":7}}""")]
    [InlineData("""{"phone_number_id":"1","project":{"id":"a\u0007"}}""")]
    [InlineData("""{"phone_number_id":"1","project":"p"}""")]
    [InlineData("""{"phone_number_id":"1","event":7}""")]
    // Members that two readers could read differently.
    [InlineData("""{"phone_number_id":"1","phone_number_id":"1"}""")]
    [InlineData("""{"phone_number_id":"1","phone_number_\u0069d":"2"}""")]
    [InlineData("""{"phone_number_id":"1","customer":{"id":"a"},"customer":{"id":"b"}}""")]
    [InlineData("""{"phone_number_id":"1","customer":{"id":"a","id":"b"}}""")]
    [InlineData("""{"phone_number_id":"1","project":{"id":"another","id":"990e8400-e29b-41d4-a716-446655440004"}}""")]
    [InlineData("""{"phone_number_id":"1","test":true,"test":false}""")]
    [InlineData("""{"phone_number_id":"1","test":false,"test":true}""")]
    [InlineData("""{"data":{"phone_number_id":"1"},"data":{"phone_number_id":"2"}}""")]
    [InlineData("""{"data":[{"phone_number_id":"1"}],"data":[]}""")]
    [InlineData("""{"phone_number_id":"1","data":{"phone_number_id":"2"}}""")]
    [InlineData("""{"customer":{"id":"a"},"data":{"phone_number_id":"2"},"customer":null}""")]
    [InlineData("""{"customer":{"id":"a"},"data":{"phone_number_id":"2","customer":{"id":"b"}}}""")]
    [InlineData("""{"phone_number_id":"1","whatsapp_config":{"phone_number_id":"2"}}""")]
    [InlineData("""{"whatsapp_config":{"phone_number_id":"1","phone_number_id":"1"}}""")]
    // Batches.
    [InlineData("""{"data":[]}""")]
    [InlineData("""{"data":[null]}""")]
    [InlineData("""{"data":[{"phone_number_id":"1"},{}]}""")]
    [InlineData("""{"data":[{"phone_number_id":"1"},{"data":[{"phone_number_id":"1"}]}]}""")]
    [InlineData("""{"customer":{"id":"a"},"data":[{"phone_number_id":"1"}]}""")]
    public void A_body_of_which_nothing_can_be_made_is_parked(string body) => AssertParked(ParkedReason.Malformed, Read(body));

    [Theory]
    [InlineData(Flat, null)]
    [InlineData("{}", null)]
    [InlineData("{}", "a\u0001b")]
    [InlineData("""{"event":"a\u0001b"}""", null)]
    [InlineData("""{"event":7}""", null)]
    [InlineData("""{"event":"project.event","event":"whatsapp.phone_number.created"}""", null)]
    [InlineData("{", "project.event")]
    public void An_event_without_a_usable_name_or_body_is_parked(string body, string? header) =>
        AssertParked(ParkedReason.Malformed, Read(body, header));

    [Fact]
    public void Ids_and_names_have_128_characters_at_most()
    {
        string Id(int length) => new('9', length);

        Assert.IsType<WebhookReading.Observations>(Read($$$"""{"phone_number_id":{{{Id(128)}}},"customer":{"id":"{{{Id(128)}}}"}}"""));
        AssertParked(ParkedReason.Malformed, Read($$"""{"phone_number_id":{{Id(129)}}}"""));
        AssertParked(ParkedReason.Malformed, Read($$"""{"phone_number_id":"{{Id(129)}}"}"""));
        AssertParked(ParkedReason.Malformed, Read($$$"""{"phone_number_id":"1","customer":{"id":"{{{Id(129)}}}"}}"""));
        Assert.IsType<WebhookReading.NotOurs>(Read("{}", Id(128)));
        AssertParked(ParkedReason.Malformed, Read("{}", Id(129)));
        AssertParked(ParkedReason.Malformed, Read($$"""{"event":"{{Id(1_000)}}"}""", null));
    }

    [Theory]
    [InlineData(63, true)]
    [InlineData(64, false)]
    [InlineData(100_000, false)]
    public void A_body_is_nested_64_levels_deep_at_most(int levels, bool read)
    {
        var reading = Read($$"""{"phone_number_id":"1","x":{{new string('[', levels)}}{{new string(']', levels)}}}""");

        if (read)
            Assert.IsType<WebhookReading.Observations>(reading);
        else
            AssertParked(ParkedReason.Malformed, reading);
    }

    [Theory]
    [InlineData("ff")]
    [InlineData("c328")]
    [InlineData("eda080")]
    [InlineData("c0af")]
    public void A_body_that_is_not_UTF_8_is_parked(string hex) =>
        AssertParked(
            ParkedReason.Malformed,
            Read([.. "{\"phone_number_id\":\"1\",\"x\":\""u8, .. Convert.FromHexString(hex), .. "\"}"u8]));

    [Fact]
    public void A_body_in_UTF_16_is_parked() =>
        AssertParked(ParkedReason.Malformed, Read([0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Flat)]));

    private static void AssertParked(ParkedReason reason, WebhookReading reading)
    {
        var parked = Assert.IsType<WebhookReading.Park>(reading);
        Assert.Equal(reason, parked.Reason);
        Assert.NotEmpty(parked.Detail);
    }
}
