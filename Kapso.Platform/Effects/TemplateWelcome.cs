using System.Globalization;
using Kapso.Engines.Budget;
using Kapso.Platform.Api;

namespace Kapso.Platform.Effects;

/// <summary>One attempt at a template welcome: what to send, to whom, and what is known of the attempts before.</summary>
/// <param name="Client">The project's client.</param>
/// <param name="WelcomeId">The effect's id; goes out as callback data.</param>
/// <param name="SenderPhoneNumberId">The sender's <c>phone_number_id</c>.</param>
/// <param name="Recipient">E.164; null where nobody is known.</param>
/// <param name="TemplateName">The approved template.</param>
/// <param name="TemplateLanguage">Its language code.</param>
/// <param name="Parameters">The values of the body's variables, in their order.</param>
/// <param name="UnknownSince">When the attempt was claimed whose outcome is unknown; null where none is.</param>
/// <param name="Others">The customer's other welcomes, where an outcome is unknown.</param>
internal sealed record TemplateOrder(
    PlatformClient Client,
    string WelcomeId,
    string SenderPhoneNumberId,
    string? Recipient,
    string TemplateName,
    string TemplateLanguage,
    IReadOnlyList<string> Parameters,
    DateTimeOffset? UnknownSince,
    IReadOnlyList<Welcome> Others);

/// <summary>
/// Sends the WhatsApp welcome, or looks whether it was sent. Nobody deduplicates a message: after an unknown outcome
/// nothing is sent before the sender's list has shown that a person must decide.
/// </summary>
internal sealed class TemplateWelcome(TimeProvider time)
{
    /// <summary>When the list is looked at again after an unknown outcome: 1, then 5, then 30 minutes apart.</summary>
    private static readonly TimeSpan[] Looks = [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(6), TimeSpan.FromMinutes(36)];

    /// <summary>The platform's clock is another one.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(2);

    /// <summary>A sender with many messages is read page by page; well below the lease of the effect.</summary>
    internal static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(30);

    /// <summary>Makes one attempt. Ends within half a minute.</summary>
    public async Task<EffectResult> RunAsync(TemplateOrder order, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(order);
        if (order.Recipient is not { } recipient)
            return EffectResult.Dead("No recipient: set the customer's contact_phone.") with { NoRecipient = true };
        return order.UnknownSince is { } since
            ? await LookAsync(order, recipient, since, cancellationToken)
            : await SendAsync(order, recipient, cancellationToken);
    }

    private static async Task<EffectResult> SendAsync(TemplateOrder order, string recipient, CancellationToken cancellationToken)
    {
        var answer = await order.Client.SendMessageAsync(
            order.SenderPhoneNumberId,
            new TemplateMessage
            {
                To = recipient,
                Name = order.TemplateName,
                Language = order.TemplateLanguage,
                BodyParameters = order.Parameters,
                CallbackData = order.WelcomeId,
            },
            cancellationToken);
        return answer.Outcome switch
        {
            PlatformOutcome.Done => EffectResult.Done with { MessageId = answer.Value!.Id },
            PlatformOutcome.Refused => TemplateRefusals.Read(answer),
            PlatformOutcome.Unknown => EffectResult.Retry(answer.Error, Looks[0], outcomeUnknown: true),
            _ => EffectResult.Retry(answer.Error, answer.RetryAfter),
        };
    }

    private async Task<EffectResult> LookAsync(
        TemplateOrder order, string recipient, DateTimeOffset since, CancellationToken cancellationToken)
    {
        using var enough = new CancellationTokenSource(LongestLook, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(enough.Token, cancellationToken);
        var found = new HashSet<string>(StringComparer.Ordinal);
        var alike = new Dictionary<string, string>(StringComparer.Ordinal);
        string? after = null;
        do
        {
            var list = await order.Client.ListMessagesAsync(
                order.SenderPhoneNumberId, since - ClockSkew, after, CallPurpose.Welcome, either.Token);
            if (!list.IsDone)
                return EffectResult.Retry(list.Error, list.RetryAfter ?? Looks[0], outcomeUnknown: true);

            foreach (var message in list.Value.Items.Where(message => IsSuchAWelcome(message, order.TemplateName, since - ClockSkew)))
            {
                if (PhoneSpellings.AreSame(message.To, recipient))
                    found.Add(message.Id);
                else if (PhoneSpellings.AreAlike(message.To, recipient))
                    alike[message.Id] = message.To!;
            }

            // Newest first: behind one that is older than the question, all are.
            after = list.Value.Items.Any(message => message.Timestamp < since - ClockSkew) ? null : list.Value.Next;
        }
        while (after is not null);

        foreach (var other in order.Others.Select(other => other.MessageId).OfType<string>())
        {
            found.Remove(other);
            alike.Remove(other);
        }

        // Another welcome of this customer's that may be among them: sent or being sent, and not known by its message.
        var others = order.Others.Count(other => other.MessageId is null && (other.Attempts > 0 || other.Status == EffectStatus.InFlight));
        return (found.Count, others) switch
        {
            (0, _) when alike.Count > 0 => HeldFor(alike.First()),
            (0, _) => NotFound(since),
            (1, 0) => EffectResult.Done with { MessageId = found.Single() },
            _ => EffectResult.Held(Text($"The outcome is unknown, and messages of this template went to the recipient since: {found.Count}. This one need not be among them.")),
        };
    }

    /// <summary>
    /// A message to a phone that may be the recipient's in a spelling that is not known here is neither the welcome nor nothing:
    /// a person can tell.
    /// </summary>
    private static EffectResult HeldFor(KeyValuePair<string, string> alike) => EffectResult.Held(
        $"The outcome is unknown. {alike.Key} of this template went to …{alike.Value[^4..]}, perhaps the recipient's phone in another spelling: "
        + "look whose it is, then send again or settle.");

    /// <summary>Absence proves nothing: what is not in the list yet may come.</summary>
    private EffectResult NotFound(DateTimeOffset since)
    {
        var passed = time.GetUtcNow() - since;
        foreach (var look in Looks)
        {
            if (passed < look)
                return EffectResult.Retry("The outcome is unknown, and the message is not in the sender's list yet.", look - passed, outcomeUnknown: true);
        }

        return EffectResult.Held(
            "The outcome is unknown, and the message is not in the sender's list after half an hour: look into the customer's chat, then send again or settle.");
    }

    private static bool IsSuchAWelcome(PlatformMessage message, string template, DateTimeOffset since) =>
        message.TemplateName == template
        && message.Direction != "inbound"
        && !(message.Timestamp < since);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
