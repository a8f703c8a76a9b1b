using Kapso.Connections.Redirects;

namespace Kapso.Web.Customers;

/// <summary>
/// One sentence and one next step for each reason why a setup fails. What is known of its link counts for more than what the browser
/// says of it: nobody is sent to a link that has ended, or told that one has ended while the platform is asked, or lists it as active.
/// </summary>
internal static class FailureTexts
{
    /// <summary>The texts for a code of <see cref="SetupErrorCodes"/> and a link at a time; null for one that is not known.</summary>
    public static (string Message, string NextStep) Of(string code, SetupLink? link, DateTimeOffset now, Texts texts)
    {
        var told = Of(code, texts);
        var speaksOfLink = code is SetupErrorCodes.LinkExpired or SetupErrorCodes.AlreadyUsed;
        if (HasEnded(link, now))
        {
            var ended = link!.Status == SetupLinkStatus.Revoked ? texts.LinkEndedMessage : texts.LinkExpiredMessage;
            return (speaksOfLink || code == SetupErrorCodes.Unknown ? ended : told.Message, texts.LinkExpiredNextStep);
        }

        return link switch
        {
            { PendingFailure: not null } when speaksOfLink && !(link.CheckedAt > link.UpdatedAt) => (texts.LinkAskedMessage, texts.WaitNextStep),
            { PendingFailure: not null, PlatformStatus: SetupLink.Active } when speaksOfLink => (texts.LinkUsableMessage, texts.UnknownNextStep),
            _ => told,
        };
    }

    /// <summary>Whether the link is known to have been taken back, or to be past its end.</summary>
    public static bool HasEnded(SetupLink? link, DateTimeOffset now) =>
        link is { Status: SetupLinkStatus.Expired or SetupLinkStatus.Revoked } || (link is { IsOpen: true } && link.ExpiresAt <= now);

    /// <summary>The texts for a code of <see cref="SetupErrorCodes"/>.</summary>
    private static (string Message, string NextStep) Of(string code, Texts texts) => code switch
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
