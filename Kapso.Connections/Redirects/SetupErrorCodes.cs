using System.Collections.Frozen;

namespace Kapso.Connections.Redirects;

/// <summary>
/// The <c>error_code</c> values that the platform documents for a failed setup. The list is not declared closed, so
/// anything else becomes <see cref="Unknown"/>: a browser's free text never reaches a record, a log or a metric.
/// </summary>
public static class SetupErrorCodes
{
    /// <summary>Facebook login was cancelled.</summary>
    public const string FacebookAuthFailed = "facebook_auth_failed";

    /// <summary>The phone's verification failed.</summary>
    public const string PhoneVerificationFailed = "phone_verification_failed";

    /// <summary>Too many WhatsApp accounts.</summary>
    public const string WabaLimitReached = "waba_limit_reached";

    /// <summary>OAuth failed.</summary>
    public const string TokenExchangeFailed = "token_exchange_failed";

    /// <summary>The link is past its 30 days.</summary>
    public const string LinkExpired = "link_expired";

    /// <summary>The link was used before.</summary>
    public const string AlreadyUsed = "already_used";

    /// <summary>Missing, or none of the documented codes.</summary>
    public const string Unknown = "unknown";

    private static readonly FrozenSet<string> Documented = FrozenSet.Create(
        StringComparer.Ordinal,
        FacebookAuthFailed, PhoneVerificationFailed, WabaLimitReached, TokenExchangeFailed, LinkExpired, AlreadyUsed);

    /// <summary>The documented code, or <see cref="Unknown"/>.</summary>
    public static string Normalize(string? code) => code is not null && Documented.Contains(code) ? code : Unknown;
}
