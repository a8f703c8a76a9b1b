using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kapso.Platform.Receivers;

/// <summary>What people do about messages to receivers: send one again, all that failed, or a test.</summary>
public sealed class ReceiverMessages
{
    /// <summary>The type of a message that is sent as a test.</summary>
    public const string Test = "receiver.test";

    /// <summary>The type of a message that tells of another receiver which was disabled.</summary>
    public const string Disabled = "receiver.disabled";

    private const int PageSize = 500;
    private const int AtATime = 16;

    private readonly IConnectionEngine _engine;
    private readonly ReceiverDirectory _directory;
    private readonly StandardWebhookSender _sender;
    private readonly TimeProvider _time;

    internal ReceiverMessages(IConnectionEngine engine, ReceiverDirectory directory, StandardWebhookSender sender, TimeProvider time) =>
        (_engine, _directory, _sender, _time) = (engine, directory, sender, time);

    /// <summary>Sends a test event at once, and writes down what came of it.</summary>
    /// <returns>What came of it; null where there is no such receiver.</returns>
    public Task<ReceiverMessage?> SendTestAsync(string projectId, string receiverId, CancellationToken cancellationToken) => SendAsync(
        projectId, receiverId, $"tst_{Guid.NewGuid():n}", Test, new ToldReceiver(projectId, receiverId, "This is a test. Nothing happened."), _time.GetUtcNow(),
        cancellationToken);

    /// <summary>Tells a receiver of another one that was disabled.</summary>
    internal Task<ReceiverMessage?> SendNoticeAsync(string projectId, string receiverId, ReceiverNotice notice, CancellationToken cancellationToken) => SendAsync(
        projectId, receiverId, notice.Id, Disabled, new ToldReceiver(projectId, notice.ReceiverId, notice.Why), notice.At, cancellationToken);

    /// <summary>Sends a message again, under the same id.</summary>
    /// <param name="projectId">The project.</param>
    /// <param name="receiverId">The receiver.</param>
    /// <param name="messageId">The message.</param>
    /// <param name="by">Who asks; null where nobody gave a name.</param>
    /// <param name="cancellationToken">Stops waiting for it.</param>
    public async Task<EffectAction> ResendAsync(
        string projectId, string receiverId, string messageId, string? by, CancellationToken cancellationToken) =>
        await _engine.FindMessageAsync(projectId, receiverId, messageId, cancellationToken) is { } message
            ? await ResendAsync(projectId, message, by, cancellationToken)
            : EffectAction.NotFound;

    /// <summary>Sends all messages again that are held or dead and were decided since a time. Asked again, it goes on.</summary>
    /// <returns>How many are on their way by it.</returns>
    public async Task<int> ResendFailedAsync(
        string projectId, string receiverId, DateTimeOffset since, string? by, CancellationToken cancellationToken)
    {
        var messages = new List<ReceiverMessage>();
        foreach (var status in (MessageStatus[])[MessageStatus.Held, MessageStatus.Dead])
        {
            string? cursor = null;
            do
            {
                var page = await _engine.ListMessagesAsync(new MessageQuery(projectId, receiverId, status, cursor, PageSize), cancellationToken);
                messages.AddRange(page.Items.Where(message => message.CreatedAt >= since));
                cursor = page.Items.Count > 0 && page.Items[^1].CreatedAt < since ? null : page.NextCursor;
            }
            while (cursor is not null);
        }

        // The oldest first, each customer's one after the other: they go out in their order.
        var resent = 0;
        var customers = messages.OrderBy(static message => message.CreatedAt).GroupBy(static message => message.CustomerId);
        await Parallel.ForEachAsync(
            customers, new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellationToken }, async (customer, token) =>
            {
                foreach (var message in customer)
                {
                    if (await ResendAsync(projectId, message, by, token) == EffectAction.Applied)
                        Interlocked.Increment(ref resent);
                }
            });
        return resent;
    }

    private async Task<EffectAction> ResendAsync(string projectId, ReceiverMessage message, string? by, CancellationToken cancellationToken) =>
        message is { Effect: { } notify, CustomerId: { } customer } && CustomerKey.TryCreate(projectId, customer, out var key)
            ? await _engine.SendAgainAsync(key, notify, by, cancellationToken)
            : EffectAction.NotFound;

    private async Task<ReceiverMessage?> SendAsync(
        string projectId, string receiverId, string id, string type, ToldReceiver told, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var book = await _engine.ReadReceiversAsync(projectId, cancellationToken);
        if (_directory.Find(book, receiverId) is not { } receiver)
            return null;
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new ReceiverEvent(type, at.UtcDateTime, told), ReceiverEventJson.Default.ReceiverEvent);
        var effect = new Effect { Id = id, Kind = EffectKind.Notify, CreatedAt = at, DueAt = at };
        var result = await _sender.SendAsync(receiver, effect, body, cancellationToken);
        var before = await _engine.FindMessageAsync(projectId, receiverId, id, cancellationToken);
        var message = new ReceiverMessage
        {
            Id = id,
            Type = type,
            Status = result.Kind == EffectResultKind.Done ? MessageStatus.Delivered
                : type == Disabled && result.Kind == EffectResultKind.Retry ? MessageStatus.Retrying
                : MessageStatus.Dead,
            CreatedAt = at,
            At = _time.GetUtcNow(),
            Attempts = (before?.Attempts ?? 0) + 1,
            Answer = result.Exchange,
            Error = result.Error,
        };
        await _engine.RecordMessageAsync(projectId, receiverId, message, cancellationToken);
        return message;
    }
}

/// <summary>A message about a receiver.</summary>
internal sealed record ReceiverEvent(string Type, DateTime Timestamp, ToldReceiver Data);

/// <summary>The data of a message about a receiver.</summary>
internal sealed record ToldReceiver(string ProjectId, string ReceiverId, string Detail);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ReceiverEvent))]
internal sealed partial class ReceiverEventJson : JsonSerializerContext;
