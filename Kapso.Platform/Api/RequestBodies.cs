using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kapso.Platform.Api;

// What is posted, as the platform wraps it.
internal sealed record CustomerBody(CustomerMembers Customer);

internal sealed record CustomerMembers(string? Name, string? ExternalCustomerId);

internal sealed record SetupLinkBody(SetupLinkMembers SetupLink);

internal sealed record SetupLinkMembers(
    string? SuccessRedirectUrl,
    string? FailureRedirectUrl,
    IReadOnlyList<string>? AllowedConnectionTypes,
    bool? ProvisionPhoneNumber,
    string? PhoneNumberAreaCode,
    IReadOnlyList<string>? PhoneNumberCountryIsos,
    string? Language,
    JsonElement? ThemeConfig,
    string? ReconnectPhoneNumber,
    IReadOnlyList<string>? AllowedOrigins,
    string? MetaBillingMode);

internal sealed record SetupLinkChangeBody(SetupLinkChange SetupLink);

internal sealed record SetupLinkChange(string? Status, DateTimeOffset? ExpiresAt);

internal sealed record MessageBody(string MessagingProduct, string To, string Type, TemplateBody Template, string? BizOpaqueCallbackData);

internal sealed record TemplateBody(string Name, TemplateLanguage Language, IReadOnlyList<TemplateComponent>? Components);

internal sealed record TemplateLanguage(string Code);

internal sealed record TemplateComponent(string Type, IReadOnlyList<TemplateParameter> Parameters);

internal sealed record TemplateParameter(string Type, string Text);

internal sealed record WebhookBody(WebhookMembers WhatsappWebhook);

internal sealed record WebhookMembers
{
    public string? Url { get; init; }

    public string? SecretKey { get; init; }

    public IReadOnlyList<string>? Events { get; init; }

    public bool? Active { get; init; }

    public string? PayloadVersion { get; init; }

    /// <summary>Nothing of the secret.</summary>
    public override string ToString() => nameof(WebhookMembers);
}

internal sealed record WebhookTestBody(string EventType);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CustomerBody))]
[JsonSerializable(typeof(SetupLinkBody))]
[JsonSerializable(typeof(SetupLinkChangeBody))]
[JsonSerializable(typeof(MessageBody))]
[JsonSerializable(typeof(WebhookBody))]
[JsonSerializable(typeof(WebhookTestBody))]
internal sealed partial class RequestBodyContext : JsonSerializerContext;
