using System.Globalization;
using Kapso.Engines.Sqlite.Store;

namespace Kapso.Engines.Sqlite.Reading;

/// <summary>What an overview of a project counts, from the counts that each commit keeps.</summary>
internal static class CountRows
{
    /// <summary>The day of what is not counted by the day.</summary>
    public const long Standing = 0;

    /// <summary>The name of the time of the last webhook.</summary>
    public const string LastWebhook = "w";

    private const char Status = 's';

    private static readonly string[] StatusNames =
        [.. Enum.GetValues<ConnectionStatus>().Select(status => string.Create(CultureInfo.InvariantCulture, $"{Status}{(int)status}"))];

    /// <summary>The name under which customers who stand somewhere are counted.</summary>
    public static string OfStatus(ConnectionStatus status) => StatusNames[(int)status];

    public static ProjectCounts Read(Database database, long project, DateTimeOffset now)
    {
        DateTimeOffset? lastWebhook = null;
        var statuses = new List<StatusCount>();
        var daily = new List<(long Day, string Name, long Count)>();
        var select = database.Prepare("SELECT day, name, count FROM counts WHERE project = ? AND (day = ? OR day >= ?)")
            .Bind(project).Bind(Standing).Bind(DailyCounts.FirstDay(now));
        while (select.Step())
        {
            var (day, name, count) = (select.Int64(0), select.Text(1), select.Int64(2));
            if (day != Standing)
                daily.Add((day, name, count));
            else if (name == LastWebhook)
                lastWebhook = Times.FromStore(count);
            else if (count > 0)
                statuses.Add(new StatusCount((ConnectionStatus)int.Parse(name.AsSpan(1), CultureInfo.InvariantCulture), count));
        }

        var counts = new ProjectCounts(
            [.. statuses.OrderBy(status => status.Status)],
            [],
            [],
            lastWebhook,
            Stuck(database, project, EffectStatus.Held),
            Stuck(database, project, EffectStatus.Dead),
            database.Prepare("SELECT count(*) FROM parked WHERE project = ? AND status = 0").Bind(project).Scalar() ?? 0,
            MarkedNumberRows.Count(database, project, NumberMark.Disputed, now),
            MarkedNumberRows.Count(database, project, NumberMark.Refused, now),
            MarkedNumberRows.Count(database, project, NumberMark.Attention, now))
        {
            TurnedAway =
            [
                .. ActivityRows.ReadTurnedAway(database, project).Show(lastWebhook, now),
                .. ActivityRows.ReadTurnedAway(database, ActivityRows.NoProject).Show(lastWebhook, now),
            ],
        };
        return DailyCounts.Read(counts, daily);
    }

    private static long Stuck(Database database, long project, EffectStatus status) =>
        database.Prepare("SELECT count(*) FROM stuck_effects WHERE project = ? AND status = ?")
            .Bind(project).Bind((long)status).Scalar() ?? 0;
}
