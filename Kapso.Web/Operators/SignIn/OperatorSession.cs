namespace Kapso.Web.Operators.SignIn;

/// <summary>A person who signed in with the management key.</summary>
/// <param name="Name">What they call themselves: for the timeline, proven by nothing.</param>
/// <param name="Nonce">Random, of this sign-in: 32 hex digits.</param>
/// <param name="EndsAt">When they have to sign in again.</param>
public sealed record OperatorSession(string Name, string Nonce, DateTimeOffset EndsAt)
{
    /// <summary>How long a sign-in lasts.</summary>
    public static TimeSpan Life { get; } = TimeSpan.FromHours(12);
}
