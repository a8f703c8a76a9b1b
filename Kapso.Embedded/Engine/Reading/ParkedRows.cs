using System.Text.Json;
using Kapso.Connections.Engine;
using Kapso.Embedded.Engine.Store;
using Kapso.Platform.Engines;

namespace Kapso.Embedded.Engine.Reading;

/// <summary>Parked deliveries as rows: what changes in columns, the body as it came, the rest as JSON.</summary>
internal static class ParkedRows
{
    private const string Columns = "SELECT envelope, body, status, resolved_at, id FROM parked";

    public static byte[] WriteEnvelope(ParkedDelivery delivery) => JsonSerializer.SerializeToUtf8Bytes(
        delivery with { Body = default, Status = ParkedStatus.Waiting, ResolvedAt = null }, EngineJson.Default.ParkedDelivery);

    public static ParkedDelivery? Find(Database database, long project, string id)
    {
        var select = database.Prepare($"{Columns} WHERE project = ? AND id = ?").Bind(project).Bind(id);
        var delivery = select.Step() ? Read(select) : null;
        select.Reset();
        return delivery;
    }

    /// <summary>Those that wait, in the order of their ids, which is that of their receipt.</summary>
    public static Page<ParkedDelivery> List(Database database, long project, string? cursor, int limit)
    {
        var rows = new List<ParkedDelivery>();
        var select = database.Prepare($"{Columns} WHERE project = ? AND status = 0 AND id > ? ORDER BY id LIMIT ?")
            .Bind(project).Bind(Cursor.Read(cursor) ?? "").Bind(limit + 1L);
        while (select.Step())
            rows.Add(Read(select));
        return Pages.Cut(rows, limit, static delivery => delivery.Id);
    }

    private static ParkedDelivery Read(Statement row) =>
        JsonSerializer.Deserialize(row.Blob(0), EngineJson.Default.ParkedDelivery)! with
        {
            Body = row.Blob(1).ToArray(),
            Status = (ParkedStatus)row.Int64(2),
            ResolvedAt = row.IsNull(3) ? null : Times.FromStore(row.Int64(3)),
        };
}
