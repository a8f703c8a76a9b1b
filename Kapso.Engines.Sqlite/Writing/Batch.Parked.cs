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
        PruneMessages();
        PruneIntents();
        state.LoadHintedNumbers(database);
    }

    /// <summary>Parked deliveries that waited and are gone once the batch is flushed, by project.</summary>
    public List<(string ProjectId, long Expired, long Dropped)> PrunedParked { get; } = [];

    private void FlushParked()
    {
        if (_parkedProjects.Count == 0)
            return;
        foreach (var project in _parkedProjects)
        {
            var (expired, dropped) = PruneParked(project);
            if (expired == 0 && dropped == 0)
                continue;
            PrunedParked.Add((ProjectIdOf(project), expired, dropped));
            AddTurnedAway(project, ParkedRetentions.TallyGone(expired, dropped, Now), LastWebhook(project));
        }

        ParkedWaiting = database.Prepare("SELECT count(*) FROM parked WHERE status = 0").Scalar();
    }

    /// <summary>Prunes by age and number; answers with how many of those that waited went, by age and for lack of room.</summary>
    private (long Expired, long Dropped) PruneParked(long project)
    {
        // No row of this worth is ever pruned.
        const long Owed = (long)ParkedRetention.Owed;
        var expired = CountWaiting(database.Prepare("DELETE FROM parked WHERE project = ? AND worth < ? AND received_at < ? RETURNING status")
            .Bind(project).Bind(Owed).Bind((Now - state.Options.ParkedMaxAge).ToUnixTimeMilliseconds()));

        var excess = database.Prepare("SELECT count(*) FROM parked WHERE project = ?").Bind(project).Scalar()!.Value
            - state.Options.ParkedMaxCount;
        return (expired, excess <= 0 ? 0 : CountWaiting(database.Prepare(
            """
            DELETE FROM parked WHERE seq IN (
                SELECT seq FROM parked WHERE project = ? AND worth < ? ORDER BY worth, received_at LIMIT ?) RETURNING status
            """).Bind(project).Bind(Owed).Bind(excess)));
    }

    private static long CountWaiting(Store.Statement statuses)
    {
        var count = 0L;
        while (statuses.Step())
            count += statuses.Int64(0) == (long)ParkedStatus.Waiting ? 1 : 0;
        return count;
    }
}
