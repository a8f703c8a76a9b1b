using System.Text.Json;
using Kapso.Connections.Reconciling;
using Kapso.Engines.Sqlite.Store;

namespace Kapso.Engines.Sqlite.Reading;

/// <summary>Where each project's reconciliation stands.</summary>
internal static class ReconciliationRows
{
    public static byte[] Write(Reconciliation reconciliation) =>
        JsonSerializer.SerializeToUtf8Bytes(reconciliation, EngineJson.Default.Reconciliation);

    public static Reconciliation Read(Database database, long project) =>
        VersionedRows.Read(database, "reconciliations", project, EngineJson.Default.Reconciliation);

    /// <summary>Leaves every pass that was held to whoever comes next. For the start, when nobody who held one can be alive.</summary>
    public static void Orphan(Database database)
    {
        var orphans = new List<(long Project, Reconciliation Left)>();
        var select = database.Prepare("SELECT project, record FROM reconciliations");
        while (select.Step())
        {
            if (Passes.Orphan(JsonSerializer.Deserialize(select.Blob(1), EngineJson.Default.Reconciliation)!) is { } left)
                orphans.Add((select.Int64(0), left));
        }

        foreach (var (project, left) in orphans)
        {
            database.Prepare("UPDATE reconciliations SET version = ?, record = ? WHERE project = ?")
                .Bind(left.Version).Bind(Write(left)).Bind(project).Run();
        }
    }
}
