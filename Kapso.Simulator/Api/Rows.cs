using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kapso.Simulator.Api;

/// <summary>Rows as the platform's API writes them.</summary>
internal static class Rows
{
    public static object Of(Customer customer) =>
        new { customer.Id, customer.Name, customer.ExternalCustomerId, customer.CreatedAt, UpdatedAt = customer.CreatedAt };

    public static object Of(SetupLink link, DateTimeOffset now) => new
    {
        link.Id,
        Status = link.StatusAt(now),
        link.Url,
        link.ExpiresAt,
        link.CreatedAt,
        link.SuccessRedirectUrl,
        link.FailureRedirectUrl,
        WhatsappSetupStatus = link.SetupStatus,
        WhatsappSetupError = link.SetupError,
    };

    /// <summary>A setup link with its token, which is told at creation only.</summary>
    public static JsonNode OfNew(SetupLink link, DateTimeOffset now)
    {
        var row = JsonSerializer.SerializeToNode(Of(link, now), PlatformJson.Options)!;
        row["token"] = link.Token;
        return row;
    }

    public static object Of(PhoneNumber number) => new
    {
        number.Id,
        InternalId = number.ConfigId,
        PhoneNumberId = number.Id,
        number.Name,
        number.CustomerId,
        number.BusinessAccountId,
        DisplayPhoneNumber = number.Display,
        DisplayPhoneNumberNormalized = number.Digits,
        VerifiedName = number.Name,
        QualityRating = number.Quality,
        number.Status,
        number.Kind,
        IsCoexistence = true,
        number.CreatedAt,
        UpdatedAt = number.CreatedAt,
    };

    /// <summary>A webhook. The platform shows the secret to whoever has the key; the simulator does the same.</summary>
    public static object Of(Webhook webhook, string projectId) => new
    {
        webhook.Id,
        Url = webhook.Url.AbsoluteUri,
        Kind = "kapso",
        webhook.Events,
        webhook.Active,
        projectId,
        PhoneNumberId = (string?)null,
        SecretKey = webhook.Secret,
        PayloadVersion = webhook.Shape == DeliveryShape.V1 ? "v1" : "v2",
        webhook.CreatedAt,
        UpdatedAt = webhook.CreatedAt,
    };

    /// <summary>A delivery, without its payload.</summary>
    public static object Of(Delivery delivery) => new
    {
        delivery.Id,
        delivery.WebhookId,
        delivery.Event,
        delivery.Status,
        Attempts = delivery.Attempts.Count,
        LastResponse = delivery.Attempts is [.., var last] ? last.Answer : null,
        delivery.IdempotencyKey,
        delivery.CreatedAt,
        NextAttemptAt = delivery.Status == DeliveryStatus.Pending ? delivery.DueAt : (DateTimeOffset?)null,
    };

    /// <summary>A message, without its callback data. Only templates are ever taken.</summary>
    public static object Of(Message message) => new
    {
        message.Id,
        Timestamp = message.At.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
        message.From,
        message.To,
        message.Type,
        Kapso = new { Direction = "outbound", Status = "delivered" },
        Template = new { Name = message.TemplateName, Language = new { Code = message.TemplateLanguage } },
    };
}
