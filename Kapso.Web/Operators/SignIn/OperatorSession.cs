using Kapso.Platform.Settings;

namespace Kapso.Web.Operators.SignIn;

/// <summary>A person who signed in, with a management key or at a provider.</summary>
/// <param name="Name">What they call themselves, proven by nothing; or what the provider calls them.</param>
/// <param name="Nonce">Random, of this sign-in: 32 hex digits.</param>
/// <param name="EndsAt">When they have to sign in again.</param>
/// <param name="Role">What they may do.</param>
/// <param name="Key">How the key is called that they brought; null where a provider let them in.</param>
public sealed record OperatorSession(string Name, string Nonce, DateTimeOffset EndsAt, ManagementRole Role, string? Key)
{
    /// <summary>How long a sign-in lasts at most.</summary>
    public static TimeSpan Life { get; } = TimeSpan.FromHours(12);
}
