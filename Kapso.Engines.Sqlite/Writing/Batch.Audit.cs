using Kapso.Engines.Sqlite.Reading;

namespace Kapso.Engines.Sqlite.Writing;

/// <summary>The audit.</summary>
internal sealed partial class Batch
{
    /// <summary>Most lines that are redacted or pruned in one transaction.</summary>
    private const int MaxAuditLines = 1_000;

    public void AppendAudit(AuditLine line) => AuditRows.Add(database, AuditProject(line.ProjectId), line);

    /// <summary>Completes an open line; false where it is not open, or not kept.</summary>
    public bool CompleteAudit(string? projectId, string id, AuditEnd end)
    {
        var project = AuditProject(projectId);
        if (AuditRows.Find(database, project, projectId, id) is not { IsOpen: true } line)
            return false;
        AuditRows.Replace(database, project, line.With(end));
        return true;
    }

    /// <summary>Redacts some lines of a customer; false once none is left.</summary>
    public bool RedactAudit(CustomerKey key, string hash)
    {
        var project = Project(key.ProjectId);
        var lines = AuditRows.OfCustomer(database, project, key, MaxAuditLines);
        foreach (var line in lines)
            AuditRows.Replace(database, project, line.Redacted(hash));
        return lines.Count == MaxAuditLines;
    }

    /// <summary>Prunes some lines that are too old; false once none is left.</summary>
    public bool PruneAudit()
    {
        database.Prepare(
            """
            DELETE FROM audit WHERE (project, id) IN (
                SELECT a.project, a.id FROM (SELECT 0 AS id UNION ALL SELECT id FROM projects) p
                CROSS JOIN audit a ON a.project = p.id AND a.id < ? LIMIT ?)
            """)
            .Bind(AuditRows.Key(AuditLine.FirstId(Now - state.Options.AuditKeep))).Bind(MaxAuditLines).Run();
        return database.Prepare("SELECT changes()").Scalar() == MaxAuditLines;
    }

    private long AuditProject(string? projectId) => projectId is null ? AuditRows.NoProject : Project(projectId);
}
