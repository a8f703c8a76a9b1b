using Kapso.Connections.Reconciling;
using Kapso.Connections.Redirects;
using Kapso.Connections.Webhooks;
using Kapso.Platform.Reconciling;

namespace Kapso.Web.Operators.Parts;

/// <summary>What the pages for operators call things, and the tone in which they show them.</summary>
internal static class Words
{
    public static (string Text, string Tone) Of(ConnectionStatus status) => status switch
    {
        ConnectionStatus.Connected => ("Connected", "good"),
        ConnectionStatus.Hinted => ("Hinted", "waiting"),
        ConnectionStatus.Failed => ("Failed", "bad"),
        ConnectionStatus.Invited => ("Invited", "info"),
        ConnectionStatus.Gone => ("Gone", "quiet"),
        ConnectionStatus.Refused => ("Refused", "bad"),
        _ => ("None", "quiet"),
    };

    public static (string Text, string Tone) Of(NumberStatus status) => status switch
    {
        NumberStatus.Connected => ("Connected", "good"),
        NumberStatus.Hinted => ("Hinted", "waiting"),
        NumberStatus.Gone => ("Gone", "quiet"),
        _ => ("Refused", "bad"),
    };

    public static (string Text, string Tone) Of(EffectStatus status) => status switch
    {
        EffectStatus.Pending => ("Waiting", "waiting"),
        EffectStatus.InFlight => ("Being sent", "info"),
        EffectStatus.Done => ("Done", "good"),
        EffectStatus.Held => ("Held", "waiting"),
        _ => ("Dead", "bad"),
    };

    /// <summary>A link that somebody named here, and that the platform has not listed, is not said to be live.</summary>
    public static (string Text, string Tone) Of(SetupLink link) => link.Status switch
    {
        _ when IsUnconfirmed(link) => ("Unconfirmed", "waiting"),
        SetupLinkStatus.Live => ("Live", "info"),
        SetupLinkStatus.Completed => ("Completed", "good"),
        SetupLinkStatus.Failed => ("Failed", "bad"),
        SetupLinkStatus.Expired => ("Expired", "quiet"),
        SetupLinkStatus.Intended => ("Being made", "waiting"),
        _ => ("Revoked", "quiet"),
    };

    /// <summary>Whether a link that may be used is there by somebody's word alone: the platform has not told of it.</summary>
    public static bool IsUnconfirmed(SetupLink link) => link is
    {
        Status: SetupLinkStatus.Live, PlatformId: not null, PlatformStatus: null, Source: not SetupLinkSource.Issued,
    };

    public static (string Text, string Tone) Of(ParkedStatus status) => status switch
    {
        ParkedStatus.Waiting => ("Waiting", "waiting"),
        ParkedStatus.Replayed => ("Replayed", "good"),
        _ => ("Discarded", "quiet"),
    };

    /// <summary>Also where there is none: a parked delivery.</summary>
    public static (string Text, string Tone) Of(Outcome? outcome) => outcome switch
    {
        Outcome.Applied => ("Applied", "good"),
        Outcome.Adopted => ("Adopted", "info"),
        Outcome.Duplicate => ("Duplicate", "quiet"),
        Outcome.Stale => ("Stale", "quiet"),
        Outcome.Noted => ("Noted", "info"),
        Outcome.Full => ("Full", "bad"),
        _ => ("Parked", "waiting"),
    };

    public static (string Text, string Tone) Of(AuditOutcome outcome) => outcome switch
    {
        AuditOutcome.Done => ("Done", "good"),
        AuditOutcome.Refused => ("Refused", "quiet"),
        AuditOutcome.Failed => ("Failed", "bad"),
        _ => ("Not known", "waiting"),
    };

    /// <summary>What somebody is who did something, where the name alone could mislead: people choose theirs.</summary>
    public static string Of(AuditActorKind kind) => kind switch
    {
        AuditActorKind.Person => "person",
        AuditActorKind.Service => "service",
        _ => "",
    };

    public static string Of(Source source) => source switch
    {
        Source.Webhook => "Webhook",
        Source.Redirect => "Redirect",
        Source.Api => "Platform API",
        Source.Operator => "Operator",
        _ => "Service",
    };

    public static string Of(EffectKind kind) => kind switch
    {
        EffectKind.Confirm => "Confirm",
        EffectKind.Welcome => "Welcome",
        EffectKind.Notify => "Notify",
        _ => "Release",
    };

    /// <summary>Why an arrival changed what it changed, where the timeline itself does not say.</summary>
    public static string? Why(TimelineEntry line) => line.Detail ?? line.Outcome switch
    {
        Outcome.Adopted => "The number was connected before this service's time: no welcome.",
        Outcome.Duplicate => "It said what was known already.",
        Outcome.Stale => "Newer news had come before it.",
        Outcome.Noted when line.Source is not Source.Service => "Written down; it changed nothing.",
        _ => null,
    };

    /// <summary>Why a number went, in words: the platform's own, with blanks for underscores.</summary>
    public static string Of(Disconnection disconnection)
    {
        var why = Readable(disconnection.Reason ?? disconnection.SourceEvent);
        var who = disconnection switch
        {
            { Initiator: DisconnectionInitiator.WhatsApp } => "By WhatsApp",
            { Initiator: DisconnectionInitiator.Customer } => "By the customer",
            { InitiatedBy: { } other } => $"By {Readable(other)}",
            _ => null,
        };
        return (who, why) switch
        {
            (null, null) => "No reason was given.",
            (null, _) => $"Reason: {why}.",
            (_, null) => $"{who}, who gave no reason.",
            _ => $"{who}: {why}.",
        };

        static string? Readable(string? word) => word?.Replace('_', ' ').ToLowerInvariant();
    }

    public static string Of(ParkedReason reason) => reason switch
    {
        ParkedReason.EngineUnavailable => "The store did not answer in time",
        ParkedReason.UnknownCustomer => "It names no customer, and nobody is known to have its number",
        ParkedReason.TooManyNumbers => "The customer has as many numbers as are kept",
        ParkedReason.BatchTooLarge => "A batch of more than 100 items",
        ParkedReason.OtherProject => "It names another project",
        ParkedReason.EventMismatch => "Its event header and its body disagree",
        _ => "Its body is not what was expected",
    };

    /// <summary>What a person can do with a parked delivery.</summary>
    public static string Advice(ParkedReason reason) => reason switch
    {
        ParkedReason.EngineUnavailable => "Nothing to do: it is replayed by itself.",
        ParkedReason.UnknownCustomer => "Where it names a number, it is replayed by itself once the number's customer is known. Replay it sooner, or discard it.",
        ParkedReason.TooManyNumbers or ParkedReason.BatchTooLarge => "Look at it, then replay or discard it.",
        _ => "It cannot be replayed. Discard it once you know why it came.",
    };

    public static string Of(SetupStep step) => step switch
    {
        SetupStep.ApiKey => "API key",
        SetupStep.Clock => "Clock",
        SetupStep.Webhook => "Webhook",
        SetupStep.Reachable => "Reachable",
        SetupStep.Signature => "Signature",
        _ => "Event",
    };

    public static (string Text, string Tone) Of(SetupState state) => state switch
    {
        SetupState.Holds => ("Holds", "good"),
        SetupState.Fails => ("Fails", "bad"),
        _ => ("Not known", "quiet"),
    };

    public static string Of(ReconciliationAlarmKind kind) => kind switch
    {
        ReconciliationAlarmKind.NoWebhook => "No webhook delivers here",
        ReconciliationAlarmKind.WebhookPaused => "The webhook is paused",
        ReconciliationAlarmKind.EventsMissing => "The webhook lacks events",
        ReconciliationAlarmKind.WebhookNotKept => "The webhook could not be set up",
        ReconciliationAlarmKind.StoreReplaced => "The store took the place of another one",
        _ => "Many numbers are missing at once",
    };

    /// <summary>What several refused deliveries in a row are called.</summary>
    public static string OfAlarm(TurnedAwayKind kind) => kind == TurnedAwayKind.SignatureMissing
        ? "Deliveries come without a signature"
        : "Deliveries fail their signature";

    public static string OfFailure(string code) => code switch
    {
        SetupErrorCodes.FacebookAuthFailed => "Facebook login cancelled",
        SetupErrorCodes.PhoneVerificationFailed => "Phone verification failed",
        SetupErrorCodes.WabaLimitReached => "Too many WhatsApp accounts",
        SetupErrorCodes.TokenExchangeFailed => "Permission not completed",
        SetupErrorCodes.LinkExpired => "Link expired",
        SetupErrorCodes.AlreadyUsed => "Link already used",
        _ => "Other reason",
    };
}
