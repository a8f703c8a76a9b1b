using Kapso.Connections.Redirects;

namespace Kapso.Web.Customers;

/// <summary>One sentence and one next step for each reason why a setup fails.</summary>
internal static class FailureTexts
{
    /// <summary>The texts for a code of <see cref="SetupErrorCodes"/>.</summary>
    public static (string Message, string NextStep) Of(string code, Texts texts) => code switch
    {
        SetupErrorCodes.FacebookAuthFailed => (texts.FacebookAuthFailedMessage, texts.FacebookAuthFailedNextStep),
        SetupErrorCodes.PhoneVerificationFailed => (texts.PhoneVerificationFailedMessage, texts.PhoneVerificationFailedNextStep),
        SetupErrorCodes.WabaLimitReached => (texts.WabaLimitReachedMessage, texts.WabaLimitReachedNextStep),
        SetupErrorCodes.TokenExchangeFailed => (texts.TokenExchangeFailedMessage, texts.TokenExchangeFailedNextStep),
        SetupErrorCodes.LinkExpired => (texts.LinkExpiredMessage, texts.LinkExpiredNextStep),
        SetupErrorCodes.AlreadyUsed => (texts.AlreadyUsedMessage, texts.AlreadyUsedNextStep),
        _ => (texts.UnknownMessage, texts.UnknownNextStep),
    };
}
