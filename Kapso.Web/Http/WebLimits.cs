namespace Kapso.Web.Http;

/// <summary>
/// Bounds of the web layer. They protect the process; no decision rests on them, and they need not agree between
/// processes. Registered with these defaults unless the host registered its own before.
/// </summary>
public sealed record WebLimits
{
    /// <summary>Largest webhook body, in bytes. More gets 413.</summary>
    public int MaxWebhookBody { get; init; } = 1_048_576;

    /// <summary>How long a body may take to arrive. Half of the ten seconds after which the platform gives up.</summary>
    public TimeSpan BodyTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the engine has to answer a delivery; and again for the one retry.</summary>
    public TimeSpan EngineTimeout { get; init; } = TimeSpan.FromSeconds(1.5);

    /// <summary>How long parking may take once the engine did not answer.</summary>
    public TimeSpan ParkTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>What a 503 asks the sender to wait.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often parked deliveries are tried again.</summary>
    public TimeSpan ReplayInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How soon they are tried again while the engine takes none of them.</summary>
    public TimeSpan ReplayRetry { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often what was turned away is told, in the log and to the engine.</summary>
    public TimeSpan TurnedAwayInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a line of the audit may take to be kept, and its outcome again.</summary>
    public TimeSpan AuditTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a browser's redirect waits for the engine before it gets its page anyway.</summary>
    public TimeSpan RedirectTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Redirects recorded per minute and client address (an IPv6 /64), or per state.</summary>
    public int RedirectsPerMinute { get; init; } = 20;

    /// <summary>Redirects without a valid state recorded per minute, from all addresses together.</summary>
    public int RedirectsPerMinuteInAll { get; init; } = 1_000;

    /// <summary>Live streams open at a time for one state.</summary>
    public int StreamsPerState { get; init; } = 3;

    /// <summary>Live streams open at a time in this process.</summary>
    public int StreamsInAll { get; init; } = 1_000;

    /// <summary>How long a live stream lasts at most; the browser may open another.</summary>
    public TimeSpan StreamDuration { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a live stream is silent at most: then it carries a comment, so that proxies keep it open.</summary>
    public TimeSpan StreamHeartbeat { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Wrong management keys answered 401 per minute and client address; more get 429. The right key always works.</summary>
    public int WrongKeysPerMinute { get; init; } = 10;
}
