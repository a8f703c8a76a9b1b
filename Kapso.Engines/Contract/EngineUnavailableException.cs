namespace Kapso.Engines.Contract;

/// <summary>The engine could not make a write durable, or cannot be reached. The write may have landed.</summary>
public sealed class EngineUnavailableException : Exception
{
    /// <summary>Creates the exception with what was attempted and what to do.</summary>
    public EngineUnavailableException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>Creates the exception.</summary>
    public EngineUnavailableException()
        : this("The engine could not make the write durable.")
    {
    }

    /// <summary>Creates the exception with what was attempted and what to do.</summary>
    public EngineUnavailableException(string message)
        : this(message, null)
    {
    }
}
