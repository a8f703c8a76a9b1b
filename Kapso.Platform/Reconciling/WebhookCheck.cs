using Kapso.Connections.Reconciling;
using Kapso.Platform.Api;
using Kapso.Platform.Webhooks;

namespace Kapso.Platform.Reconciling;

/// <summary>Whether the platform would tell this service of a project's numbers.</summary>
internal static class WebhookCheck
{
    private const int MaxNamed = 5;

    /// <summary>What is looked for.</summary>
    public static IReadOnlyCollection<ReconciliationAlarmKind> Kinds { get; } =
    [
        ReconciliationAlarmKind.NoWebhook, ReconciliationAlarmKind.WebhookPaused, ReconciliationAlarmKind.EventsMissing,
        ReconciliationAlarmKind.WebhookNotKept,
    ];

    /// <summary>What is wrong with the project's webhooks: with all that deliver here, since one that is well suffices.</summary>
    /// <param name="webhooks">The webhooks of the project, those of single numbers among them.</param>
    /// <param name="publicUrl">Where the platform reaches this service.</param>
    /// <param name="projectId">The project.</param>
    /// <param name="isOnly">Whether it is the only one that is served, whose webhook may leave its id out.</param>
    public static IReadOnlyDictionary<ReconciliationAlarmKind, string> Find(
        IEnumerable<PlatformWebhook> webhooks, Uri publicUrl, string projectId, bool isOnly)
    {
        var address = new WebhookAddress(publicUrl, projectId, isOnly);
        var all = webhooks.ToList();
        var ours = address.Among(all).ToList();
        if (ours.Count == 0)
        {
            return Alarm(
                ReconciliationAlarmKind.NoWebhook,
                all.Count == 0
                    ? $"The project has no webhook. Create one in the platform that delivers to {address.Expected}."
                    : $"No webhook of the project delivers to {address.Expected}; found: {Name(all)}. Correct its address, create one, or correct Kapso:PublicUrl.");
        }

        var active = ours.Where(webhook => webhook.Active).ToList();
        if (active.Count == 0)
        {
            return Alarm(
                ReconciliationAlarmKind.WebhookPaused,
                $"{(ours.Count == 1 ? "The webhook" : "Every webhook")} that delivers here is paused: {string.Join(", ", ours.Take(MaxNamed).Select(webhook => $"{webhook.Id} at {WebhookAddress.Shown(webhook.Url)}"))}{More(ours)}. Repair what made its deliveries fail, then enable it again in the platform.");
        }

        var missing = Missing(active, webhook => webhook.MissingEvents);
        var missingOfAccounts = Missing(active, webhook => webhook.MissingAccountEvents);
        var named = $"The webhook {active[0].Id} at {WebhookAddress.Shown(active[0].Url)}";
        return (missing, missingOfAccounts) switch
        {
            ("", "") => new Dictionary<ReconciliationAlarmKind, string>(),
            (_, "") => Alarm(
                ReconciliationAlarmKind.EventsMissing, $"{named} is not subscribed to {missing}: add them in the platform."),
            ("", _) => Alarm(
                ReconciliationAlarmKind.EventsMissing,
                $"{named} is not subscribed to {missingOfAccounts}: what WhatsApp holds against an account is not told here. "
                + "Numbers are not affected. Add them in the platform."),
            _ => Alarm(
                ReconciliationAlarmKind.EventsMissing,
                $"{named} is not subscribed to {missing}: add them in the platform. With {missingOfAccounts} it would "
                + "tell, too, what WhatsApp holds against an account."),
        };
    }

    /// <summary>What none of the webhooks is subscribed to, in a row.</summary>
    private static string Missing(List<PlatformWebhook> active, Func<PlatformWebhook, IEnumerable<string>> missing) =>
        string.Join(", ", active.Select(missing).Aggregate((lacking, others) => lacking.Intersect(others)));

    /// <summary>The webhooks that do not deliver here, those of the project first, with what else speaks against them.</summary>
    private static string Name(List<PlatformWebhook> webhooks)
    {
        var named = webhooks.OrderByDescending(webhook => webhook.IsOfProject).Take(MaxNamed).Select(webhook =>
        {
            string[] why =
            [
                .. webhook.IsOfProject ? (string[])[] : ["of one number"],
                .. webhook.Active ? (string[])[] : ["paused"],
            ];
            return WebhookAddress.Shown(webhook.Url) + (why.Length == 0 ? "" : $" ({string.Join(", ", why)})");
        });
        return string.Join(", ", named) + More(webhooks);
    }

    private static string More(List<PlatformWebhook> webhooks) =>
        webhooks.Count > MaxNamed ? $" and {webhooks.Count - MaxNamed} more" : "";

    private static Dictionary<ReconciliationAlarmKind, string> Alarm(ReconciliationAlarmKind kind, string detail) => new() { [kind] = detail };
}
