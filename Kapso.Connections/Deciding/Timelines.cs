using System.Collections.Immutable;

namespace Kapso.Connections.Deciding;

/// <summary>Keeps a timeline readable and bounded.</summary>
internal static class Timelines
{
    /// <summary>Adds a line, or counts it where it repeats one that changed nothing.</summary>
    public static ImmutableArray<TimelineEntry> Add(ImmutableArray<TimelineEntry> timeline, TimelineEntry entry)
    {
        if (entry.Outcome is Outcome.Duplicate or Outcome.Stale or Outcome.Noted)
        {
            for (var i = timeline.Length - 1; i >= 0; i--)
            {
                if (Repeats(timeline[i], entry))
                    return timeline.SetItem(i, Counted(timeline[i], entry.At));
            }
        }

        timeline = timeline.Add(entry);
        return timeline.Length > Connection.MaxTimeline ? timeline.RemoveAt(FirstToGo(timeline)) : timeline;
    }

    private static bool Repeats(TimelineEntry known, TimelineEntry entry) =>
        known.Outcome == entry.Outcome && known.Source == entry.Source && known.Event == entry.Event
        && known.PhoneNumberId == entry.PhoneNumberId && known.Detail == entry.Detail;

    private static TimelineEntry Counted(TimelineEntry known, DateTimeOffset at) => known with
    {
        Repeats = known.Repeats == int.MaxValue ? int.MaxValue : known.Repeats + 1,
        RepeatedAt = at > known.LastAt ? at : known.RepeatedAt ?? known.At,
    };

    /// <summary>The oldest line that is neither the first nor the last proof of its number.</summary>
    private static int FirstToGo(ImmutableArray<TimelineEntry> timeline)
    {
        var first = new Dictionary<string, int>();
        var last = new Dictionary<string, int>();
        for (var i = 0; i < timeline.Length; i++)
        {
            if (timeline[i] is not { Proof: true, PhoneNumberId: { } number })
                continue;
            first.TryAdd(number, i);
            last[number] = i;
        }

        for (var i = 0; i < timeline.Length; i++)
        {
            if (timeline[i] is not { Proof: true, PhoneNumberId: { } number } || (first[number] != i && last[number] != i))
                return i;
        }

        return 0;
    }
}
