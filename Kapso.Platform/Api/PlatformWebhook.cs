using System.Text.Json;
using Kapso.Connections.Webhooks;
using Kapso.Platform.Api.Reading;

namespace Kapso.Platform.Api;

/// <summary>A webhook, as the platform lists it. Its headers are not read.</summary>
/// <param name="Id">The platform's id.</param>
/// <param name="Url">Where it delivers to.</param>
/// <param name="Events">What it is subscribed to.</param>
/// <param name="Active">False after a pause: nothing is delivered until a person enables it again.</param>
/// <param name="PhoneNumberId">Null for a project webhook; else it gets the messages of that number only.</param>
/// <param name="PayloadVersion"><c>v2</c> or <c>v1</c>.</param>
public sealed record PlatformWebhook(
    string Id, string? Url, IReadOnlyList<string> Events, bool Active, string? PhoneNumberId, string? PayloadVersion)
{
    private static readonly string[] Needed =
    [
        WebhookEvents.Created,
        WebhookEvents.Deleted,
        WebhookEvents.Offboarded,
        WebhookEvents.Disconnected,
        WebhookEvents.Reconnected,
    ];

    private static readonly string[] NeededOfAccounts =
    [
        WebhookEvents.AccountDisabled,
        WebhookEvents.AccountRestricted,
        WebhookEvents.AccountViolation,
        WebhookEvents.AccountReinstated,
    ];

    /// <summary>All events that a project's webhook is to tell.</summary>
    public static IReadOnlyList<string> AllEvents { get; } = [.. Needed, .. NeededOfAccounts];

    /// <summary>What signs its deliveries; null where it has none, and they come unsigned.</summary>
    public BearerSecret? Secret { get; init; }

    /// <summary>Whether it tells of the whole project, not of one number's messages.</summary>
    public bool IsOfProject => PhoneNumberId is null;

    /// <summary>The events that change a number and that it is not subscribed to. Version 1 knows one event only.</summary>
    public IReadOnlyList<string> MissingEvents => PayloadVersion == "v1"
        ? Events.Contains(WebhookEvents.ConfigCreated) ? [] : [WebhookEvents.ConfigCreated]
        : [.. Needed.Where(name => !Events.Contains(name))];

    /// <summary>The events of accounts that it is not subscribed to. Version 1 has none.</summary>
    public IReadOnlyList<string> MissingAccountEvents => PayloadVersion == "v1" ? [] : [.. NeededOfAccounts.Where(name => !Events.Contains(name))];

    internal static PlatformWebhook? Read(JsonElement row) => row.Text("id") is { } id
        ? new(id, row.Text("url"), row.Texts("events"), row.Flag("active"), row.Text("phone_number_id"), row.Text("payload_version"))
        {
            Secret = row.Text("secret_key") is { Length: > 0 } secret ? new BearerSecret(secret) : null,
        }
        : null;
}
