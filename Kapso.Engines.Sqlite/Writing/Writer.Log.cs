namespace Kapso.Engines.Sqlite.Writing;

internal sealed partial class Writer
{
    [LoggerMessage(1, LogLevel.Error, "A transaction of {Count} writes failed; each is tried alone.")]
    private partial void LogBatchFailed(Exception exception, int count);

    [LoggerMessage(2, LogLevel.Error, "The effects of a stored connection could not be claimed ({What}); they are looked at again in a minute.")]
    private partial void LogNotClaimed(Exception exception, string what);

    [LoggerMessage(3, LogLevel.Warning, "The log could not be brought to its end; it goes on to grow, and is tried again.")]
    private partial void LogNotCheckpointed(Exception exception);

    [LoggerMessage(4, LogLevel.Warning,
        "Parked deliveries of project {ProjectId} that waited are gone: {Dropped} for lack of room, {Expired} by their age. They were not folded in: see Kapso:Parked:MaxCount and Kapso:Parked:MaxAge, and reconcile.")]
    private partial void LogPruned(string projectId, long dropped, long expired);
}
