namespace Kapso.Engines.Budget;

/// <summary>
/// Where the calls of the last minute are counted. Exactly, call by call: no 60 seconds hold more calls than the limit, wherever
/// the platform's own minute begins.
/// </summary>
public interface IMinute
{
    /// <summary>A minute, and a second for calls that were on their way for longer than their followers.</summary>
    static TimeSpan Length { get; } = TimeSpan.FromSeconds(61);

    /// <summary>Counts a call, where it may be made now.</summary>
    /// <param name="call">Whose call it is, and what for.</param>
    /// <param name="id">Names the call.</param>
    /// <param name="moreWait">Whether more calls for the same purpose wait in this process, behind it.</param>
    /// <returns>Zero where it may be made; else the time until it is worth asking again.</returns>
    /// <exception cref="Contract.EngineUnavailableException">It cannot be counted, and must not be made.</exception>
    ValueTask<TimeSpan> TakeAsync(PlatformCall call, string id, bool moreWait);

    /// <summary>A call that was counted is not made.</summary>
    /// <exception cref="Contract.EngineUnavailableException">It stays counted.</exception>
    ValueTask ReturnAsync(PlatformCall call, string id);
}
