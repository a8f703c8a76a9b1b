using System.Text.Json;
using Kapso.Platform.Api.Reading;

namespace Kapso.Platform.Api;

/// <summary>A row of the platform's phone numbers. A member that is null is not confirmed.</summary>
public sealed record PlatformNumber
{
    /// <summary>The status of a number that works.</summary>
    public const string Connected = "CONNECTED";

    /// <summary>The status of a number that has lost its connection, as the webhook of that name tells.</summary>
    public const string Disconnected = "DISCONNECTED";

    /// <summary>Meta's id: digits, always text.</summary>
    public required string PhoneNumberId { get; init; }

    /// <summary>The platform's customer whose number it is.</summary>
    public string? CustomerId { get; init; }

    /// <summary>The WhatsApp Business Account.</summary>
    public string? BusinessAccountId { get; init; }

    /// <summary>The number for people, e.g. <c>+1 555-123-4567</c>.</summary>
    public string? DisplayPhoneNumber { get; init; }

    /// <summary>The number's digits, e.g. <c>15551234567</c>.</summary>
    public string? DisplayPhoneNumberNormalized { get; init; }

    /// <summary><see cref="Connected"/>, or another word of Meta's.</summary>
    public string? Status { get; init; }

    /// <summary><c>production</c>, <c>sandbox</c>: a sandbox number is nobody's own.</summary>
    public string? Kind { get; init; }

    /// <summary>The name given to it in the project.</summary>
    public string? Name { get; init; }

    /// <summary>The name that Meta verified.</summary>
    public string? VerifiedName { get; init; }

    /// <summary><c>GREEN</c>, <c>YELLOW</c>, <c>RED</c>.</summary>
    public string? QualityRating { get; init; }

    /// <summary>When the platform created the row.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    internal static PlatformNumber? Read(JsonElement row) => (row.Text("phone_number_id") ?? row.Text("id")) is { } id
        ? new()
        {
            PhoneNumberId = id,
            CustomerId = row.Text("customer_id"),
            BusinessAccountId = row.Text("business_account_id"),
            DisplayPhoneNumber = row.Text("display_phone_number"),
            DisplayPhoneNumberNormalized = row.Text("display_phone_number_normalized"),
            Status = row.Text("status"),
            Kind = row.Text("kind"),
            Name = row.Words("name"),
            VerifiedName = row.Words("verified_name"),
            QualityRating = row.Text("quality_rating"),
            CreatedAt = row.Time("created_at"),
        }
        : null;
}
