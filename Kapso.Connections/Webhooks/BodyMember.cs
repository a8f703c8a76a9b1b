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
    ExternalId = 1 << 13,
    ExternalCustomerId = 1 << 14,
    Name = 1 << 15,

    /// <summary>What a body says about one number; an envelope says it in <c>data</c>, and only there.</summary>
    Subject = Customer | SetupLink | PhoneNumberId | WhatsappConfig,

    /// <summary>Read in the <c>data</c> of an envelope.</summary>
    OfData = Event | Project | OccurredAt | BusinessAccountId | DisplayPhoneNumber | Subject,

    /// <summary>Read in one item of a batch, which can be an envelope.</summary>
    OfItem = OfData | Data | Test,

    /// <summary>Read in the whole body.</summary>
    OfBody = OfItem | Type,

    /// <summary>Read in <c>customer</c>.</summary>
    OfCustomer = Id | ExternalId | ExternalCustomerId | Name,

    /// <summary>Read in <c>whatsapp_config</c>.</summary>
    OfConfig = PhoneNumberId | BusinessAccountId | DisplayPhoneNumber,
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
        4 when name.SequenceEqual("type"u8) => BodyMember.Type,
        4 when name.SequenceEqual("data"u8) => BodyMember.Data,
        4 when name.SequenceEqual("test"u8) => BodyMember.Test,
        4 when name.SequenceEqual("name"u8) => BodyMember.Name,
        5 when name.SequenceEqual("event"u8) => BodyMember.Event,
        7 when name.SequenceEqual("project"u8) => BodyMember.Project,
        8 when name.SequenceEqual("customer"u8) => BodyMember.Customer,
        10 when name.SequenceEqual("setup_link"u8) => BodyMember.SetupLink,
        11 when name.SequenceEqual("occurred_at"u8) => BodyMember.OccurredAt,
        11 when name.SequenceEqual("external_id"u8) => BodyMember.ExternalId,
        15 when name.SequenceEqual("phone_number_id"u8) => BodyMember.PhoneNumberId,
        15 when name.SequenceEqual("whatsapp_config"u8) => BodyMember.WhatsappConfig,
        19 when name.SequenceEqual("business_account_id"u8) => BodyMember.BusinessAccountId,
        20 when name.SequenceEqual("display_phone_number"u8) => BodyMember.DisplayPhoneNumber,
        20 when name.SequenceEqual("external_customer_id"u8) => BodyMember.ExternalCustomerId,
        _ => BodyMember.None,
    };
}
