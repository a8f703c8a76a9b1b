using Kapso.Connections.Redirects;

namespace Kapso.Tests.Redirects;

public sealed class RedirectReaderTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 23, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_success_redirect_is_read_whole()
    {
        var parameters = Read(
            ("setup_link_id", "link-1"), ("status", "completed"), ("phone_number_id", "123456789012345"),
            ("business_account_id", "104"), ("whatsapp_config_id", "cfg"), ("provisioned_phone_number_id", "prov"),
            ("display_phone_number", "+15551234567"), ("utm_source", "mail"));

        Assert.Equal(
            new RedirectParameters
            {
                SetupLinkId = "link-1",
                Status = "completed",
                PhoneNumberId = "123456789012345",
                BusinessAccountId = "104",
                WhatsappConfigId = "cfg",
                ProvisionedPhoneNumberId = "prov",
                DisplayPhoneNumber = "+15551234567",
                ErrorCode = SetupErrorCodes.Unknown,
            },
            parameters);
        Assert.Equal(
            new Observation
            {
                Kind = ObservationKind.RedirectSucceeded,
                Source = Source.Redirect,
                Event = "redirect.success",
                PhoneNumberId = "123456789012345",
                ReceivedAt = At,
                SetupLinkId = "link-1",
                State = "state",
                Details = new NumberDetails { BusinessAccountId = "104", DisplayPhoneNumber = "+15551234567" },
                TraceParent = "00-trace",
            },
            parameters.ToSuccess(At, "state", "00-trace"));
    }

    [Fact]
    public void The_oldest_form_is_a_hint_without_a_number()
    {
        var hint = Read(("setup_link_id", "link-1"), ("provisioned_phone_number_id", "77"), ("display_phone_number", "+15551234567"))
            .ToSuccess(At);

        Assert.Null(hint.PhoneNumberId);
        Assert.Null(hint.Details);
        Assert.Equal("link-1", hint.SetupLinkId);
    }

    [Theory]
    [InlineData("facebook_auth_failed", "facebook_auth_failed")]
    [InlineData("phone_verification_failed", "phone_verification_failed")]
    [InlineData("waba_limit_reached", "waba_limit_reached")]
    [InlineData("token_exchange_failed", "token_exchange_failed")]
    [InlineData("link_expired", "link_expired")]
    [InlineData("already_used", "already_used")]
    [InlineData("Already_Used", "unknown")]
    [InlineData("<script>", "unknown")]
    [InlineData("", "unknown")]
    public void A_failure_redirect_brings_its_code_and_never_free_text(string code, string known)
    {
        var failure = Read(("setup_link_id", "link-1"), ("error_code", code), ("phone_number_id", "1")).ToFailure(At, "state", "00-trace");

        Assert.Equal(
            new Observation
            {
                Kind = ObservationKind.SetupFailed,
                Source = Source.Redirect,
                Event = "redirect.failure",
                ReceivedAt = At,
                SetupLinkId = "link-1",
                State = "state",
                ErrorCode = known,
                TraceParent = "00-trace",
            },
            failure);
    }

    [Fact]
    public void A_query_without_parameters_says_nothing()
    {
        var parameters = Read();

        Assert.Equal(new RedirectParameters { ErrorCode = SetupErrorCodes.Unknown }, parameters);
        Assert.Null(parameters.ToSuccess(At).PhoneNumberId);
        Assert.Equal(SetupErrorCodes.Unknown, parameters.ToFailure(At).ErrorCode);
    }

    [Theory]
    [InlineData("+15551234567", "+15551234567")]
    [InlineData(" 15551234567", "+15551234567")]
    [InlineData("+1234567", "+1234567")]
    [InlineData("+123456789012345", "+123456789012345")]
    [InlineData("+123456", null)]
    [InlineData("+1234567890123456", null)]
    [InlineData("15551234567", null)]
    [InlineData("  15551234567", null)]
    [InlineData("+0555123456", null)]
    [InlineData("+1 555-123-4567", null)]
    [InlineData("%2B15551234567", null)]
    [InlineData("++1555123456", null)]
    [InlineData("+1555123456a", null)]
    [InlineData("+١٢٣٤٥٦٧٨", null)]
    [InlineData("+<script>", null)]
    [InlineData("", null)]
    public void A_display_number_is_kept_only_in_E164(string value, string? kept) =>
        Assert.Equal(kept, Read(("display_phone_number", value)).DisplayPhoneNumber);

    [Theory]
    [InlineData("123456789012345", true)]
    [InlineData("12345678901234567890123456789012", true)]
    [InlineData("123456789012345678901234567890123", false)]
    [InlineData("12345678901234a", false)]
    [InlineData(" 123456789012345", false)]
    [InlineData("-1", false)]
    [InlineData("١٢٣", false)]
    [InlineData("1\02", false)]
    [InlineData("", false)]
    public void A_phone_number_id_is_digits(string value, bool kept) =>
        Assert.Equal(kept ? value : null, Read(("phone_number_id", value)).PhoneNumberId);

    [Fact]
    public void An_id_that_cannot_be_a_key_is_not_there()
    {
        foreach (var bad in new[] { new string('x', 129), "a\0b", "a\r\nb", " a", "\ud800", " " })
        {
            var parameters = Read(("setup_link_id", bad), ("business_account_id", bad), ("whatsapp_config_id", bad), ("provisioned_phone_number_id", bad));

            Assert.Equal(new RedirectParameters { ErrorCode = SetupErrorCodes.Unknown }, parameters);
        }
    }

    [Fact]
    public void A_repeated_parameter_counts_only_where_it_says_the_same()
    {
        Assert.Equal("1", Read(("phone_number_id", "1"), ("phone_number_id", "1")).PhoneNumberId);
        Assert.Equal("1", Read(("phone_number_id", ""), ("phone_number_id", "1"), ("phone_number_id", null)).PhoneNumberId);
        Assert.Null(Read(("phone_number_id", "1"), ("phone_number_id", "2")).PhoneNumberId);
        Assert.Null(Read(("phone_number_id", "1"), ("phone_number_id", "2"), ("phone_number_id", "1")).PhoneNumberId);
        Assert.Null(RedirectReader.Read([new("setup_link_id", ["a", "b"])]).SetupLinkId);
        Assert.Equal("a", RedirectReader.Read([new("setup_link_id", ["a", null, "a"])]).SetupLinkId);
        Assert.Null(RedirectReader.Read([new("setup_link_id", [])]).SetupLinkId);
        Assert.Equal(SetupErrorCodes.Unknown, Read(("error_code", "already_used"), ("error_code", "link_expired")).ErrorCode);
    }

    [Fact]
    public void Names_and_the_status_are_compared_exactly()
    {
        Assert.Null(Read(("Phone_Number_Id", "1")).PhoneNumberId);
        Assert.Null(Read(("status", "Completed")).Status);
    }

    private static RedirectParameters Read(params (string Name, string? Value)[] query) =>
        RedirectReader.Read(query.Select(pair => KeyValuePair.Create(pair.Name, new[] { pair.Value })));
}
