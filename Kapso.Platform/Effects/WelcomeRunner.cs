using Kapso.Platform.Api;
using Kapso.Platform.Receivers;
using Kapso.Platform.Settings;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kapso.Platform.Effects;

/// <summary>Starts the welcome flow for a customer and number, as <c>Kapso:Welcome:Flow</c> says.</summary>
internal sealed partial class WelcomeRunner(
    IOptions<KapsoOptions> options,
    StandardWebhookSender sender,
    PlatformClients clients,
    TimeProvider time,
    ILogger<WelcomeRunner> logger) : IEffectRunner
{
    private readonly WelcomeOptions _welcome = options.Value.Welcome;
    private readonly TemplateWelcome _template = new(time);

    /// <inheritdoc/>
    public EffectKind Kind => EffectKind.Welcome;

    /// <inheritdoc/>
    public Task<EffectResult> RunAsync(ClaimedEffect claimed, CancellationToken cancellationToken) => _welcome.Flow switch
    {
        WelcomeFlow.Log => Task.FromResult(Log(claimed)),
        WelcomeFlow.Callback => sender.SendAsync(_welcome.Callback, claimed.Effect, Message(claimed), cancellationToken),
        _ => SendTemplateAsync(claimed, cancellationToken),
    };

    private async Task<EffectResult> SendTemplateAsync(ClaimedEffect claimed, CancellationToken cancellationToken)
    {
        var effect = claimed.Effect;
        if (clients.Find(claimed.Key.ProjectId) is not { } client)
            return EffectResult.Retry("The project has no ApiKey: the template cannot be sent.");
        if (Sender(effect) is not { } number)
            return EffectResult.Dead("The welcome names no number to send from.");

        var values = effect.OutcomeUnknown ? [] : Values(claimed);
        var missing = values.IndexOf(null);
        if (missing >= 0 && effect.Recipient is not null)
            return EffectResult.Retry($"The value of the variable {_welcome.Template.Variables[missing]} is not known yet.");

        return await _template.RunAsync(
            new TemplateOrder(
                client, effect.Id, number, effect.Recipient, _welcome.Template.Name!, _welcome.Template.Language!,
                [.. values.OfType<string>()], effect.OutcomeUnknown ? effect.UnknownAt ?? effect.CreatedAt : null, claimed.OtherWelcomes),
            cancellationToken);
    }

    private string? Sender(Effect effect) =>
        _welcome.Template.SenderPhoneNumberId == TemplateOptions.Connected ? effect.PhoneNumberId : _welcome.Template.SenderPhoneNumberId;

    private List<string?> Values(ClaimedEffect claimed)
    {
        var project = options.Value.Projects.FirstOrDefault(one => one.Id == claimed.Key.ProjectId)?.Name;
        return [.. _welcome.Template.Variables.Select(variable => TemplateVariables.Read(variable, claimed, project))];
    }

    private static byte[] Message(ClaimedEffect claimed)
    {
        var details = ProvenDetails.Of(claimed.Number);
        return MessageContext.Write(new Message<WelcomeData>(
            "customer.connected",
            claimed.Effect.CreatedAt.UtcDateTime,
            new WelcomeData(
                claimed.Key.ProjectId,
                claimed.Key.CustomerId,
                claimed.Customer?.OwnId,
                claimed.Customer?.Name,
                CustomerNames.TagsOf(claimed.Customer),
                claimed.Effect.PhoneNumberId,
                details?.DisplayPhoneNumber,
                details?.Name,
                details?.VerifiedName,
                details?.BusinessAccountId,
                claimed.Number?.ProvenSetupLinkId)));
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
