using System.Globalization;
using System.Text.Json.Nodes;
using Kapso.Simulator.Deliveries;
using Kapso.Simulator.World;

namespace Kapso.Simulator.Api;

/// <summary>Rows as the platform's API writes them.</summary>
internal static class Rows
{
    public static JsonObject Of(Customer customer) => new()
    {
        ["id"] = customer.Id,
        ["name"] = customer.Name,
        ["external_customer_id"] = customer.ExternalCustomerId,
        ["created_at"] = Times.Iso(customer.CreatedAt),
        ["updated_at"] = Times.Iso(customer.CreatedAt),
    };

    /// <summary>A setup link; its token is told at creation only.</summary>
    public static JsonObject Of(SetupLink link, DateTimeOffset now, bool withToken = false)
    {
        var row = new JsonObject
        {
            ["id"] = link.Id,
            ["status"] = link.StatusAt(now),
            ["url"] = link.Url,
            ["expires_at"] = Times.Iso(link.ExpiresAt),
            ["created_at"] = Times.Iso(link.CreatedAt),
            ["success_redirect_url"] = link.SuccessRedirectUrl,
            ["failure_redirect_url"] = link.FailureRedirectUrl,
            ["whatsapp_setup_status"] = link.SetupStatus,
            ["whatsapp_setup_error"] = link.SetupError,
        };
        if (withToken)
            row["token"] = link.Token;
        return row;
    }

    public static JsonObject Of(PhoneNumber number) => new()
    {
        ["id"] = number.Id,
        ["internal_id"] = number.ConfigId,
        ["phone_number_id"] = number.Id,
        ["name"] = number.Name,
        ["customer_id"] = number.CustomerId,
        ["business_account_id"] = number.BusinessAccountId,
        ["display_phone_number"] = number.Display,
        ["display_phone_number_normalized"] = number.Digits,
        ["verified_name"] = number.Name,
        ["quality_rating"] = "GREEN",
        ["status"] = number.Status,
        ["is_coexistence"] = true,
        ["created_at"] = Times.Iso(number.CreatedAt),
        ["updated_at"] = Times.Iso(number.CreatedAt),
    };

    /// <summary>A webhook. The platform shows the secret to whoever has the key; the simulator does the same.</summary>
    public static JsonObject Of(Webhook webhook, string projectId) => new()
    {
        ["id"] = webhook.Id,
        ["url"] = webhook.Url.AbsoluteUri,
        ["kind"] = "kapso",
        ["events"] = new JsonArray([.. webhook.Events.Select(name => JsonValue.Create(name))]),
        ["active"] = webhook.Active,
        ["project_id"] = projectId,
        ["phone_number_id"] = null,
        ["secret_key"] = webhook.Secret,
        ["payload_version"] = webhook.Shape == DeliveryShape.V1 ? "v1" : "v2",
        ["created_at"] = Times.Iso(webhook.CreatedAt),
        ["updated_at"] = Times.Iso(webhook.CreatedAt),
    };

    /// <summary>A delivery, without its payload.</summary>
    public static JsonObject Of(Delivery delivery) => new()
    {
        ["id"] = delivery.Id,
        ["webhook_id"] = delivery.WebhookId,
        ["event"] = delivery.Event,
        ["status"] = Names.Of(delivery.Status),
        ["attempts"] = delivery.Attempts.Count,
        ["last_response"] = delivery.Attempts.Count > 0 ? delivery.Attempts[^1].Answer : null,
        ["idempotency_key"] = delivery.IdempotencyKey,
        ["created_at"] = Times.Iso(delivery.CreatedAt),
        ["next_attempt_at"] = delivery.Status == DeliveryStatus.Pending ? Times.Iso(delivery.DueAt) : null,
    };

    /// <summary>A message, without its callback data.</summary>
    public static JsonObject Of(Message message)
    {
        var row = new JsonObject
        {
            ["id"] = message.Id,
            ["timestamp"] = message.At.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
            ["from"] = message.From,
            ["to"] = message.To,
            ["type"] = message.Type,
            ["kapso"] = new JsonObject { ["direction"] = "outbound", ["status"] = "delivered" },
        };
        if (message.TemplateName is not null)
            row["template"] = new JsonObject { ["name"] = message.TemplateName, ["language"] = new JsonObject { ["code"] = message.TemplateLanguage } };
        return row;
    }
}
