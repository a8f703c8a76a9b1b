namespace Kapso.Engines.Contract;

/// <summary>Somebody is about to have the platform make a customer: nobody else may, for the same id of the company's.</summary>
/// <param name="ExternalId">The company's own id; as <see cref="BoundedId"/> demands.</param>
/// <param name="Token">Who it is: another one for each order.</param>
public sealed record CustomerIntent(string ExternalId, Guid Token)
{
    /// <summary>
    /// How long it holds, unless it is withdrawn: 2 minutes. By then a call has long arrived, and what it made is in the platform's
    /// list, so that whoever comes next finds it there.
    /// </summary>
    public static TimeSpan Life { get; } = TimeSpan.FromMinutes(2);
}
