using System.Globalization;

namespace Kapso.Engines.Keeping;

/// <summary>
/// What is counted by the day, under names that a store can keep: <c>a</c>, the source's digit and the outcome's (<c>p</c> for
/// parked); <c>f</c> and the code of a failed setup; <c>m</c>, <c>+</c> or <c>-</c>, and the receiver of an attempt that went through or did not.
/// </summary>
public static class DailyCounts
{
    private const char Arrived = 'a';
    private const char Failed = 'f';
    private const char Parked = 'p';
    private const char Sent = 'm';
    private const char Through = '+';
    private const char NotThrough = '-';

    private static readonly string[] Arrivals =
    [
        .. Enum.GetValues<Source>().SelectMany(source => Enum.GetValues<Outcome>().Select(outcome => Name(source, outcome))),
    ];

    private static readonly int Outcomes = Enum.GetValues<Outcome>().Length;

    /// <summary>The name under which a parked webhook is counted.</summary>
    public static string ParkedWebhook { get; } = Name(Source.Webhook, null);

    /// <summary>The name under which an arrival is counted; null for what is none, or is counted elsewhere.</summary>
    public static string? OfArrival(Observation observation, Outcome outcome) =>
        observation.Source is Source.Webhook or Source.Redirect or Source.Api && !observation.Replayed && outcome != Outcome.Full
            ? Arrivals[((int)observation.Source * Outcomes) + (int)outcome]
            : null;

    /// <summary>The name under which a failed setup is counted.</summary>
    public static string OfFailure(string errorCode) => Failed + errorCode;

    /// <summary>The name under which an attempt to send to a receiver is counted.</summary>
    public static string OfAttempt(string receiverId, bool wentThrough) => $"{Sent}{(wentThrough ? Through : NotThrough)}{receiverId}";

    /// <summary>What the counts say of receivers.</summary>
    /// <param name="kept">What was kept.</param>
    /// <param name="failingSince">When each receiver began to fail, of those that do.</param>
    public static IReadOnlyList<ReceiverTraffic> ReadTraffic(
        IEnumerable<(long Day, string Name, long Count)> kept, IReadOnlyDictionary<string, DateTimeOffset> failingSince)
    {
        ArgumentNullException.ThrowIfNull(failingSince);
        var counted = kept.Where(static row => row.Name is [Sent, _, ..]).ToLookup(static row => row.Name[2..], StringComparer.Ordinal);
        return
        [
            .. counted.Select(static rows => rows.Key).Union(failingSince.Keys, StringComparer.Ordinal).Select(receiver => new ReceiverTraffic(
                receiver,
                failingSince.TryGetValue(receiver, out var since) ? since : null,
                [
                    .. counted[receiver].GroupBy(static row => row.Day).OrderBy(static day => day.Key).Select(static day => new DayOfMessages(
                        DateOnly.FromDayNumber((int)day.Key),
                        day.Where(static row => row.Name[1] == Through).Sum(static row => row.Count),
                        day.Where(static row => row.Name[1] == NotThrough).Sum(static row => row.Count))),
                ])),
        ];
    }

    /// <summary>The day of a time, as a number that stores can order by.</summary>
    public static long DayOf(DateTimeOffset time) => DateOnly.FromDateTime(time.UtcDateTime).DayNumber;

    /// <summary>The first of the days that are shown.</summary>
    public static long FirstDay(DateTimeOffset now) => DayOf(now) - ProjectCounts.Days + 1;

    /// <summary>Sorts what was kept into arrivals and failures. Names of a newer version are passed over.</summary>
    public static ProjectCounts Read(ProjectCounts counts, IEnumerable<(long Day, string Name, long Count)> kept)
    {
        var arrivals = new List<ArrivalCount>();
        var failures = new List<FailureCount>();
        foreach (var (number, name, count) in kept.OrderBy(row => row.Day).ThenBy(row => row.Name, StringComparer.Ordinal))
        {
            var day = DateOnly.FromDayNumber((int)number);
            if (name is [Failed, .. var code])
                failures.Add(new FailureCount(day, code, count));
            else if (name is [Arrived, var source, Parked])
                arrivals.Add(new ArrivalCount(day, (Source)(source - '0'), null, count));
            else if (name is [Arrived, var from, var outcome])
                arrivals.Add(new ArrivalCount(day, (Source)(from - '0'), (Outcome)(outcome - '0'), count));
        }

        return counts with { Arrivals = arrivals, Failures = failures };
    }

    private static string Name(Source source, Outcome? outcome) => string.Create(
        CultureInfo.InvariantCulture, $"{Arrived}{(int)source}{(outcome is { } known ? (char)('0' + (int)known) : Parked)}");
}
