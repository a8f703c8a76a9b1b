namespace Kapso.Connections.Deciding;

/// <content>What a customer is called: the platform's newer word takes the place of an older one, and silence that of none.</content>
public static partial class Decisions
{
    private static Decision ObserveNames(Connection connection, Observation observation)
    {
        var named = WithNames(connection, observation);
        var isSame = (named.OwnId?.Value, named.Name?.Value) == (connection.OwnId?.Value, connection.Name?.Value);
        var outcome = isSame ? Outcome.Duplicate : Outcome.Applied;
        var line = Line(observation, new Verdict(null, outcome));
        return new Decision(named with { Timeline = Timelines.Add(named.Timeline, line) }, outcome);
    }

    private static Connection WithNames(Connection connection, Observation observation)
    {
        if (observation is not { Customer: { } told, Source: Source.Webhook or Source.Api })
            return connection;
        var (ownId, name) = (Newer(connection.OwnId, told.OwnId, observation), Newer(connection.Name, told.Name, observation));
        return ReferenceEquals(ownId, connection.OwnId) && ReferenceEquals(name, connection.Name)
            ? connection
            : connection with { OwnId = ownId, Name = name };
    }

    /// <summary>
    /// News that comes live and without a time of its own is the newest there is. What waited, or says when it occurred, may be
    /// older than what is known; of two values of one time the same one stays, whichever comes first.
    /// </summary>
    private static ToldText? Newer(ToldText? known, string? value, Observation observation)
    {
        if (value is null)
            return known;
        var told = new ToldText(value, observation.OccurredAt ?? observation.ReceivedAt);
        if (known is null || (!observation.Replayed && observation.OccurredAt is null))
            return told == known ? known : told;
        return told.At > known.At || (told.At == known.At && string.CompareOrdinal(value, known.Value) > 0) ? told : known;
    }
}
