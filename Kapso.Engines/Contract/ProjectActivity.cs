namespace Kapso.Engines.Contract;

/// <summary>An authentic event that is not ours, or a test delivery.</summary>
/// <param name="Name">The event's name, at most 128 characters; <see cref="TestDelivery"/> for a test.</param>
/// <param name="ReceivedAt">When it was received.</param>
/// <param name="Body">The raw body; at most the first 16 KiB are kept.</param>
public sealed record SeenEvent(string Name, DateTimeOffset ReceivedAt, ReadOnlyMemory<byte> Body)
{
    /// <summary>The name under which test deliveries are kept.</summary>
    public const string TestDelivery = "test";

    /// <summary>Names kept per project; events of further names are counted as <see cref="Other"/>.</summary>
    public const int MaxNames = 100;

    /// <summary>The name under which events beyond <see cref="MaxNames"/> are counted.</summary>
    public const string Other = "other";

    /// <summary>Bytes of the body that are kept.</summary>
    public const int MaxBody = 16 * 1024;
}

/// <summary>How often an event came, and when last.</summary>
/// <param name="Name">The event's name.</param>
/// <param name="Count">How often it came.</param>
/// <param name="LastAt">When it last came.</param>
public sealed record EventCount(string Name, long Count, DateTimeOffset LastAt);

/// <summary>A failed setup whose link is not known.</summary>
/// <param name="At">When the browser came.</param>
/// <param name="ErrorCode">One of <see cref="Connections.Redirects.SetupErrorCodes"/>.</param>
/// <param name="SetupLinkId">The link as the browser named it, where it is a valid id.</param>
public sealed record FailedSetup(DateTimeOffset At, string ErrorCode, string? SetupLinkId)
{
    /// <summary>How many are kept per project; the oldest make room.</summary>
    public const int MaxKept = 1_000;
}

/// <summary>What was counted and kept for a project beside its connections.</summary>
/// <param name="Events">Events that are not ours, by name.</param>
/// <param name="LastTestDelivery">When the platform last sent a test delivery; null for never.</param>
/// <param name="FailedSetups">Failed setups whose link is not known, newest first, at most 100 of those kept.</param>
/// <param name="UnclaimedHints">Redirects that wait for a proof of their number.</param>
public sealed record ProjectActivity(
    IReadOnlyList<EventCount> Events,
    DateTimeOffset? LastTestDelivery,
    IReadOnlyList<FailedSetup> FailedSetups,
    int UnclaimedHints);
