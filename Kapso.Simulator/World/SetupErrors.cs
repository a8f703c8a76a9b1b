namespace Kapso.Simulator.World;

/// <summary>The codes that a setup is documented to fail with.</summary>
internal static class SetupErrors
{
    /// <summary>Where no other one is asked for.</summary>
    public const string Usual = "facebook_auth_failed";
    public const string LinkExpired = "link_expired";
    public const string AlreadyUsed = "already_used";

    public static readonly IReadOnlyList<string> All =
        [Usual, "phone_verification_failed", "waba_limit_reached", "token_exchange_failed", LinkExpired, AlreadyUsed];
}
