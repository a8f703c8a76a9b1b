using System.Text.Json;

namespace Kapso.Platform.Api;

/// <summary>What a setup link is made with. Members that are null are not sent: the platform has defaults for all.</summary>
public sealed record SetupLinkRequest
{
    /// <summary>Where the browser goes after success.</summary>
    public BearerSecret? SuccessRedirectUrl { get; init; }

    /// <summary>Where the browser goes after a failure.</summary>
    public BearerSecret? FailureRedirectUrl { get; init; }

    /// <summary><c>coexistence</c>, <c>dedicated</c>.</summary>
    public IReadOnlyList<string>? AllowedConnectionTypes { get; init; }

    /// <summary>Whether the platform provides the number.</summary>
    public bool? ProvisionPhoneNumber { get; init; }

    /// <summary>The provided number's area code.</summary>
    public string? PhoneNumberAreaCode { get; init; }

    /// <summary>Countries that the provided number may be from.</summary>
    public IReadOnlyList<string>? PhoneNumberCountryIsos { get; init; }

    /// <summary>The setup page's language: en es pt hi id ar.</summary>
    public string? Language { get; init; }

    /// <summary>The setup page's colours, passed through as they are.</summary>
    public JsonElement? ThemeConfig { get; init; }

    /// <summary>
    /// A number to connect again, as E.164: the customer's own production number, which the platform knows. It is refused with 422 where
    /// none of the customer's has it, or together with <see cref="ProvisionPhoneNumber"/> or another type in
    /// <see cref="AllowedConnectionTypes"/>. https://docs.kapso.ai/docs/platform/setup-links/manage
    /// </summary>
    public string? ReconnectPhoneNumber { get; init; }

    /// <summary>Origins that may embed the setup page.</summary>
    public IReadOnlyList<string>? AllowedOrigins { get; init; }

    /// <summary>Who pays Meta.</summary>
    public string? MetaBillingMode { get; init; }

    internal SetupLinkBody ToBody() => new(new(
        SuccessRedirectUrl?.Reveal,
        FailureRedirectUrl?.Reveal,
        AllowedConnectionTypes,
        ProvisionPhoneNumber,
        PhoneNumberAreaCode,
        PhoneNumberCountryIsos,
        Language,
        ThemeConfig,
        ReconnectPhoneNumber,
        AllowedOrigins,
        MetaBillingMode));
}
