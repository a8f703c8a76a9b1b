using Kapso.Engines.Sqlite.Store;

namespace Kapso.Engines.Sqlite.Reading;

/// <summary>What was counted and kept for a project beside its connections.</summary>
internal static class ActivityRows
{
    /// <summary>
    /// The name under which the table of events has what was turned away, as one record: no event can have it, since names hold
    /// no control characters.
    /// </summary>
    public const string TurnedAway = "\u0001turned-away";

    /// <summary>The project of what was turned away and is of none. Rows of projects count from 1.</summary>
    public const long NoProject = 0;

    private const int FailedSetupsShown = 100;

    public static ProjectActivity Read(Database database, long project, DateTimeOffset now)
    {
        var events = new List<EventCount>();
        DateTimeOffset? lastTest = null;
        var select = database.Prepare("SELECT name, count, last_at FROM events WHERE project = ? AND name <> ? ORDER BY name")
            .Bind(project).Bind(TurnedAway);
        while (select.Step())
        {
            var row = new EventCount(select.Text(0), select.Int64(1), Times.FromStore(select.Int64(2)));
            if (row.Name == SeenEvent.TestDelivery)
                lastTest = row.LastAt;
            else
                events.Add(row);
        }

        var failed = new List<FailedSetup>();
        select = database.Prepare("SELECT at, code, link FROM failed_setups WHERE project = ? ORDER BY seq DESC LIMIT ?")
            .Bind(project).Bind(FailedSetupsShown);
        while (select.Step())
            failed.Add(new FailedSetup(Times.FromStore(select.Int64(0)), select.Text(1), select.IsNull(2) ? null : select.Text(2)));

        var hints = database.Prepare("SELECT count(*) FROM hints WHERE project = ? AND received_at >= ?")
            .Bind(project).Bind((now - UnclaimedHints.Life).ToUnixTimeMilliseconds()).Scalar();
        return new ProjectActivity(events, lastTest, failed, (int)(hints ?? 0));
    }

    /// <summary>What was turned away of a project, or of none.</summary>
    public static TurnedAwayRecord ReadTurnedAway(Database database, long project)
    {
        var select = database.Prepare("SELECT body FROM events WHERE project = ? AND name = ?").Bind(project).Bind(TurnedAway);
        var record = select.Step() ? TurnedAwayRecord.Read(select.Blob(0)) : new TurnedAwayRecord();
        select.Reset();
        return record;
    }
}
