using System.Text;
using Kapso.Connections.Webhooks;

namespace Kapso.Tests.Webhooks;

/// <summary>Bodies of the platform's documentation, and short ways to read one.</summary>
internal static class Bodies
{
    public const string Project = "990e8400-e29b-41d4-a716-446655440004";
    public const string Customer = "880e8400-e29b-41d4-a716-446655440003";
    public const string PhoneNumber = "123456789012345";

    public const string Flat =
        """{"phone_number_id":"123456789012345","project":{"id":"990e8400-e29b-41d4-a716-446655440004"},"customer":{"id":"880e8400-e29b-41d4-a716-446655440003"}}""";

    public const string Envelope = $$"""{"event":"whatsapp.phone_number.created","data":{{Flat}}}""";

    public const string Batch =
        $$"""{"type":"whatsapp.phone_number.created","batch":true,"data":[{{Flat}},{"phone_number_id":"223456789012345","customer":null}],"batch_info":{"size":2} }""";

    public const string BatchOfEnvelopes = $$"""{"batch":true,"data":[{{Envelope}},{{Envelope}}]}""";

    public const string V1 =
        """
        {"whatsapp_config":{"id":"cfg","phone_number_id":"123456789012345","business_account_id":"104","display_phone_number":"+1 555-123-4567","token":{"a":[1]}},
         "project":{"id":"990e8400-e29b-41d4-a716-446655440004"},
         "customer":{"id":"880e8400-e29b-41d4-a716-446655440003","external_customer_id":"42"},"setup_link":{"id":"link-1"}}
        """;

    public const string Offboarded =
        """
        {"id":"evt_1","event":"whatsapp.phone_number.offboarded","occurred_at":"2026-11-23T09:00:00.123Z","connection_type":"coexistence","source":"meta",
         "disconnection":{"reason":"x","initiated_by":"customer"},"phone_number_id":"123456789012345",
         "project":{"id":"990e8400-e29b-41d4-a716-446655440004"},"customer":{"id":"880e8400-e29b-41d4-a716-446655440003"}}
        """;

    public const string Restricted =
        """
        {"id":"wae_1","event":"whatsapp.account.restricted","occurred_at":"2026-11-23T09:00:00Z","business_account_id":"104",
         "phone_numbers":[{"id":"123456789012345","display_phone_number":"+1 555-123-4567"},{"id":"223456789012345"}],
         "restrictions":[{"type":"RESTRICTED_BIZ_INITIATED_MESSAGING","expires_at":"2026-12-01T00:00:00Z"}],
         "project":{"id":"990e8400-e29b-41d4-a716-446655440004"},"source":{"provider":"meta","event":"ACCOUNT_RESTRICTION"}}
        """;

    public static DateTimeOffset At { get; } = new(2026, 11, 23, 10, 0, 0, TimeSpan.Zero);

    public static WebhookReading Read(string body, string? header = WebhookEvents.Created, bool batch = false) =>
        Read(Encoding.UTF8.GetBytes(body), header, batch);

    public static WebhookReading Read(byte[] body, string? header = WebhookEvents.Created, bool batch = false) =>
        WebhookReader.Read(Project, new WebhookHeaders(header, "key-1", "v2", batch), body, At);
}
