using System.Text.Json;
using Kapso.Connections.Reconciling;
using Kapso.Engines.Sqlite.Reading;

namespace Kapso.Engines.Sqlite.Writing;

/// <summary>What is counted and kept beside connections.</summary>
internal sealed partial class Batch
{
    public void CountEvent(string projectId, SeenEvent seen)
    {
        var project = Project(projectId);
        HearWebhook(project, seen.ReceivedAt);
        var body = seen.Body.Span[..Math.Min(seen.Body.Length, SeenEvent.MaxBody)];
        database.Prepare(
            """
            INSERT INTO events (project, name, count, last_at, body) VALUES (?, ?, 1, ?, ?)
            ON CONFLICT DO UPDATE SET count = count + 1, last_at = max(last_at, excluded.last_at), body = excluded.body
            """)
            .Bind(project).Bind(EventName(project, seen.Name)).Bind(seen.ReceivedAt.ToUnixTimeMilliseconds()).Bind(body).Run();
    }

    public void KeepFailedSetup(string projectId, FailedSetup failed)
    {
        var project = Project(projectId);
        CountToday(project, DailyCounts.OfFailure(failed.ErrorCode));
        database.Prepare("INSERT INTO failed_setups (project, at, code, link) VALUES (?, ?, ?, ?)")
            .Bind(project).Bind(failed.At.ToUnixTimeMilliseconds()).Bind(failed.ErrorCode).Bind(failed.SetupLinkId).Run();
        database.Prepare(
            "DELETE FROM failed_setups WHERE seq IN (SELECT seq FROM failed_setups WHERE project = ? ORDER BY seq DESC LIMIT -1 OFFSET ?)")
            .Bind(project).Bind(FailedSetup.MaxKept).Run();
    }

    /// <summary>Adds what a process turned away, of a project or of none.</summary>
    public void AddTurnedAway(string? projectId, IReadOnlyList<TurnedAwayTally> tallies)
    {
        var project = projectId is null ? ActivityRows.NoProject : Project(projectId);
        AddTurnedAway(project, tallies, LastWebhook(project));
    }

    private void AddTurnedAway(long project, IReadOnlyList<TurnedAwayTally> tallies, DateTimeOffset? lastWebhook)
    {
        var record = ActivityRows.ReadTurnedAway(database, project).With(tallies, lastWebhook, Now);
        database.Prepare("INSERT OR REPLACE INTO events (project, name, count, last_at, body) VALUES (?, ?, 0, ?, ?)")
            .Bind(project).Bind(ActivityRows.TurnedAway).Bind(Now.ToUnixTimeMilliseconds()).Bind(record.Write()).Run();
    }

    /// <summary>Forgets what was turned away before the days that are shown.</summary>
    public void PruneTurnedAway() =>
        database.Prepare("DELETE FROM events WHERE name = ? AND last_at < ?")
            .Bind(ActivityRows.TurnedAway).Bind((Now - TimeSpan.FromDays(ProjectCounts.Days)).ToUnixTimeMilliseconds()).Run();

    /// <summary>Writes where the reconciliation stands, over the version before; false where that is not the one that is kept.</summary>
    public bool SaveReconciliation(string projectId, Reconciliation reconciliation) =>
        SaveVersioned("reconciliations", projectId, reconciliation.Version, ReconciliationRows.Write(reconciliation)).IsSaved;

    /// <summary>Writes the webhook that is kept at the platform, over the version before; false where that is not the one that is kept.</summary>
    public bool SaveWebhook(string projectId, KeptWebhook webhook) =>
        SaveVersioned("webhooks", projectId, webhook.Version, JsonSerializer.SerializeToUtf8Bytes(webhook, EngineJson.Default.KeptWebhook)).IsSaved;

    /// <summary>Writes a project's record over the version before; the very same again is no conflict.</summary>
    /// <returns>Whether it is kept, and whether it was not before.</returns>
    private (bool IsSaved, bool IsNew) SaveVersioned(string table, string projectId, long version, byte[] record)
    {
        var project = Project(projectId);
        var select = database.Prepare($"SELECT version, record FROM {table} WHERE project = ?").Bind(project);
        var (known, same) = select.Step() ? (select.Int64(0), select.Blob(1).SequenceEqual(record)) : (0L, false);
        select.Reset();
        if (same || known != version - 1)
            return (same, false);

        database.Prepare($"INSERT OR REPLACE INTO {table} (project, version, record) VALUES (?, ?, ?)")
            .Bind(project).Bind(version).Bind(record).Run();
        return (true, true);
    }

    /// <summary>A tiny write, to see whether anything can be written.</summary>
    public void Probe() =>
        database.Prepare("INSERT INTO meta (name, value) VALUES ('probed_at', ?1) ON CONFLICT DO UPDATE SET value = ?1")
            .Bind(Now.ToUnixTimeMilliseconds()).Run();

    private string EventName(long project, string name)
    {
        if (database.Prepare("SELECT 1 FROM events WHERE project = ? AND name = ?").Bind(project).Bind(name).Scalar() is not null)
            return name;

        // Test deliveries are asked for by name, so their row does not compete for room; nor does that of the others.
        var names = database.Prepare("SELECT count(*) FROM events WHERE project = ? AND name NOT IN (?, ?, ?)")
            .Bind(project).Bind(SeenEvent.TestDelivery).Bind(SeenEvent.Other).Bind(ActivityRows.TurnedAway).Scalar();
        return names < SeenEvent.MaxNames || name == SeenEvent.TestDelivery ? name : SeenEvent.Other;
    }
}
