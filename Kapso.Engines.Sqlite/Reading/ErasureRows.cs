using System.Text.Json;
using Kapso.Engines.Erasing;
using Kapso.Engines.Sqlite.Store;

namespace Kapso.Engines.Sqlite.Reading;

/// <summary>What was erased of customers, and whose erasure has not come to its end.</summary>
internal static class ErasureRows
{
    /// <summary>The store's key.</summary>
    public static ErasureKey Key(Database database)
    {
        var select = database.Prepare("SELECT value FROM secrets WHERE name = 'erasures'");
        select.Step();
        var key = new ErasureKey(select.Blob(0));
        select.Reset();
        return key;
    }

    /// <summary>Whether anybody was ever erased.</summary>
    public static bool Any(Database database) => database.Prepare("SELECT 1 FROM erasures LIMIT 1").Scalar() is not null;

    /// <param name="database">The store.</param>
    /// <param name="hash">Stands for the customer.</param>
    public static Erasure? Find(Database database, string hash)
    {
        var select = database.Prepare("SELECT record FROM erasures WHERE customer = ?").Bind(hash);
        var erasure = select.Step() ? Parse(select.Blob(0)) : null;
        select.Reset();
        return erasure;
    }

    public static void Put(Database database, Erasure erasure) =>
        database.Prepare("INSERT OR REPLACE INTO erasures (customer, record) VALUES (?, ?)")
            .Bind(erasure.Hash).Bind(JsonSerializer.SerializeToUtf8Bytes(erasure, EngineJson.Default.Erasure)).Run();

    public static IEnumerable<Erasure> ReadAll(Database database)
    {
        var select = database.Prepare("SELECT record FROM erasures ORDER BY customer");
        while (select.Step())
            yield return Parse(select.Blob(0));
    }

    public static ErasedNames? FindNames(Database database, long project, string customer)
    {
        var select = database.Prepare("SELECT names FROM erasing WHERE project = ? AND customer = ? AND names IS NOT NULL").Bind(project).Bind(customer);
        var names = select.Step() ? JsonSerializer.Deserialize(select.Text(0), EngineJson.Default.ErasedNames) : null;
        select.Reset();
        return names;
    }

    /// <param name="database">An open transaction.</param>
    /// <param name="project">The project's row.</param>
    /// <param name="customer">The customer; the hash that stands for them where only the bytes are left.</param>
    /// <param name="names">What the customer is found by; null where only the bytes are left.</param>
    public static void PutUnfinished(Database database, long project, string customer, ErasedNames? names) =>
        database.Prepare("INSERT OR REPLACE INTO erasing (project, customer, names) VALUES (?, ?, ?)")
            .Bind(project).Bind(customer).Bind(names is null ? null : JsonSerializer.Serialize(names, EngineJson.Default.ErasedNames)).Run();

    public static void RemoveUnfinished(Database database, long project, string customer) =>
        database.Prepare("DELETE FROM erasing WHERE project = ? AND customer = ?").Bind(project).Bind(customer).Run();

    public static UnfinishedErasures Unfinished(Database database, long project)
    {
        var (customers, hashes) = (new List<string>(), new List<string>());
        var select = database.Prepare("SELECT customer, names IS NULL FROM erasing WHERE project = ? ORDER BY customer").Bind(project);
        while (select.Step())
            (select.Int64(1) == 1 ? hashes : customers).Add(select.Text(0));
        return new UnfinishedErasures(customers, hashes);
    }

    private static Erasure Parse(ReadOnlySpan<byte> record) => JsonSerializer.Deserialize(record, EngineJson.Default.Erasure)!;
}
