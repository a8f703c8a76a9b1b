namespace Kapso.Engines.Transfer;

/// <summary>A transfer that cannot be read; the message says which line and why.</summary>
public sealed class TransferException : Exception
{
    /// <summary>Creates the exception with what was wrong.</summary>
    public TransferException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates the exception with what was wrong.</summary>
    public TransferException(string message)
        : this(message, null)
    {
    }

    /// <summary>Creates the exception.</summary>
    public TransferException()
        : this("The transfer cannot be read.")
    {
    }
}
