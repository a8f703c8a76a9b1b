namespace Kapso.Engines.Orleans.Redis;

/// <summary>
/// An activation's own entry in the index of due times, as it knows it. The entry is never later than the connection's
/// next wake: it is written before the connection where that moves nearer, and moved away or forgotten afterwards.
/// </summary>
internal sealed class DueTime(string entry)
{
    /// <summary>
    /// When the sweep looks, at the latest, at a connection whose write has not been heard of: if it failed, rows and lists
    /// are repaired then.
    /// </summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(1);

    private long? _at;

    public string Entry => entry;

    /// <summary>Whether another activation made the entry.</summary>
    public bool IsForeign(string? found) => found is not null && found != entry;

    /// <summary>Whether the entry has to be written before the connection is.</summary>
    public bool MustPrecede(Connection connection) =>
        connection.WakeAt is { } wake && (_at is null || EngineClock.ToWake(wake) < _at);

    /// <summary>The time to write the entry with, before the connection is written.</summary>
    public long Precede(Connection connection, DateTimeOffset now)
    {
        var again = now + LookAgain;
        var at = EngineClock.ToWake(connection.WakeAt is { } wake && wake < again ? wake : again);
        return (_at = _at < at ? _at : at).Value;
    }

    /// <summary>What is to become of the entries once the connection is written.</summary>
    /// <param name="wake">When to look at the connection again; null for never.</param>
    /// <param name="found">The entry that the sweep came with.</param>
    public IReadOnlyList<(string Entry, long? At)> Follow(DateTimeOffset? wake, string? found)
    {
        if (found == entry)
            _at ??= 0; // It is there, whatever we knew.

        long? at = wake is { } time ? EngineClock.ToWake(time) : null;
        var moves = _at is { } known && (at is null || at > known);
        if (moves)
            _at = at;
        return (moves, IsForeign(found)) switch
        {
            (true, true) => [(entry, at), (found!, null)],
            (true, false) => [(entry, at)],
            (false, true) => [(found!, null)],
            _ => [],
        };
    }
}
