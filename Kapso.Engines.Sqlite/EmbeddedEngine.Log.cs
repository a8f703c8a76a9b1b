namespace Kapso.Engines.Sqlite;

public sealed partial class EmbeddedEngine
{
    [LoggerMessage(1, LogLevel.Information, "The store {Path} is open: {Outbox} effects wait, {Parked} deliveries are parked.")]
    private partial void LogStarted(string path, long outbox, long parked);

    [LoggerMessage(2, LogLevel.Information, "The store is closed.")]
    private partial void LogStopped();

    [LoggerMessage(3, LogLevel.Warning, "The store could not be tidied; it is tried again in an hour.")]
    private partial void LogNotTidied(Exception exception);

    [LoggerMessage(4, LogLevel.Debug, "An event that is not ours could not be counted.")]
    private partial void LogNotCounted(Exception exception);
}
