using Kapso.Engines.Sqlite.Reading;

namespace Kapso.Engines.Sqlite.Writing;

/// <summary>Parked deliveries, and how many of them are kept.</summary>
internal sealed partial class Batch
{
    private readonly HashSet<long> _parkedProjects = [];

    /// <summary>How many parked deliveries wait once the batch is flushed; null where the batch did not touch any.</summary>
    public long? ParkedWaiting { get; private set; }

    public void Park(ParkedDelivery delivery)
    {
        var project = Project(delivery.ProjectId);
        _parkedProjects.Add(project);
        database.Prepare(
            """
            INSERT INTO parked (project, id, worth, status, received_at, resolved_at, envelope, body)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (project, id) DO NOTHING
            """)
            .Bind(project).Bind(delivery.Id).Bind((long)delivery.Retention()).Bind((long)delivery.Status)
            .Bind(delivery.ReceivedAt.ToUnixTimeMilliseconds()).Bind(delivery.ResolvedAt?.ToUnixTimeMilliseconds())
            .Bind(ParkedRows.WriteEnvelope(delivery)).Bind(delivery.Body.Span).Run();
        if (database.Prepare("SELECT changes()").Scalar() == 0)
            return;
        CountToday(project, DailyCounts.ParkedWebhook);
        HearWebhook(project, delivery.ReceivedAt);
    }

    public ParkedDelivery? ResolveParked(string projectId, string id, ParkedStatus status)
    {
        var project = Project(projectId);
        if (ParkedRows.Find(database, project, id) is not { } delivery)
            return null;
        if (delivery.Status != ParkedStatus.Waiting || status == ParkedStatus.Waiting)
            return delivery;

        _parkedProjects.Add(project);
        delivery = delivery with { Status = status, ResolvedAt = Now };
        database.Prepare("UPDATE parked SET status = ?, resolved_at = ?, worth = ? WHERE project = ? AND id = ?")
            .Bind((long)status).Bind(Now.ToUnixTimeMilliseconds()).Bind((long)delivery.Retention()).Bind(project).Bind(id).Run();
        return delivery;
    }

    /// <summary>Prunes every project's parked deliveries and hints by age; done now and then.</summary>
    public void Tidy()
    {
        var projects = database.Prepare("SELECT id FROM projects");
        var ids = new List<long>();
        while (projects.Step())
            ids.Add(projects.Int64(0));
        foreach (var project in ids)
        {
            PruneHints(project);
            _parkedProjects.Add(project);
        }

        PruneCounts();
        PruneTurnedAway();
        state.LoadHintedNumbers(database);
    }

    private void FlushParked()
    {
        if (_parkedProjects.Count == 0)
            return;
        foreach (var project in _parkedProjects)
            PruneParked(project);
        ParkedWaiting = database.Prepare("SELECT count(*) FROM parked WHERE status = 0").Scalar();
    }

    private void PruneParked(long project)
    {
        // No row of this worth is ever pruned.
        const long Owed = (long)ParkedRetention.Owed;
        database.Prepare("DELETE FROM parked WHERE project = ? AND worth < ? AND received_at < ?")
            .Bind(project).Bind(Owed).Bind((Now - state.Options.ParkedMaxAge).ToUnixTimeMilliseconds()).Run();

        var excess = database.Prepare("SELECT count(*) FROM parked WHERE project = ?").Bind(project).Scalar()!.Value
            - state.Options.ParkedMaxCount;
        if (excess > 0)
        {
            database.Prepare(
                """
                DELETE FROM parked WHERE seq IN (
                    SELECT seq FROM parked WHERE project = ? AND worth < ? ORDER BY worth, received_at LIMIT ?)
                """).Bind(project).Bind(Owed).Bind(excess).Run();
        }
    }
}
