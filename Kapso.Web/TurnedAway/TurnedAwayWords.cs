using System.Globalization;

namespace Kapso.Web.TurnedAway;

/// <summary>What is said of that which was turned away, in the log and on the pages.</summary>
internal static class TurnedAwayWords
{
    private const int NetworksInLine = 3;

    /// <summary>What it is, of several.</summary>
    public static string Of(TurnedAwayKind kind) => kind switch
    {
        TurnedAwayKind.SignatureMissing => "deliveries without a signature",
        TurnedAwayKind.SignatureWrong => "deliveries with a wrong signature",
        TurnedAwayKind.SecretMissing => "deliveries while no webhook secret is set",
        TurnedAwayKind.BodyTooLarge => "deliveries over 1 MiB",
        TurnedAwayKind.BodyIncomplete => "deliveries that did not arrive whole",
        TurnedAwayKind.DeliveryNotKept => "deliveries that could not be made durable",
        TurnedAwayKind.RedirectLimited => "redirects over the limit",
        TurnedAwayKind.RedirectLost => "redirects that the store did not take",
        TurnedAwayKind.RedirectUnplaced => "redirects that name no project and no known state",
        TurnedAwayKind.HintDropped => "unclaimed hints that made room for newer ones",
        TurnedAwayKind.QuestionDropped => "redirects whose number or link was not asked about",
        TurnedAwayKind.StreamLimited => "live pages over the limit",
        TurnedAwayKind.KeyWrong => "wrong management keys",
        TurnedAwayKind.KeyLimited => "requests over the limit of wrong keys",
        TurnedAwayKind.ProxyNotTrusted => "requests with forwarded headers from an address that is not trusted",
        TurnedAwayKind.ForwardedNotRead => "requests of a trusted proxy with Forwarded alone",
        TurnedAwayKind.DeliveryUnplaced => "deliveries that name no project",
        TurnedAwayKind.ParkedDropped => "parked deliveries that went for lack of room",
        TurnedAwayKind.ParkedExpired => "parked deliveries that went by their age",
        TurnedAwayKind.ForwardedUnreadable => "requests of a trusted proxy with forwarded headers that cannot be read",
        _ => "others",
    };

    /// <summary>What it means, and what to do.</summary>
    public static string Advice(TurnedAwayKind kind) => kind switch
    {
        TurnedAwayKind.SignatureMissing =>
            "Refused. If they are the platform's, its webhook has no secret: set one there, and the same in the project's WebhookSecrets.",
        TurnedAwayKind.SignatureWrong =>
            "Refused. If they are the platform's, the webhook's secret is none of the project's WebhookSecrets.",
        TurnedAwayKind.SecretMissing => "Refused, signed or not. Set the webhook's secret in the project's WebhookSecrets.",
        TurnedAwayKind.BodyTooLarge => "Refused before their signature was checked.",
        TurnedAwayKind.BodyIncomplete => "Refused before their signature was checked. Look at the proxy and the network in between.",
        TurnedAwayKind.DeliveryNotKept =>
            "Authentic, and answered 503: the platform sends them again, three times at most. Look at the store, then reconcile.",
        TurnedAwayKind.RedirectLimited =>
            "Their browsers got the page; nothing was recorded. If many customers seem to come from one network, a proxy is possibly not trusted.",
        TurnedAwayKind.RedirectLost => "Their browsers got the page; nothing was recorded. Look at the store.",
        TurnedAwayKind.RedirectUnplaced =>
            "Nothing was recorded. Where several projects are served, an address without a state has to be /whatsapp/{project_id}/success or /failed.",
        TurnedAwayKind.HintDropped => "Too many redirects wait for a proof of their number. A webhook still connects those numbers.",
        TurnedAwayKind.QuestionDropped => "Too many wait, or the platform did not answer. A webhook or reconciliation still finds them out.",
        TurnedAwayKind.StreamLimited => "These pages do not change by themselves until they are loaded anew.",
        TurnedAwayKind.KeyWrong => "Refused, in calls and at the sign-in. If it was nobody of yours, somebody tries keys.",
        TurnedAwayKind.KeyLimited => "Refused for a minute. The right key always works.",
        TurnedAwayKind.ProxyNotTrusted =>
            "Possibly a proxy that is missing in Kapso:TrustedProxies: all who come through it then share one limit, and count as http. Anybody can send such headers.",
        TurnedAwayKind.ForwardedNotRead =>
            "Only X-Forwarded-For and X-Forwarded-Proto are read: until the proxy sends them, all who come through it share one limit, and count as http.",
        TurnedAwayKind.DeliveryUnplaced =>
            "Answered 404: several projects are served, so that a webhook's address has to end with its project's id.",
        TurnedAwayKind.ParkedDropped =>
            "They waited for a person or for their number, are gone, and were not folded in: more wait than Kapso:Parked:MaxCount allows. Look at those that are left, raise it, and reconcile.",
        TurnedAwayKind.ParkedExpired =>
            "They waited for a person or for their number longer than Kapso:Parked:MaxAge, are gone, and were not folded in. Reconcile, and look at parked deliveries sooner.",
        TurnedAwayKind.ForwardedUnreadable =>
            "What the proxy says of who asks is no address: those requests count as the proxy's own, and share one limit. Have it send the client's address in X-Forwarded-For, not unknown, a name or nothing; or, if another proxy stands in between, have that one send it.",
        _ => "",
    };

    /// <summary>What it means, and what to do, with what is known of these ones.</summary>
    public static string Advice(TurnedAwayCount count) =>
        count.Packed is { } packed ? $"{Advice(count.Kind)} Some {OfPacked(packed)}." : Advice(count.Kind);

    /// <summary>One kind in a line of the log: how many, and where from.</summary>
    public static string Of(TurnedAwayTally tally)
    {
        var networks = string.Join(", ", tally.Networks.Take(NetworksInLine).Select(network => network.Network));
        var more = tally.Networks.Count > NetworksInLine ? " and others" : "";
        var packed = tally.Packed is { } some ? string.Create(CultureInfo.InvariantCulture, $". Of these {some.Count} {OfPacked(some)}") : "";
        return string.Create(
            CultureInfo.InvariantCulture, $"{Of(tally.Kind)}: {tally.Count}{(networks.Length > 0 ? $" (from {networks}{more})" : "")}{packed}");
    }

    /// <summary>What several refused deliveries in a row possibly mean. Strangers can cause it, so that it says no more than that.</summary>
    public static string Alarm(TurnedAwayCount count, DateTimeOffset? lastWebhook)
    {
        var since = lastWebhook is { } at
            ? string.Create(CultureInfo.InvariantCulture, $"since the last good one, {at.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC")
            : "yet";
        var (had, possibly) = count.Kind == TurnedAwayKind.SignatureMissing
            ? ("no signature", "The webhook possibly has no secret in the platform: set one there, and the same in the project's WebhookSecrets.")
            : ("a wrong signature", "The webhook's secret was possibly rotated in the platform: compare it with the project's WebhookSecrets.");
        var packed = count.Packed is { } some && !(some.LastAt <= lastWebhook)
            ? $"Or a proxy packs the bodies, which breaks every signature: the last packed one came {some.Encoding}. "
            : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{count.InARow} deliveries in a row had {had}, and none passed {since}. {possibly} {packed}A stranger can cause this too: nothing was changed by it.");
    }

    private static string OfPacked(PackedCount packed) =>
        $"came packed, the last {packed.Encoding}: a proxy that packs bodies breaks every signature";
}
