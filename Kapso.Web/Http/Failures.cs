namespace Kapso.Web.Http;

/// <summary>What a log says of a failure.</summary>
internal static class Failures
{
    /// <summary>The exception, for where it comes from; null where its message says all there is to say.</summary>
    public static Exception? Unexpected(this Exception exception) =>
        exception is EngineUnavailableException or TimeoutException ? null : exception;
}
