using Kapso.Web.Operators.Parts;

namespace Kapso.Web.Operators.Overview;

/// <summary>The arrivals of some days as stacked columns: what is drawn, without how.</summary>
internal sealed class ArrivalsChart
{
    public const int Height = 160;
    private const int ColumnWidth = 56;
    private const int Step = 96;
    private const int LeastHeight = 2;

    /// <summary>What became of arrivals, from the bottom of a column to its top.</summary>
    public static readonly IReadOnlyList<Outcome?> Outcomes =
        [Outcome.Applied, Outcome.Adopted, Outcome.Noted, Outcome.Duplicate, Outcome.Stale, null];

    /// <summary>Makes a chart of the days that end with today.</summary>
    public ArrivalsChart(IReadOnlyList<ArrivalCount> counts, DateOnly today)
    {
        var days = Enumerable.Range(0, ProjectCounts.Days).Select(ago => today.AddDays(ago - ProjectCounts.Days + 1)).ToList();
        var byDay = counts.ToLookup(count => count.Day);
        Most = days.Max(day => byDay[day].Sum(count => count.Count));
        Columns = [.. days.Select((day, index) => ColumnOf(day, index, byDay[day]))];
        Shown = [.. Outcomes.Where(outcome => counts.Any(count => count.Outcome == outcome))];
    }

    /// <summary>How wide the drawing is.</summary>
    public static int Width => Step * ProjectCounts.Days;

    /// <summary>The most that came on a day.</summary>
    public long Most { get; }

    /// <summary>A column for each day, the oldest first.</summary>
    public IReadOnlyList<Column> Columns { get; }

    /// <summary>The outcomes that there are, in the order of the drawing.</summary>
    public IReadOnlyList<Outcome?> Shown { get; }

    private Column ColumnOf(DateOnly day, int index, IEnumerable<ArrivalCount> counts)
    {
        var (left, bottom, parts) = ((index * Step) + ((Step - ColumnWidth) / 2), (double)Height, new List<Part>());
        var byOutcome = counts.ToLookup(count => count.Outcome);
        foreach (var outcome in Outcomes)
        {
            var count = byOutcome[outcome].Sum(arrived => arrived.Count);
            if (count == 0)
                continue;
            var height = Math.Min(bottom, Math.Max(LeastHeight, (double)Height * count / Most));
            bottom -= height;
            parts.Add(new Part(bottom, height, Words.Of(outcome).Text, count));
        }

        return new Column(day, left, ColumnWidth, parts);
    }

    /// <summary>One day.</summary>
    internal sealed record Column(DateOnly Day, int Left, int Width, IReadOnlyList<Part> Parts)
    {
        public long Count => Parts.Sum(part => part.Count);
    }

    /// <summary>What came on a day and ended so.</summary>
    internal sealed record Part(double Top, double Height, string Outcome, long Count);
}
