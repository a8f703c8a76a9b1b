using System.Text.Json;
using Kapso.Connections.Reconciling;
using Kapso.Embedded.Engine.Store;
using Kapso.Platform.Engines;

namespace Kapso.Embedded.Engine.Reading;

/// <summary>Where each project's reconciliation stands.</summary>
internal static class ReconciliationRows
{
    public static byte[] Write(Reconciliation reconciliation) =>
        JsonSerializer.SerializeToUtf8Bytes(reconciliation, EngineJson.Default.Reconciliation);

    public static Reconciliation Read(Database database, long project)
    {
        var select = database.Prepare("SELECT record FROM reconciliations WHERE project = ?").Bind(project);
        var reconciliation = select.Step()
            ? JsonSerializer.Deserialize(select.Blob(0), EngineJson.Default.Reconciliation)!
            : new Reconciliation();
        select.Reset();
        return reconciliation;
    }
}
