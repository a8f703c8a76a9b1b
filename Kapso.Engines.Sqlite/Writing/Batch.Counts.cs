using Kapso.Engines.Sqlite.Reading;

namespace Kapso.Engines.Sqlite.Writing;

/// <summary>
/// What the overview counts. Gathered in memory and written once for each batch: the more deliveries share a commit, the
/// less it costs each.
/// </summary>
internal sealed partial class Batch
{
    private readonly Dictionary<(long Project, long Day, string Name), long> _counts = [];
    private readonly Dictionary<long, DateTimeOffset> _lastWebhooks = [];

    /// <summary>Counts an arrival that was folded in, or held.</summary>
    public void CountArrival(string projectId, Observation observation, Outcome outcome)
    {
        if (DailyCounts.OfArrival(observation, outcome) is not { } name)
            return;
        var project = Project(projectId);
        CountToday(project, name);
        if (observation.Source == Source.Webhook)
            HearWebhook(project, observation.ReceivedAt);
    }

    /// <summary>Takes what a connection has become, and counts the setups that failed by it.</summary>
    private void Become(Entry entry, Connection connection)
    {
        foreach (var code in FailedSetups.Between(entry.Current, connection))
            CountToday(entry.Project, DailyCounts.OfFailure(code));
        entry.Current = connection;
    }

    /// <summary>Forgets the days that are not shown any more.</summary>
    public void PruneCounts() =>
        database.Prepare("DELETE FROM counts WHERE day > ? AND day < ?")
            .Bind(CountRows.Standing).Bind(DailyCounts.FirstDay(Now)).Run();

    private void CountToday(long project, string name) => Count(project, DailyCounts.DayOf(Now), name, 1);

    private void HearWebhook(long project, DateTimeOffset at)
    {
        if (!_lastWebhooks.TryGetValue(project, out var last) || at > last)
            _lastWebhooks[project] = at;
    }

    private void Count(long project, long day, string name, long change)
    {
        ref var count = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(
            _counts, (project, day, name), out _);
        count += change;
    }

    private void CountStatus(Entry entry)
    {
        var (before, after) = (entry.Committed?.Status, entry.Current.Status);
        if (before == after)
            return;
        Count(entry.Project, CountRows.Standing, CountRows.OfStatus(after), 1);
        if (before is { } left)
            Count(entry.Project, CountRows.Standing, CountRows.OfStatus(left), -1);
    }

    private void FlushMarks(Entry entry)
    {
        if (entry.Committed?.Numbers == entry.Current.Numbers)
            return;
        foreach (var change in NumberMarks.Changes(entry.Committed, entry.Current))
        {
            if (change.Has)
                MarkedNumberRows.Add(database, entry.Project, change.Mark, entry.Id, change.PhoneNumberId);
            else
                MarkedNumberRows.Remove(database, entry.Project, change.Mark, entry.Id, change.PhoneNumberId);
        }
    }

    private void FlushCounts()
    {
        foreach (var ((project, day, name), change) in _counts)
        {
            if (change != 0)
                database.Prepare(
                    """
                    INSERT INTO counts (project, day, name, count) VALUES (?, ?, ?, ?)
                    ON CONFLICT DO UPDATE SET count = count + excluded.count
                    """).Bind(project).Bind(day).Bind(name).Bind(change).Run();
        }

        foreach (var (project, at) in _lastWebhooks)
        {
            database.Prepare(
                """
                INSERT INTO counts (project, day, name, count) VALUES (?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET count = max(count, excluded.count)
                """).Bind(project).Bind(CountRows.Standing).Bind(CountRows.LastWebhook).Bind(at.ToUnixTimeMilliseconds()).Run();
        }
    }
}
