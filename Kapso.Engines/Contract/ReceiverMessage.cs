using System.Collections.Immutable;

namespace Kapso.Engines.Contract;

/// <summary>Where a message to a receiver stands.</summary>
public enum MessageStatus
{
    /// <summary>The receiver took it.</summary>
    Delivered,

    /// <summary>It failed, and is tried again by itself.</summary>
    Retrying,

    /// <summary>It waits for a person, or for its receiver to be enabled.</summary>
    Held,

    /// <summary>It was refused for good, or its attempts are used up.</summary>
    Dead,
}

/// <summary>One message to a receiver, as its last attempt left it.</summary>
public sealed record ReceiverMessage
{
    /// <summary>Its <c>webhook-id</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Its type, as <c>connection.connected</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Whom it is about; null for one that was sent as a test, or that is about a receiver.</summary>
    public string? CustomerId { get; init; }

    /// <summary>Where it stood after its last attempt.</summary>
    public required MessageStatus Status { get; init; }

    /// <summary>When it was decided, in whole milliseconds: lists are in the order of this, the newest first.</summary>
    public required DateTimeOffset CreatedAt { get; init => field = value.ToWholeMilliseconds(); }

    /// <summary>When its last attempt ended, or it was held.</summary>
    public required DateTimeOffset At { get; init => field = value.ToWholeMilliseconds(); }

    /// <summary>How often it was sent.</summary>
    public int Attempts { get; init; }

    /// <summary>What the receiver answered to the last attempt; null where it did not.</summary>
    public Exchange? Answer { get; init; }

    /// <summary>Why it did not go through; null where it did.</summary>
    public string? Error { get; init; }

    /// <summary>The effect that it was, to send it again; null where it was none.</summary>
    public Effect? Effect { get; init; }

    /// <summary>A notify after an attempt.</summary>
    /// <param name="key">Whose it is.</param>
    /// <param name="effect">The notify, as it was claimed.</param>
    /// <param name="result">How the attempt ended.</param>
    /// <param name="policy">The project's policy.</param>
    /// <param name="now">The engine's time.</param>
    public static ReceiverMessage Of(CustomerKey key, Effect effect, EffectResult result, ConnectionPolicy policy, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(effect);
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(policy);
        return Of(key, effect, now) with
        {
            Status = result.Kind switch
            {
                EffectResultKind.Done => MessageStatus.Delivered,
                EffectResultKind.Held => MessageStatus.Held,
                EffectResultKind.Retry when effect.Attempt < policy.MaxAttempts => MessageStatus.Retrying,
                _ => MessageStatus.Dead,
            },
            Answer = result.Exchange,
            Error = result.Error,
        };
    }

    /// <summary>The notifies that a change holds, as their receiver is disabled.</summary>
    public static IEnumerable<(string ReceiverId, ReceiverMessage Message)> HeldBetween(Connection? before, Connection after, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(after);
        return after.Outbox
            .Where(effect => effect.WaitsForReceiver && before?.FindEffect(effect.Id) is not { WaitsForReceiver: true })
            .Select(effect => (ReceiverOf(effect), Of(after.Key, effect, now) with { Error = effect.LastError }));
    }

    /// <summary>The receiver of a notify.</summary>
    public static string ReceiverOf(Effect notify)
    {
        ArgumentNullException.ThrowIfNull(notify);
        return notify.Receiver ?? ReceiverTerms.DefaultId;
    }

    private static ReceiverMessage Of(CustomerKey key, Effect effect, DateTimeOffset now) => new()
    {
        Id = effect.Id,
        Type = NotifyTypes.NameOf(effect.NotifyType),
        CustomerId = key.CustomerId,
        Status = MessageStatus.Held,
        CreatedAt = effect.CreatedAt,
        At = now,
        Attempts = effect.Attempt,
        Effect = effect with { Lease = null, LastError = null },
    };
}

/// <summary>Which messages of a receiver to list, the newest first.</summary>
/// <param name="ProjectId">The project.</param>
/// <param name="ReceiverId">The receiver.</param>
/// <param name="Status">Only those that stand here; null for all.</param>
/// <param name="Cursor">Where the last page ended, or null.</param>
/// <param name="Limit">Rows wanted, 1 to 1,000.</param>
public sealed record MessageQuery(
    string ProjectId, string ReceiverId, MessageStatus? Status = null, string? Cursor = null, int Limit = 100)
{
    /// <summary>Most messages that are kept for a receiver; the oldest make room.</summary>
    public const int MaxKept = 10_000;

    /// <summary>How long a message is kept.</summary>
    public static TimeSpan KeptFor { get; } = TimeSpan.FromDays(30);
}

/// <summary>How many attempts went through to a receiver on a day, and how many did not.</summary>
/// <param name="Day">The day, UTC.</param>
/// <param name="Delivered">Those that went through.</param>
/// <param name="Failed">Those that did not.</param>
public sealed record DayOfMessages(DateOnly Day, long Delivered, long Failed);

/// <summary>How a receiver does.</summary>
/// <param name="ReceiverId">The receiver.</param>
/// <param name="FailingSince">When the first attempt failed after which none went through; null where the last one did, or there was none.</param>
/// <param name="Days">The last <see cref="ProjectCounts.Days"/> days on which there was an attempt, the oldest first.</param>
public sealed record ReceiverTraffic(string ReceiverId, DateTimeOffset? FailingSince, ImmutableArray<DayOfMessages> Days);
