using System.Text.Json;
using Kapso.Engines.Erasing;
using Kapso.Engines.Sqlite.Store;

namespace Kapso.Engines.Sqlite.Reading;

/// <summary>Parked deliveries as rows: what changes in columns, the body as it came, the rest as JSON.</summary>
internal static class ParkedRows
{
    public static byte[] WriteEnvelope(ParkedDelivery delivery) => JsonSerializer.SerializeToUtf8Bytes(
        delivery with { Body = default, Status = ParkedStatus.Waiting, ResolvedAt = null }, EngineJson.Default.ParkedDelivery);

    public static ParkedDelivery? Find(Database database, long project, string id)
    {
        var select = database.Prepare("SELECT envelope, body, status, resolved_at FROM parked WHERE project = ? AND id = ?")
            .Bind(project).Bind(id);
        var delivery = select.Step() ? Read(select) : null;
        select.Reset();
        return delivery;
    }

    /// <summary>Those that wait, in the order of their ids, which is that of their receipt. Of the bodies only the sizes are read.</summary>
    public static Page<ParkedHead> List(Database database, long project, string? cursor, int limit)
    {
        var rows = new List<ParkedHead>();
        var select = database.Prepare(
            "SELECT envelope, length(body) FROM parked WHERE project = ? AND status = 0 AND id > ? ORDER BY id LIMIT ?")
            .Bind(project).Bind(Cursor.Read(cursor) ?? "").Bind(limit + 1L);
        while (select.Step())
            rows.Add(ParkedHead.Of(ReadEnvelope(select), (int)select.Int64(1)));
        return Pages.Cut(rows, limit, static head => head.Id);
    }

    /// <summary>Those that name a customer, waiting or settled.</summary>
    public static List<string> FindNamed(Database database, long project, ErasedNames names)
    {
        var ids = new List<string>();
        var select = database.Prepare("SELECT envelope, body, status, resolved_at FROM parked WHERE project = ?").Bind(project);
        while (select.Step())
        {
            if (Read(select) is var delivery && !ReferenceEquals(names.Redact(delivery), delivery))
                ids.Add(delivery.Id);
        }

        return ids;
    }

    private static ParkedDelivery ReadEnvelope(Statement row) =>
        JsonSerializer.Deserialize(row.Blob(0), EngineJson.Default.ParkedDelivery)!;

    private static ParkedDelivery Read(Statement row) =>
        ReadEnvelope(row) with
        {
            Body = row.Blob(1).ToArray(),
            Status = (ParkedStatus)row.Int64(2),
            ResolvedAt = row.IsNull(3) ? null : Times.FromStore(row.Int64(3)),
        };
}
