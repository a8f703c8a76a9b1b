using System.Text.Json;

namespace Kapso.Connections.Webhooks;

/// <summary>The members of a webhook's body that are read. All others are skipped.</summary>
[Flags]
internal enum BodyMember
{
    None = 0,
    Event = 1 << 0,
    Type = 1 << 1,
    Data = 1 << 2,
    Test = 1 << 3,
    Project = 1 << 4,
    Customer = 1 << 5,
    SetupLink = 1 << 6,
    OccurredAt = 1 << 7,
    PhoneNumberId = 1 << 8,
    WhatsappConfig = 1 << 9,
    BusinessAccountId = 1 << 10,
    DisplayPhoneNumber = 1 << 11,
    Id = 1 << 12,
    PhoneNumbers = 1 << 13,
    Restrictions = 1 << 14,
    Ban = 1 << 15,
    Violation = 1 << 16,
    Disconnection = 1 << 17,
    ConnectionType = 1 << 18,
    Source = 1 << 19,
    State = 1 << 20,
    DateLabel = 1 << 21,
    Remediation = 1 << 22,
    ExpiresAt = 1 << 23,
    Reason = 1 << 24,
    InitiatedBy = 1 << 25,
    ExternalId = 1 << 26,
    ExternalCustomerId = 1 << 27,
    Name = 1 << 28,

    /// <summary>What a body says about one number, or which it names; an envelope says it in <c>data</c>, and only there.</summary>
    Subject = Customer | SetupLink | PhoneNumberId | WhatsappConfig | PhoneNumbers,

    /// <summary>Said of a disconnection, or of an account, beside what they are of.</summary>
    Circumstance = Id | BusinessAccountId | Restrictions | Ban | Violation | Disconnection | ConnectionType | Source,

    /// <summary>Read in the <c>data</c> of an envelope.</summary>
    OfData = Event | Project | OccurredAt | DisplayPhoneNumber | Subject | Circumstance,

    /// <summary>Read in one item of a batch, which can be an envelope.</summary>
    OfItem = OfData | Data | Test,

    /// <summary>Read in the whole body.</summary>
    OfBody = OfItem | Type,

    /// <summary>Read in <c>customer</c>.</summary>
    OfCustomer = Id | ExternalId | ExternalCustomerId | Name,

    /// <summary>Read in <c>whatsapp_config</c>.</summary>
    OfConfig = PhoneNumberId | BusinessAccountId | DisplayPhoneNumber,

    /// <summary>Read in an item of <c>phone_numbers</c>.</summary>
    OfNamedNumber = Id | PhoneNumberId,

    /// <summary>Read in <c>disconnection</c>, and in <c>source</c>.</summary>
    OfDisconnection = Reason | InitiatedBy | Event,

    /// <summary>Read in an item of <c>restrictions</c>, in <c>violation</c> and in <c>ban</c>.</summary>
    OfNotice = Type | ExpiresAt | Remediation | State | DateLabel,
}

internal static class BodyMembers
{
    private const int LongestName = 20;

    // One character of a name takes at most six bytes of JSON (\uXXXX).
    private const int LongestEscapedName = LongestName * 6;

    /// <summary>Which member the name at the reader's position is; escaped names count as what they mean.</summary>
    /// <exception cref="InvalidOperationException">The name holds an unpaired surrogate.</exception>
    public static BodyMember Of(ref readonly Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
            return Of(reader.ValueSpan);
        Span<byte> name = stackalloc byte[LongestEscapedName];
        return reader.ValueSpan.Length > LongestEscapedName ? BodyMember.None : Of(name[..reader.CopyString(name)]);
    }

    /// <summary>The member's name in JSON.</summary>
    public static string Name(BodyMember member) =>
        JsonNamingPolicy.SnakeCaseLower.ConvertName(member.ToString());

    private static BodyMember Of(ReadOnlySpan<byte> name) => name.Length switch
    {
        2 when name.SequenceEqual("id"u8) => BodyMember.Id,
        3 when name.SequenceEqual("ban"u8) => BodyMember.Ban,
        4 when name.SequenceEqual("type"u8) => BodyMember.Type,
        4 when name.SequenceEqual("data"u8) => BodyMember.Data,
        4 when name.SequenceEqual("test"u8) => BodyMember.Test,
        4 when name.SequenceEqual("name"u8) => BodyMember.Name,
        5 when name.SequenceEqual("event"u8) => BodyMember.Event,
        5 when name.SequenceEqual("state"u8) => BodyMember.State,
        6 when name.SequenceEqual("source"u8) => BodyMember.Source,
        6 when name.SequenceEqual("reason"u8) => BodyMember.Reason,
        7 when name.SequenceEqual("project"u8) => BodyMember.Project,
        8 when name.SequenceEqual("customer"u8) => BodyMember.Customer,
        9 when name.SequenceEqual("violation"u8) => BodyMember.Violation,
        10 when name.SequenceEqual("setup_link"u8) => BodyMember.SetupLink,
        10 when name.SequenceEqual("expires_at"u8) => BodyMember.ExpiresAt,
        10 when name.SequenceEqual("date_label"u8) => BodyMember.DateLabel,
        11 when name.SequenceEqual("occurred_at"u8) => BodyMember.OccurredAt,
        11 when name.SequenceEqual("remediation"u8) => BodyMember.Remediation,
        12 when name.SequenceEqual("restrictions"u8) => BodyMember.Restrictions,
        12 when name.SequenceEqual("initiated_by"u8) => BodyMember.InitiatedBy,
        13 when name.SequenceEqual("phone_numbers"u8) => BodyMember.PhoneNumbers,
        13 when name.SequenceEqual("disconnection"u8) => BodyMember.Disconnection,
        11 when name.SequenceEqual("external_id"u8) => BodyMember.ExternalId,
        15 when name.SequenceEqual("phone_number_id"u8) => BodyMember.PhoneNumberId,
        15 when name.SequenceEqual("whatsapp_config"u8) => BodyMember.WhatsappConfig,
        15 when name.SequenceEqual("connection_type"u8) => BodyMember.ConnectionType,
        19 when name.SequenceEqual("business_account_id"u8) => BodyMember.BusinessAccountId,
        20 when name.SequenceEqual("display_phone_number"u8) => BodyMember.DisplayPhoneNumber,
        20 when name.SequenceEqual("external_customer_id"u8) => BodyMember.ExternalCustomerId,
        _ => BodyMember.None,
    };
}
