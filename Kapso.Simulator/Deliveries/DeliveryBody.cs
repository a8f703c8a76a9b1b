using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Kapso.Simulator.Api;

namespace Kapso.Simulator.Deliveries;

/// <summary>The bodies of deliveries, in each of their shapes.</summary>
internal static class DeliveryBody
{
    /// <summary>What does not apply is left out.</summary>
    private static readonly JsonSerializerOptions Form = new(PlatformJson.Options) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public static byte[] Write(Delivery delivery, string projectId) => JsonSerializer.SerializeToUtf8Bytes(
        delivery.Shape switch
        {
            DeliveryShape.Envelope => Envelope(delivery.Happenings[0], projectId),
            DeliveryShape.Batch => Batch(delivery, projectId),
            DeliveryShape.V1 => V1(delivery.Happenings[0], projectId),
            _ => Flat(delivery.Happenings[0], projectId),
        },
        Form);

    private static object Flat(Happening happening, string projectId)
    {
        if (happening.Account is { } account)
            return OfAccount(happening, account, projectId);

        // Offboarded, disconnected and reconnected say more.
        var more = happening.EventId is not null;
        return new
        {
            PhoneNumberId = happening.Number.Id,
            Project = new { Id = projectId },
            Customer = happening.Number.CustomerId is { } customer ? new { Id = customer, ExternalId = happening.ExternalCustomerId } : null,
            Id = happening.EventId,
            Event = more ? happening.Event : null,
            OccurredAt = more ? happening.At : (DateTimeOffset?)null,
            ConnectionType = more ? PhoneNumber.ConnectionType : null,
            Source = more ? new { Provider = "meta", Event = MetaName(happening.Event), happening.Number.BusinessAccountId } : null,
            happening.Disconnection,
            happening.Test,
            happening.TestTimestamp,
        };
    }

    /// <summary>An account is not of one customer: its numbers can belong to several.</summary>
    private static object OfAccount(Happening happening, AccountHappening account, string projectId)
    {
        object? ban = account.Action switch
        {
            AccountAction.DisableAccount => new { State = "DISABLE", DateLabel = happening.At.UtcDateTime.ToString("MMMM d, yyyy", CultureInfo.InvariantCulture) },
            AccountAction.ReinstateAccount => new { State = "REINSTATE" },
            _ => null,
        };
        return new
        {
            Id = happening.EventId,
            happening.Event,
            OccurredAt = happening.At,
            account.Numbers[0].BusinessAccountId,
            Project = new { Id = projectId },
            PhoneNumbers = account.Numbers.Select(number => new { number.Id, DisplayPhoneNumber = number.Display }),
            Restrictions = account.Action == AccountAction.RestrictAccount
                ? new[] { new { Type = "RESTRICTED_BIZ_INITIATED_MESSAGING", account.ExpiresAt } }
                : null,
            Violation = account.Action == AccountAction.ReportViolation
                ? new { Type = "SPAM", Remediation = "Write only to people who agreed to it." }
                : null,
            Ban = ban,
            Source = new { Provider = "meta", Event = MetaName(happening.Event) },
        };
    }

    private static string? MetaName(string name) => name switch
    {
        Events.Offboarded => "ACCOUNT_OFFBOARDED",
        Events.Disconnected => "PARTNER_REMOVED",
        Events.AccountDisabled or Events.AccountReinstated => "DISABLED_UPDATE",
        Events.AccountRestricted => "ACCOUNT_RESTRICTION",
        Events.AccountViolation => "ACCOUNT_VIOLATION",
        _ => null,
    };

    /// <summary>A test says so at top level, whatever the shape.</summary>
    private static object Envelope(Happening happening, string projectId) => new
    {
        happening.Event,
        happening.Test,
        happening.TestTimestamp,
        Data = Flat(happening with { IsTest = false }, projectId),
    };

    private static object Batch(Delivery delivery, string projectId) => new
    {
        Type = delivery.Event,
        Batch = true,
        Data = delivery.Happenings.Select(happening => Flat(happening, projectId)),
        BatchInfo = new { Size = delivery.Happenings.Count, WindowMs = 2000 },
    };

    private static object V1(Happening happening, string projectId)
    {
        var number = happening.Number;
        return new
        {
            WhatsappConfig = new { Id = number.ConfigId, PhoneNumberId = number.Id, number.BusinessAccountId, DisplayPhoneNumber = number.Display },
            Project = new { Id = projectId },
            Customer = number.CustomerId is { } customer
                ? new Dictionary<string, string?> { ["id"] = customer, ["external_customer_id"] = happening.ExternalCustomerId }
                : null,
            SetupLink = number.SetupLinkId is { } link ? new { Id = link } : null,
            happening.Test,
            happening.TestTimestamp,
        };
    }
}
