using Kapso.Platform.Receivers;

namespace Kapso.Platform.Effects;

/// <summary>Tells one of the company's receivers of a change.</summary>
internal sealed class NotifyRunner(ReceiverDirectory receivers, StandardWebhookSender sender) : IEffectRunner
{
    /// <inheritdoc/>
    public EffectKind Kind => EffectKind.Notify;

    /// <inheritdoc/>
    public Task<EffectResult> RunAsync(ClaimedEffect claimed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(claimed);
        return receivers.Find(claimed.Key.ProjectId, ReceiverMessage.ReceiverOf(claimed.Effect)) is { } receiver
            ? sender.SendAsync(receiver, claimed.Effect, Message(claimed), cancellationToken)
            : Task.FromResult(EffectResult.Retry("No receiver is configured for this; set its Url and Secret."));
    }

    private static byte[] Message(ClaimedEffect claimed)
    {
        var effect = claimed.Effect;
        var details = ProvenDetails.Of(claimed.Number);
        var returned = effect is { NotifyType: NotifyType.Connected, Detail: Effect.Returned };
        return MessageContext.Write(new Message<NotifyData>(
            NotifyTypes.NameOf(effect.NotifyType),
            effect.CreatedAt.UtcDateTime,
            new NotifyData(
                claimed.Key.ProjectId,
                claimed.Key.CustomerId,
                claimed.Customer?.OwnId,
                claimed.Customer?.Name,
                CustomerNames.TagsOf(claimed.Customer),
                effect.Sequence,
                effect.Dropped,
                effect.PhoneNumberId,
                details?.DisplayPhoneNumber,
                details?.Name,
                details?.VerifiedName,
                details?.BusinessAccountId,
                effect.SetupLinkId ?? claimed.Number?.ProvenSetupLinkId,
                returned,
                claimed.Number?.Kind,
                effect.NotifyType == NotifyType.Connected ? claimed.Number?.SamePhoneAs : null,
                returned ? null : effect.Detail,
                effect.NotifyType is NotifyType.Connected or NotifyType.Gone or NotifyType.ReconnectLink ? claimed.Number?.ConnectionType : null,
                effect.NotifyType is NotifyType.Gone or NotifyType.ReconnectLink ? WhyGone(claimed) : null,
                effect.NotifyType == NotifyType.Attention && AccountNews.IsAttention(effect.Detail) ? HeldAgainst(claimed) : null,
                claimed.Link?.Url?.Reveal,
                claimed.Link?.ExpiresAt?.UtcDateTime)));
    }

    /// <summary>Nothing, where the number came back and went again before this could be told: that is another message's.</summary>
    private static ToldDisconnection? WhyGone(ClaimedEffect claimed) =>
        claimed.Number is { Disconnection: { } why } number && number.GoneAt <= claimed.Effect.CreatedAt
            ? new(why.Reason, why.InitiatedBy, why.SourceEvent)
            : null;

    private static ToldAttention? HeldAgainst(ClaimedEffect claimed) =>
        claimed.Number?.Attention?.SummaryAt(claimed.Effect.CreatedAt) is { } summary
            ? new(
                summary.Reason, summary.Since.UtcDateTime, summary.Until?.UtcDateTime,
                [.. summary.Notices.Select(notice => new ToldNotice(
                    notice.Kind.ToString().ToLowerInvariant(), notice.Type, notice.Detail,
                    notice.At.UtcDateTime, notice.Until?.UtcDateTime, notice.EventId))])
            : null;
}
