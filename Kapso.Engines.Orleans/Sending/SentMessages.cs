using Kapso.Engines.Orleans.Redis;

namespace Kapso.Engines.Orleans.Sending;

/// <summary>
/// Writes down what became of notifies: before they are settled, so that none that went through is missing. Where it cannot be written, the
/// notify is settled all the same, and the log says so.
/// </summary>
internal sealed partial class SentMessages(
    MessageStore store, Policies policies, ArrivalCounter counter, EngineClock clock, ILogger<SentMessages> logger)
{
    /// <summary>An attempt ended.</summary>
    public async Task EndedAsync(ClaimedEffect claimed, EffectResult result)
    {
        if (claimed.Effect.Kind != EffectKind.Notify || result.HandedOver)
            return;
        var (project, receiver, wentThrough) =
            (claimed.Key.ProjectId, ReceiverMessage.ReceiverOf(claimed.Effect), result.Kind == EffectResultKind.Done);
        counter.Sent(project, receiver, wentThrough);
        await WriteAsync(
            claimed.Key, receiver, ReceiverMessage.Of(claimed.Key, claimed.Effect, result, policies.Of(project), clock.Now), wentThrough);
    }

    /// <summary>A connection was written: what it holds for receivers that are disabled is written down behind its back.</summary>
    public void Written(Connection before, Connection after)
    {
        if (before.Outbox == after.Outbox)
            return;
        foreach (var (receiver, message) in ReceiverMessage.HeldBetween(before, after, clock.Now))
            _ = WriteAsync(after.Key, receiver, message, wentThrough: null);
    }

    private async Task WriteAsync(CustomerKey key, string receiver, ReceiverMessage message, bool? wentThrough)
    {
        var project = key.ProjectId;
        try
        {
            await store.RecordAsync(project, receiver, message, wentThrough, policies.Of(project).Erasures?.OfCustomer(key));
        }
#pragma warning disable CA1031 // It is a record of what happened, which happened all the same.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogNotWritten(message.Id, receiver, project, exception.Message);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "What became of message {MessageId} to receiver {ReceiverId} of project {ProjectId} could not be written down: {Why}")]
    private partial void LogNotWritten(string messageId, string receiverId, string projectId, string why);
}
