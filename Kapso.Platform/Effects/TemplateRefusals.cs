using Kapso.Platform.Api;

namespace Kapso.Platform.Effects;

/// <summary>
/// What a refusal of a message means, in words. A refused message did not go out: it is dead where the same message gets
/// the same answer, and tried again where time or a setting of the platform's can change it.
/// </summary>
internal static class TemplateRefusals
{
    /// <param name="answer">The refusal.</param>
    public static EffectResult Read(PlatformAnswer<MessageReceipt> answer)
    {
        var (said, retryAfter) = (answer.Error, answer.RetryAfter);
        return (answer.Status, answer.Code) switch
        {
            // Meta's rates: of the account, of the app, and of the pair of sender and recipient. And Meta at rest.
            (_, "4" or "80007" or "130429" or "131056" or "131016") => EffectResult.Retry(said, retryAfter),

            _ when answer.IsKeyRefused => EffectResult.Retry(said, retryAfter), // a key can be set right
            (403, _) when answer.Words.Length == 0 => EffectResult.Retry(said, retryAfter), // nobody says why: something between here and there
            (403, _) when answer.Words.Contains("sandbox", StringComparison.OrdinalIgnoreCase) =>
                EffectResult.Dead(With("The sender is a sandbox number, which writes only to whoever has opened a session with it", said)),
            (409, _) => EffectResult.Retry(said, retryAfter), // another message is in flight
            (402, "insufficient_credits") => EffectResult.Dead(With("Payment: the platform's account has no credits", said)),
            (402, _) => EffectResult.Dead(With("Payment: the platform asks for it", said)),
            (404, null) => EffectResult.Dead(With("The sender is unknown to the platform: check the setting of the sender's phone_number_id", said)),
            (_, "131042") => EffectResult.Dead(With("Payment: Meta cannot charge the WhatsApp account", said)),
            (_, "131026") => EffectResult.Dead(With("No recipient: the number cannot be reached on WhatsApp", said)) with { NoRecipient = true },
            (_, "131047") => EffectResult.Dead(With("Outside the 24-hour window only an approved template is taken", said)),
            (_, "132001") => EffectResult.Dead(With("The template is missing in this language, or not approved", said)),
            (_, "132015" or "132016") => EffectResult.Dead(With("The template is paused or disabled, not approved", said)),
            (_, "132000" or "132005" or "132012" or "132018") => EffectResult.Dead(With("The template's variables do not fit", said)),
            (_, "132007") => EffectResult.Dead(With("The template breaks a rule of WhatsApp's", said)),
            _ => EffectResult.Dead(said),
        };
    }

    private static string With(string reason, string said) => $"{reason}. {said}";
}
