namespace Kapso.Connections.Reconciling;

/// <summary>What reconciliation found that only a person can repair.</summary>
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

    /// <summary>The store took the place of another one under running processes: nobody is known to have been greeted before.</summary>
    StoreReplaced,

    /// <summary>The service keeps the project's webhook, and could not make, repair or enable it.</summary>
    WebhookNotKept,
}

/// <summary>One alarm, raised until a pass finds that it was repaired.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Detail">What was found and what to do, in words.</param>
/// <param name="RaisedAt">When it was first found.</param>
/// <param name="SeenAt">When it was last found.</param>
public sealed record ReconciliationAlarm(
    ReconciliationAlarmKind Kind, string Detail, DateTimeOffset RaisedAt, DateTimeOffset SeenAt)
{
    /// <summary><see cref="ReconciliationAlarmKind.ManyGone"/>: how many connected numbers the platform's list lacked; else 0.</summary>
    public int Numbers { get; init; }
}

/// <summary>A person's word that the numbers of one alarm are really gone. It holds for one pass.</summary>
/// <param name="By">Who gave it, at most <see cref="TimelineEntry.MaxBy"/> characters.</param>
/// <param name="At">When.</param>
/// <param name="Numbers">For how many numbers at most: as many as the alarm spoke of.</param>
public sealed record GoneAcceptance(string By, DateTimeOffset At, int Numbers);
