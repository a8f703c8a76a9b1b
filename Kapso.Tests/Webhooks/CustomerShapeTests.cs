using System.Text.Json;
using Kapso.Connections.Webhooks;

namespace Kapso.Tests.Webhooks;

/// <summary>What webhooks say of a customer beside the id.</summary>
public sealed class CustomerShapeTests
{
    private static CustomerObservation Read(string customer, string more = "") => Assert.Single(
        Assert.IsType<WebhookReading.Observations>(Bodies.Read($$"""{"phone_number_id":"123456789012345",{{more}}"customer":{{customer}}}""")).Items);

    [Theory]
    [InlineData("""{"id":"c","external_id":"own-1"}""", "own-1", null)]
    [InlineData("""{"external_customer_id":"42","id":"c"}""", "42", null)]
    [InlineData("""{"id":"c","external_id":"new","external_customer_id":"old"}""", "new", null)]
    [InlineData("""{"id":"c","external_customer_id":"old","external_id":"new"}""", "new", null)]
    [InlineData("""{"id":"c","external_id":null,"external_customer_id":"old"}""", "old", null)]
    [InlineData("""{"id":"c","external_id":12345678901234567890}""", "12345678901234567890", null)]
    [InlineData("""{"id":"c","external_id":"a/b:c%2F","name":" Maria\n Silva "}""", "a/b:c%2F", "Maria Silva")]
    [InlineData("""{"id":"c","external_id":"مرحبا","name":"\u202Eevil"}""", "مرحبا", "evil")]
    public void The_companys_own_id_and_a_name_are_read(string customer, string? ownId, string? name)
    {
        var read = Read(customer);
        Assert.Equal(("c", new CustomerNames(ownId, name)), (read.CustomerId, read.Observation.Customer));
    }

    [Theory]
    [InlineData("""{"id":"c"}""")]
    [InlineData("""{"id":"c","external_id":"","name":""}""")]
    [InlineData("""{"id":"c","external_id":" x","name":"\u0000"}""")]
    [InlineData("""{"id":"c","external_id":"a\nb"}""")]
    [InlineData("""{"id":"c","external_id":{"a":[1]},"name":[true]}""")]
    [InlineData("""{"id":"c","external_id":1.5,"name":7}""")]
    [InlineData("""{"external_id":"own-1","name":"Maria"}""")]
    public void What_cannot_be_used_is_left_out_and_parks_nothing(string customer) => Assert.Null(Read(customer).Observation.Customer);

    [Fact]
    public void Texts_beyond_all_measure_are_left_out_or_cut()
    {
        var customer = JsonSerializer.Serialize(new { id = "c", external_id = new string('x', 129), name = new string('n', 900) });
        Assert.Equal(new CustomerNames(null, new string('n', PlainName.MaxLength)), Read(customer).Observation.Customer);
        var endless = JsonSerializer.Serialize(new { id = "c", external_id = "own", name = new string('n', 100_000) });
        Assert.Equal(new CustomerNames("own", null), Read(endless).Observation.Customer);
    }

    [Fact]
    public void One_of_them_twice_in_one_object_is_refused_as_every_member_that_is_read()
    {
        var reading = Bodies.Read("""{"phone_number_id":"1","customer":{"id":"c","external_id":"a","external_id":"b"}}""");
        var parked = Assert.IsType<WebhookReading.Park>(reading);
        Assert.Equal((ParkedReason.Malformed, true), (parked.Reason, parked.Detail.Contains("external_id", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_older_form_and_a_batch_tell_it_too()
    {
        var v1 = Assert.IsType<WebhookReading.Observations>(Bodies.Read(Bodies.V1, WebhookEvents.ConfigCreated)).Items[0];
        Assert.Equal("42", v1.Observation.Customer!.OwnId);
        var batch = Assert.IsType<WebhookReading.Observations>(Bodies.Read(
            """{"batch":true,"data":[{"phone_number_id":"1","customer":{"id":"c","external_id":"a"}},{"event":"whatsapp.phone_number.created","data":{"phone_number_id":"2","customer":{"id":"d","external_id":"b"}}}]}"""));
        Assert.Equal(["a", "b"], batch.Items.Select(item => item.Observation.Customer!.OwnId));
    }

    [Fact]
    public void A_display_number_and_an_account_beside_the_number_are_read()
    {
        var details = Read("""{"id":"c"}""", "\"display_phone_number\":\"+55 64 99876-0001\",\"business_account_id\":\"104\",").Observation.Details;
        Assert.Equal(new NumberDetails { DisplayPhoneNumber = "+55 64 99876-0001", BusinessAccountId = "104" }, details);
        Assert.Null(Read("""{"id":"c"}""", "\"display_phone_number\":\"\\u0007\",\"business_account_id\":{},").Observation.Details);
    }
}
