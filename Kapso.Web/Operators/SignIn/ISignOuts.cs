namespace Kapso.Web.Operators.SignIn;

/// <summary>
/// The sign-ins that people ended. A cookie is sealed, not stored, so that a copy of it would go on working: what has ended is
/// kept until the cookie ends by itself, wherever the keys are known that the cookie is sealed with.
/// </summary>
public interface ISignOuts
{
    /// <summary>Ends a sign-in. Ending it again is the same.</summary>
    /// <exception cref="EngineUnavailableException">It could not be kept; the sign-in may not have ended.</exception>
    Task EndAsync(OperatorSession session, CancellationToken cancellationToken);

    /// <summary>Whether a sign-in was ended.</summary>
    /// <exception cref="EngineUnavailableException">It is not known.</exception>
    Task<bool> HasEndedAsync(OperatorSession session, CancellationToken cancellationToken);
}
