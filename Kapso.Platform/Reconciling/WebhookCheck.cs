using Kapso.Connections.Reconciling;
using Kapso.Platform.Api;

namespace Kapso.Platform.Reconciling;

/// <summary>Whether the platform would tell this service of a project's numbers.</summary>
internal static class WebhookCheck
{
    /// <summary>What is looked for.</summary>
    public static IReadOnlyCollection<ReconciliationAlarmKind> Kinds { get; } =
        [ReconciliationAlarmKind.NoWebhook, ReconciliationAlarmKind.WebhookPaused, ReconciliationAlarmKind.EventsMissing];

    /// <summary>What is wrong with the project's webhooks: with all that deliver here, since one that is well suffices.</summary>
    /// <param name="webhooks">The webhooks of the project, those of single numbers among them.</param>
    /// <param name="publicUrl">Where the platform reaches this service.</param>
    /// <param name="projectId">The project.</param>
    /// <param name="isOnly">Whether it is the only one that is served, whose webhook may leave its id out.</param>
    public static IReadOnlyDictionary<ReconciliationAlarmKind, string> Find(
        IEnumerable<PlatformWebhook> webhooks, Uri publicUrl, string projectId, bool isOnly)
    {
        var address = publicUrl.AbsoluteUri.TrimEnd('/') + "/webhooks/project";
        var ours = webhooks
            .Where(webhook => webhook.IsOfProject && DeliversTo(webhook, address, projectId, isOnly))
            .ToList();
        if (ours.Count == 0)
        {
            return Alarm(
                ReconciliationAlarmKind.NoWebhook,
                $"No webhook of the project delivers to {address}/{projectId}: create it in the platform, or correct Kapso:PublicUrl.");
        }

        var active = ours.Where(webhook => webhook.Active).ToList();
        if (active.Count == 0)
        {
            return Alarm(
                ReconciliationAlarmKind.WebhookPaused,
                $"The webhook {ours[0].Id} is paused and delivers nothing: repair what made its deliveries fail, then enable it again in the platform.");
        }

        var missing = Missing(active, webhook => webhook.MissingEvents);
        var missingOfAccounts = Missing(active, webhook => webhook.MissingAccountEvents);
        var id = active[0].Id;
        return (missing, missingOfAccounts) switch
        {
            ("", "") => new Dictionary<ReconciliationAlarmKind, string>(),
            (_, "") => Alarm(
                ReconciliationAlarmKind.EventsMissing, $"The webhook {id} is not subscribed to {missing}: add them in the platform."),
            ("", _) => Alarm(
                ReconciliationAlarmKind.EventsMissing,
                $"The webhook {id} is not subscribed to {missingOfAccounts}: what WhatsApp holds against an account is not told here. "
                + "Numbers are not affected. Add them in the platform."),
            _ => Alarm(
                ReconciliationAlarmKind.EventsMissing,
                $"The webhook {id} is not subscribed to {missing}: add them in the platform. With {missingOfAccounts} it would "
                + "tell, too, what WhatsApp holds against an account."),
        };
    }

    /// <summary>What none of the webhooks is subscribed to, in a row.</summary>
    private static string Missing(List<PlatformWebhook> active, Func<PlatformWebhook, IEnumerable<string>> missing) =>
        string.Join(", ", active.Select(missing).Aggregate((lacking, others) => lacking.Intersect(others)));

    private static bool DeliversTo(PlatformWebhook webhook, string address, string projectId, bool isOnly)
    {
        if (!Uri.TryCreate(webhook.Url, UriKind.Absolute, out var url) || !Uri.TryCreate(address, UriKind.Absolute, out var ours))
            return false;
        var path = Uri.UnescapeDataString(url.AbsolutePath.TrimEnd('/'));
        var root = Uri.UnescapeDataString(ours.AbsolutePath);
        return Uri.Compare(url, ours, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) == 0
            && (path == $"{root}/{projectId}" || (isOnly && path == root));
    }

    private static Dictionary<ReconciliationAlarmKind, string> Alarm(ReconciliationAlarmKind kind, string detail) => new() { [kind] = detail };
}
