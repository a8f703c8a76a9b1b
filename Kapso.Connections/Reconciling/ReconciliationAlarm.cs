namespace Kapso.Connections.Reconciling;

/// <summary>What reconciliation found that only a person can mend.</summary>
public enum ReconciliationAlarmKind
{
    /// <summary>The project has no webhook that delivers to this service.</summary>
    NoWebhook,

    /// <summary>The webhook is paused: nothing is delivered until a person enables it again.</summary>
    WebhookPaused,

    /// <summary>The webhook is not subscribed to every event that changes a number.</summary>
    EventsMissing,

    /// <summary>So many numbers are not there any more that none was marked gone.</summary>
    ManyGone,
}

/// <summary>One alarm, raised until a pass finds that it was mended.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Detail">What was found and what to do, in words.</param>
/// <param name="RaisedAt">When it was first found.</param>
/// <param name="SeenAt">When it was last found.</param>
public sealed record ReconciliationAlarm(
    ReconciliationAlarmKind Kind, string Detail, DateTimeOffset RaisedAt, DateTimeOffset SeenAt);
