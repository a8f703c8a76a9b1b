using System.Text.Json;
using Kapso.Platform.Api;
using Kapso.Platform.Api.Reading;

namespace Kapso.Tests.Platform.Api;

/// <summary>What the platform may leave out, add or write differently.</summary>
public sealed class ReadingTests
{
    [Fact]
    public void What_was_cut_in_the_middle_of_a_character_is_read_all_the_same()
    {
        const string Cut = "Maria \\ud83d";
        var number = PlatformNumber.Read(JsonElement.Parse($$"""{"phone_number_id":"1","customer_id":"{{Cut}}","name":"{{Cut}}","verified_name":"{{Cut}}"}"""))!;
        Assert.Equal(("1", null, "Maria ", "Maria "), (number.PhoneNumberId, number.CustomerId, number.Name, number.VerifiedName));

        Assert.Equal("Maria", PlatformCustomer.Read(JsonElement.Parse($$"""{"id":"c","name":"{{Cut}}"}"""))!.Name);
        Assert.Null(PlatformCustomer.Read(JsonElement.Parse($$"""{"id":"{{Cut}}"}""")));
        Assert.Null(PlatformSetupLink.Read(JsonElement.Parse($$"""{"id":"{{Cut}}","status":"active"}""")));
        Assert.Equal((null, "Maria"), ErrorReader.Read(JsonElement.Parse($$"""{"error":"{{Cut}}"}""")));
        Assert.Equal((null, "Maria"), ErrorReader.Read(JsonElement.Parse($$"""{"error":{"message":"{{Cut}}"} }""")));
    }

    [Fact]
    public void A_number_is_read_in_full()
    {
        var number = PlatformNumber.Read(JsonElement.Parse(
            """
            {"id":"1","internal_id":"x","phone_number_id":"123456789012345","customer_id":"c","business_account_id":"b",
             "display_phone_number":"+1 555-123-4567","display_phone_number_normalized":"15551234567","status":"CONNECTED","kind":"production",
             "name":"n","verified_name":"v","quality_rating":"GREEN","created_at":"2026-03-01T12:00:00Z","never_heard_of":{"a":[1]}}
            """));

        Assert.Equal(
            new PlatformNumber
            {
                PhoneNumberId = "123456789012345",
                CustomerId = "c",
                BusinessAccountId = "b",
                DisplayPhoneNumber = "+1 555-123-4567",
                DisplayPhoneNumberNormalized = "15551234567",
                Status = "CONNECTED",
                Kind = "production",
                Name = "n",
                VerifiedName = "v",
                QualityRating = "GREEN",
                CreatedAt = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero),
            },
            number);
    }

    [Theory]
    [InlineData("""{"phone_number_id":"123456789012345"}""")]
    [InlineData("""{"phone_number_id":"123456789012345","customer_id":null,"status":null,"display_phone_number":null,"business_account_id":null,"created_at":null}""")]
    [InlineData("""{"phone_number_id":"123456789012345","customer_id":{},"status":[],"display_phone_number":false,"created_at":"yesterday"}""")]
    [InlineData("""{"phone_number_id":123456789012345,"customer_id":""}""")]
    public void What_is_null_missing_or_of_another_kind_is_not_confirmed(string row) =>
        Assert.Equal(new PlatformNumber { PhoneNumberId = "123456789012345" }, PlatformNumber.Read(JsonElement.Parse(row)));

    [Fact]
    public void An_id_written_as_a_number_keeps_all_its_digits() =>
        Assert.Equal("12345678901234567890123", PlatformNumber.Read(JsonElement.Parse("""{"phone_number_id":12345678901234567890123}"""))?.PhoneNumberId);

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"123456789012345\"")]
    [InlineData("""{"phone_number_id":null}""")]
    public void A_row_without_an_id_is_none(string row) => Assert.Null(PlatformNumber.Read(JsonElement.Parse(row)));

    [Fact]
    public void A_page_counts_the_rows_that_make_no_sense()
    {
        var page = PlatformPage<PlatformCustomer>.Read(
            JsonElement.Parse("""{"data":[{"id":"a"},{},null,7,{"id":"b","name":"B"}],"meta":{"page":1,"per_page":5,"total_pages":2,"total_count":9}}"""),
            PlatformCustomer.Read);

        Assert.Equal(["a", "b"], page!.Items.Select(customer => customer.Id));
        Assert.Equal((3, 9, "2"), (page.Unreadable, page.TotalCount, page.Next));
    }

    [Theory]
    [InlineData("""{"data":[]}""", null)]
    [InlineData("""{"data":[],"meta":null}""", null)]
    [InlineData("""{"data":[],"meta":{"page":2,"total_pages":2}}""", null)]
    [InlineData("""{"data":[],"meta":{"current_page":"1","total_pages":"3"}}""", "2")]
    public void The_next_page_is_asked_for_only_where_there_is_one(string body, string? next) =>
        Assert.Equal(next, PlatformPage<PlatformCustomer>.Read(JsonElement.Parse(body), PlatformCustomer.Read)!.Next);

    [Theory]
    [InlineData("""{"data":[{"id":"m"}],"paging":{"cursors":{"after":"c"},"next":"https://api.kapso.ai/…"}}""", "c")]
    [InlineData("""{"data":[{"id":"m"}],"paging":{"cursors":{"after":"c"}}}""", "c")]
    [InlineData("""{"data":[{"id":"m"}],"paging":{"cursors":{"after":"c"},"next":null}}""", null)]
    [InlineData("""{"data":[],"paging":{"cursors":{"after":"c"}}}""", null)]
    [InlineData("""{"data":[{"id":"m"}]}""", null)]
    public void Messages_are_paged_by_cursor(string body, string? next) =>
        Assert.Equal(next, PlatformPage<PlatformMessage>.ReadByCursor(JsonElement.Parse(body), PlatformMessage.Read)!.Next);

    [Theory]
    [InlineData("""{"error":"Customer not found"}""", null, "Customer not found")]
    [InlineData("""{"error":"insufficient_credits","message":"Top up first"}""", "insufficient_credits", "insufficient_credits: Top up first")]
    [InlineData("""{"error":{"message":"(#131047) Re-engagement message","code":131047,"error_data":{"details":"More than 24 hours"}}}""", "131047", "(#131047) Re-engagement message: More than 24 hours")]
    [InlineData("""{"error":{"code":"132001"}}""", "132001", "")]
    [InlineData("""{"errors":["a","b"]}""", null, "a; b")]
    [InlineData("""{"message":"Not now"}""", null, "Not now")]
    [InlineData("""{"error":"Validation failed","details":["Url is invalid","Name is missing"]}""", null, "Validation failed: Url is invalid; Name is missing")]
    [InlineData("""{"errors":{"url":["is invalid"],"name":["can't be blank","is too short"]}}""", null, "url is invalid; name can't be blank, is too short")]
    [InlineData("""{"errors":[{"field":"url","message":"is invalid"}]}""", null, "url is invalid")]
    [InlineData("""{"title":"Unprocessable","detail":"No such country"}""", null, "No such country")]
    [InlineData("""{"error":null}""", null, "")]
    [InlineData("""{"error":7}""", null, "")]
    [InlineData("[]", null, "")]
    [InlineData("7", null, "")]
    public void An_error_is_a_text_or_an_object(string body, string? code, string text) =>
        Assert.Equal((code, text), ErrorReader.Read(JsonElement.Parse(body)));

    [Theory]
    [InlineData(401, null, "", true)]
    [InlineData(403, null, "Invalid API key", true)]
    [InlineData(403, null, "The key was revoked", true)]
    [InlineData(403, "api_key_invalid", "Forbidden", true)]
    [InlineData(403, null, "X-API-Key is missing", true)]
    [InlineData(403, null, "Active sandbox session required to send messages", false)]
    [InlineData(403, null, "Idempotency key was used by another", false)]
    [InlineData(403, null, "Keyword not allowed", false)]
    [InlineData(403, null, "", false)]
    [InlineData(404, null, "API key not found", false)]
    [InlineData(422, null, "key is invalid", false)]
    public void Only_a_401_or_a_403_that_speaks_of_it_is_the_keys(int status, string? code, string words, bool expected) =>
        Assert.Equal(expected, KeyRefusals.Is(status, code, words));

    [Theory]
    [InlineData("Key sk_live_0123456789abcdef0123 is wrong", "Key […] is wrong")]
    [InlineData("See https://app.kapso.ai/setup/abc?t=1 now", "See [url] now")]
    [InlineData("To +15551234567 failed", "To …4567 failed")]
    [InlineData("To 15551234567, code 131047", "To …4567, code 131047")]
    [InlineData("line\r\nbreak\u0000", "line break")]
    public void Texts_of_the_platform_lose_what_could_be_a_secret(string said, string kept) => Assert.Equal(kept, PlainText.Of(said));

    [Fact]
    public void A_long_text_of_the_platform_is_cut() => Assert.True(PlainText.Of(string.Concat(Enumerable.Repeat("word ", 1_000))).Length <= 160);

    [Fact]
    public void A_setup_link_prints_neither_its_url_nor_its_token()
    {
        var link = PlatformSetupLink.Read(JsonElement.Parse(
            """{"id":"l","status":"active","url":"https://setup.example/secret-1","token":"secret-2","success_redirect_url":"https://us.example/whatsapp/success/secret-3"}"""))!;

        Assert.Equal("https://setup.example/secret-1", link.Url?.Reveal);
        Assert.DoesNotContain("secret", $"{link} {new SetupLinkRequest { SuccessRedirectUrl = link.SuccessRedirectUrl }}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://us.example/whatsapp/success/the-state", true)]
    [InlineData("https://us.example/whatsapp/success/the-state?a=b", true)]
    [InlineData("https://us.example/whatsapp/success/the-state-2", false)]
    [InlineData("https://us.example/?s=the-state", false)]
    [InlineData("not a url", false)]
    [InlineData(null, false)]
    public void A_link_of_ours_is_known_by_its_state(string? url, bool ours)
    {
        var link = new PlatformSetupLink { Id = "l", FailureRedirectUrl = url is null ? null : new BearerSecret(url) };

        Assert.Equal(ours, link.CarriesState("the-state"));
    }

    [Fact]
    public void A_webhook_says_what_it_misses()
    {
        var webhook = PlatformWebhook.Read(JsonElement.Parse(
            """{"id":"w","url":"https://us.example","events":["whatsapp.phone_number.created","whatsapp.phone_number.deleted",7],"active":true,"secret_key":"s","headers":{"A":"s"}}"""))!;

        Assert.True(webhook.Active && webhook.IsOfProject);
        Assert.Equal(
            ["whatsapp.phone_number.offboarded", "whatsapp.phone_number.disconnected", "whatsapp.phone_number.reconnected"], webhook.MissingEvents);
        Assert.Empty((webhook with { PayloadVersion = "v1", Events = ["whatsapp.config.created"] }).MissingEvents);
        Assert.False(PlatformWebhook.Read(JsonElement.Parse("""{"id":"w","active":null,"phone_number_id":"1"}"""))!.Active);
    }
}
