using Kapso.Platform.Receivers;
using Kapso.Platform.Settings;
using Microsoft.Extensions.Options;

namespace Kapso.Platform.Effects;

/// <summary>Tells the company's application of a change.</summary>
internal sealed class NotifyRunner(IOptions<KapsoOptions> options, StandardWebhookSender sender) : IEffectRunner
{
    private readonly ReceiverOptions _receiver = options.Value.Notify;

    /// <inheritdoc/>
    public EffectKind Kind => EffectKind.Notify;

    /// <inheritdoc/>
    public Task<EffectResult> RunAsync(ClaimedEffect claimed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(claimed);
        return sender.SendAsync(_receiver, claimed.Effect, Message(claimed), cancellationToken);
    }

    private static byte[] Message(ClaimedEffect claimed)
    {
        var effect = claimed.Effect;
        var details = ProvenDetails.Of(claimed.Number);
        var returned = effect is { NotifyType: NotifyType.Connected, Detail: Effect.Returned };
        return MessageContext.Write(new Message<NotifyData>(
            TypeName(effect.NotifyType),
            effect.CreatedAt.UtcDateTime,
            new NotifyData(
                claimed.Key.ProjectId,
                claimed.Key.CustomerId,
                claimed.Customer?.OwnId,
                claimed.Customer?.Name,
                effect.Sequence,
                effect.Dropped,
                effect.PhoneNumberId,
                details?.DisplayPhoneNumber,
                details?.Name,
                details?.VerifiedName,
                details?.BusinessAccountId,
                effect.SetupLinkId ?? claimed.Number?.ProvenSetupLinkId,
                returned,
                returned ? null : effect.Detail)));
    }

    private static string TypeName(NotifyType? type) => type switch
    {
        NotifyType.Connected => "connection.connected",
        NotifyType.Gone => "connection.gone",
        NotifyType.SetupFailed => "connection.setup_failed",
        _ => "connection.attention",
    };
}
