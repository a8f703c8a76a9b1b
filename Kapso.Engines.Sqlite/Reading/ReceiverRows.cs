using System.Text.Json;
using Kapso.Engines.Sqlite.Store;

namespace Kapso.Engines.Sqlite.Reading;

/// <summary>The receivers of a project, and how they do.</summary>
internal static class ReceiverRows
{
    public static byte[] Write(ReceiverBook book) => JsonSerializer.SerializeToUtf8Bytes(book, EngineJson.Default.ReceiverBook);

    public static ReceiverBook Read(Database database, long project) =>
        VersionedRows.Read(database, "receivers", project, EngineJson.Default.ReceiverBook);

    /// <summary>Those of all projects that have some.</summary>
    public static List<(long Project, ReceiverBook Book)> ReadAll(Database database)
    {
        var books = new List<(long, ReceiverBook)>();
        var select = database.Prepare("SELECT project, record FROM receivers");
        while (select.Step())
            books.Add((select.Int64(0), Parse(select.Blob(1))));
        return books;
    }

    public static IReadOnlyList<ReceiverTraffic> ReadTraffic(Database database, long project, DateTimeOffset now)
    {
        var failing = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        var since = database.Prepare("SELECT receiver, since FROM failing_receivers WHERE project = ?").Bind(project);
        while (since.Step())
            failing.Add(since.Text(0), Times.FromStore(since.Int64(1)));

        var kept = new List<(long Day, string Name, long Count)>();
        var counts = database.Prepare("SELECT day, name, count FROM counts WHERE project = ? AND day >= ?")
            .Bind(project).Bind(DailyCounts.FirstDay(now));
        while (counts.Step())
            kept.Add((counts.Int64(0), counts.Text(1), counts.Int64(2)));
        return DailyCounts.ReadTraffic(kept, failing);
    }

    private static ReceiverBook Parse(ReadOnlySpan<byte> record) => JsonSerializer.Deserialize(record, EngineJson.Default.ReceiverBook)!;
}
