using Kapso.Connections;
using Kapso.Platform.Receivers;
using Kapso.Platform.Settings;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kapso.Platform.Effects;

/// <summary>Starts the welcome flow for a customer and number, as <c>Kapso:Welcome:Flow</c> says.</summary>
internal sealed partial class WelcomeRunner(
    IOptions<KapsoOptions> options, StandardWebhookSender sender, ILogger<WelcomeRunner> logger) : IEffectRunner
{
    private readonly WelcomeOptions _welcome = options.Value.Welcome;

    /// <inheritdoc/>
    public EffectKind Kind => EffectKind.Welcome;

    /// <inheritdoc/>
    public Task<EffectResult> RunAsync(ClaimedEffect claimed, CancellationToken cancellationToken) => _welcome.Flow switch
    {
        WelcomeFlow.Log => Task.FromResult(Log(claimed)),
        WelcomeFlow.Callback => sender.SendAsync(_welcome.Callback, claimed.Effect, Message(claimed), cancellationToken),
        _ => Task.FromResult(EffectResult.Held($"The welcome flow {_welcome.Flow} is not available in this version.")),
    };

    private static byte[] Message(ClaimedEffect claimed)
    {
        var details = ProvenDetails.Of(claimed.Number);
        return MessageContext.Write(new Message<WelcomeData>(
            "customer.connected",
            claimed.Effect.CreatedAt.UtcDateTime,
            new WelcomeData(
                claimed.Key.ProjectId,
                claimed.Key.CustomerId,
                claimed.Effect.PhoneNumberId,
                details?.DisplayPhoneNumber,
                details?.BusinessAccountId,
                claimed.Number?.SetupLinkId)));
    }

    private EffectResult Log(ClaimedEffect claimed)
    {
        if (logger.IsEnabled(LogLevel.Information))
        {
            var number = claimed.Number?.Details?.DisplayPhoneNumber ?? claimed.Effect.PhoneNumberId;
            LogWelcome(logger, claimed.Key.CustomerId, claimed.Key.ProjectId, Shorten(number), claimed.Effect.Id);
        }

        return EffectResult.Done;
    }

    // The last four characters tell numbers of one customer apart and identify nobody.
    private static string Shorten(string? number) => number is { Length: > 4 } ? "…" + number[^4..] : "…";
}
