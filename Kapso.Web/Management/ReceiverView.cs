using Kapso.Platform.Receivers;

namespace Kapso.Web.Management;

/// <summary>How many attempts went through to a receiver on a day, and how many did not.</summary>
/// <param name="Day">The day, UTC.</param>
/// <param name="Delivered">Those that went through.</param>
/// <param name="Failed">Those that did not.</param>
public sealed record DayOfMessagesView(DateOnly Day, long Delivered, long Failed);

/// <summary>A receiver of changes. Its secret is shown when it is made, and not again.</summary>
/// <param name="Id">Its id in the project; <c>default</c> is the one at <c>Kapso:Notify:Url</c>.</param>
/// <param name="Url">Where messages go.</param>
/// <param name="OfSettings">Whether the service's settings name it: then only they change it.</param>
/// <param name="Types">The types of changes that it is told; empty for all.</param>
/// <param name="Tag">It is told only of customers with this <c>key:value</c>; null for all.</param>
/// <param name="Disabled">Whether nothing is sent to it: what it is told waits as held.</param>
/// <param name="DisabledAt">Since when; null where it is enabled.</param>
/// <param name="DisabledWhy">Why, as a sentence; null where it is enabled.</param>
/// <param name="FailingSince">When the first attempt failed after which none went through; null where the last one did, or there was none.</param>
/// <param name="Days">The last seven days on which there was an attempt, the oldest first; seconds behind.</param>
public sealed record ReceiverView(
    string Id,
    Uri Url,
    bool OfSettings,
    IReadOnlyList<string> Types,
    string? Tag,
    bool Disabled,
    DateTime? DisabledAt,
    string? DisabledWhy,
    DateTime? FailingSince,
    IReadOnlyList<DayOfMessagesView> Days)
{
    /// <summary>Shows a receiver.</summary>
    public static ReceiverView Of(ReceiverState receiver) => new(
        receiver.Id,
        receiver.Url,
        receiver.IsOfSettings,
        [.. receiver.Types.Select(static type => NotifyTypes.NameOf(type))],
        receiver.Tag,
        receiver.DisabledAt is not null,
        receiver.DisabledAt?.UtcDateTime,
        receiver.Kept?.DisabledWhy,
        receiver.Traffic.FailingSince?.UtcDateTime,
        [.. receiver.Traffic.Days.Select(static day => new DayOfMessagesView(day.Day, day.Delivered, day.Failed))]);
}

/// <summary>A receiver with the secret that signs messages to it: keep it, it is not shown again.</summary>
/// <param name="Receiver">The receiver.</param>
/// <param name="Secret"><c>whsec_</c> and base64, as Standard Webhooks says.</param>
public sealed record NewReceiverView(ReceiverView Receiver, string Secret);

/// <summary>What a receiver answered.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The first kilobyte of the body, as text; null where there was none, or it did not come in time.</param>
/// <param name="DurationMs">How long the attempt took, in milliseconds.</param>
public sealed record ExchangeView(int Status, string? Body, long DurationMs);

/// <summary>One message to a receiver.</summary>
/// <param name="Id">Its <c>webhook-id</c>.</param>
/// <param name="Type">Its type.</param>
/// <param name="CustomerId">Whom it is about; null for one about a receiver.</param>
/// <param name="Sequence">The number of its change within the customer's; null for one about a receiver.</param>
/// <param name="Status">Where it stood after the last attempt.</param>
/// <param name="Attempts">How often it was sent.</param>
/// <param name="CreatedAt">When it was decided.</param>
/// <param name="LastAt">When the last attempt ended, or it was held.</param>
/// <param name="Answer">What the receiver answered to the last attempt; null where it did not.</param>
/// <param name="Error">Why the last attempt did not go through; null where it did.</param>
public sealed record MessageView(
    string Id,
    string Type,
    string? CustomerId,
    long? Sequence,
    MessageStatus Status,
    int Attempts,
    DateTime CreatedAt,
    DateTime LastAt,
    ExchangeView? Answer,
    string? Error)
{
    /// <summary>Shows a message.</summary>
    public static MessageView Of(ReceiverMessage message) => new(
        message.Id,
        message.Type,
        message.CustomerId,
        message.Effect?.Sequence,
        message.Status,
        message.Attempts,
        message.CreatedAt.UtcDateTime,
        message.At.UtcDateTime,
        message.Answer is { } answer ? new ExchangeView(answer.Status, answer.Body, answer.Milliseconds) : null,
        message.Error);
}

/// <summary>How many messages are on their way again.</summary>
/// <param name="Resent">Those that were held or dead and are on their way by this request.</param>
public sealed record ResentView(int Resent);

/// <summary>What a receiver is to be.</summary>
/// <param name="Url">Where messages go: an absolute http or https URL.</param>
/// <param name="Types">The types of changes that it is told; left out or empty for all.</param>
/// <param name="Tag">It is told only of customers with this <c>key:value</c>; left out or null for all.</param>
/// <param name="Secret">What signs messages to it, <c>whsec_</c> and base64 of 24 to 64 bytes; left out to have one made. Only for a new receiver.</param>
public sealed record ReceiverRequest(
    string? Url = null, IReadOnlyList<string>? Types = null, string? Tag = null, string? Secret = null);

/// <summary>A new secret.</summary>
/// <param name="Secret"><c>whsec_</c> and base64 of 24 to 64 bytes; left out to have one made.</param>
public sealed record RotateRequest(string? Secret = null);

/// <summary>Which messages to send again.</summary>
/// <param name="Since">Those decided since then, UTC; left out for all that are kept.</param>
public sealed record ResendRequest(DateTimeOffset? Since = null);
