using Kapso.Connections.Redirects;

namespace Kapso.Web.Pages;

/// <summary>One sentence and one next step for each reason why a setup fails.</summary>
internal static class FailureTexts
{
    /// <summary>The texts for a code of <see cref="SetupErrorCodes"/>.</summary>
    public static (string Message, string NextStep) Of(string code) => code switch
    {
        SetupErrorCodes.FacebookAuthFailed => (Texts.FacebookAuthFailedMessage, Texts.FacebookAuthFailedNextStep),
        SetupErrorCodes.PhoneVerificationFailed => (Texts.PhoneVerificationFailedMessage, Texts.PhoneVerificationFailedNextStep),
        SetupErrorCodes.WabaLimitReached => (Texts.WabaLimitReachedMessage, Texts.WabaLimitReachedNextStep),
        SetupErrorCodes.TokenExchangeFailed => (Texts.TokenExchangeFailedMessage, Texts.TokenExchangeFailedNextStep),
        SetupErrorCodes.LinkExpired => (Texts.LinkExpiredMessage, Texts.LinkExpiredNextStep),
        SetupErrorCodes.AlreadyUsed => (Texts.AlreadyUsedMessage, Texts.AlreadyUsedNextStep),
        _ => (Texts.UnknownMessage, Texts.UnknownNextStep),
    };
}
