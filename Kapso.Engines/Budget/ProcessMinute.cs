using System.Collections.Concurrent;

namespace Kapso.Engines.Budget;

/// <summary>The minute of a service that is one process, in memory.</summary>
/// <param name="requestsPerMinute">The plan's limit for each project, at least 1.</param>
/// <param name="time">Tells when a minute is over.</param>
public sealed class ProcessMinute(int requestsPerMinute, TimeProvider time) : IMinute
{
    private readonly ConcurrentDictionary<string, List<MadeCall>> _projects = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public ValueTask<TimeSpan> TakeAsync(PlatformCall call, string id, bool moreWait) => ValueTask.FromResult(Take(call, id));

    /// <inheritdoc/>
    public ValueTask ReturnAsync(PlatformCall call, string id)
    {
        var made = Of(call);
        lock (made)
            made.RemoveAll(one => one.Id == id);
        return ValueTask.CompletedTask;
    }

    private TimeSpan Take(PlatformCall call, string id)
    {
        var made = Of(call);
        lock (made)
        {
            made.RemoveAll(one => Left(one) <= TimeSpan.Zero);
            var ofPurpose = made.FindAll(one => one.Purpose == call.Purpose);
            if (ofPurpose.Count >= Shares.Of(call.Purpose, requestsPerMinute))
                return Left(ofPurpose[0]);
            if (made.Count >= requestsPerMinute)
                return Left(made[0]);
            made.Add(new MadeCall(id, time.GetTimestamp(), call.Purpose));
            return TimeSpan.Zero;
        }
    }

    private List<MadeCall> Of(PlatformCall call) => _projects.GetOrAdd(call.ProjectId, _ => []);

    private TimeSpan Left(MadeCall call) => IMinute.Length - time.GetElapsedTime(call.At);

    private readonly record struct MadeCall(string Id, long At, CallPurpose Purpose);
}
