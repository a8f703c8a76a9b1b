using System.Text.Json;
using Kapso.Connections.Storage;
using Kapso.Engines.Sqlite.Reading;
using Kapso.Engines.Sqlite.Store;
using Kapso.Engines.Sqlite.Writing;
using Kapso.Engines.Transfer;

namespace Kapso.Engines.Sqlite.Transfer;

/// <summary>
/// Reads all that moves to another engine out of a store that no service runs on. Counts of events that are not ours and
/// deliveries that are settled stay behind.
/// </summary>
public sealed class StoreExport : IDisposable
{
    private const int PageSize = 500;

    private readonly StoreLock _lock;
    private readonly Database _database;

    private StoreExport(StoreLock storeLock, Database database) => (_lock, _database) = (storeLock, database);

    /// <summary>How many customers there are.</summary>
    public long Customers => _database.Prepare("SELECT count(*) FROM connections").Scalar() ?? 0;

    /// <summary>Opens a store, and keeps services from starting on it: one that went on sending while its connections move would send what the other one sends as well.</summary>
    /// <param name="path">The SQLite file.</param>
    /// <exception cref="InvalidOperationException">A service runs on it, or it is of another version.</exception>
    public static StoreExport Open(string path)
    {
        var held = StoreLock.Take(path);
        try
        {
            var database = Database.OpenReader(path);
            Schema.RequireCurrent(database);
            return new StoreExport(held, database);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Everything, in the order in which it has to be taken in.</summary>
    /// <param name="withAudit">Whether the audit is part of it. A file without it can be read by earlier versions.</param>
    /// <exception cref="InvalidOperationException">No service has ever started on the store, or an erasure has not come to its end.</exception>
    public IEnumerable<TransferItem> Read(bool withAudit = true)
    {
        var database = _database;
        var firstStart = database.Prepare("SELECT value FROM meta WHERE name = 'first_start'").Scalar()
            ?? throw new InvalidOperationException("No service has ever started on this store.");
        withAudit = withAudit && database.Prepare("SELECT 1 FROM audit LIMIT 1").Scalar() is not null;
        List<TransferItem> first = [.. ReadErasures(database), .. ReadReceivers(database)];
        yield return new TransferStart(
            withAudit || first.Count > 0 ? TransferFile.Version : TransferFile.FirstVersion, Times.FromStore(firstStart));
        foreach (var item in first)
            yield return item;

        var end = new TransferEnd(0, 0, 0);
        foreach (var customer in ReadCustomers(database))
        {
            end = end with { Customers = end.Customers + 1 };
            yield return customer;
        }

        foreach (var parked in Projects(database).SelectMany(project => Parked(database, project.Id)))
        {
            end = end with { Parked = end.Parked + 1 };
            yield return new TransferredParked(parked);
        }

        foreach (var hint in Projects(database).SelectMany(project => Hints(database, project.Id, project.Name)))
        {
            end = end with { Hints = end.Hints + 1 };
            yield return hint;
        }

        foreach (var line in withAudit ? Audit(database) : [])
        {
            end = end with { Audit = (end.Audit ?? 0) + 1 };
            yield return new TransferredAudit(line);
        }

        yield return end;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _database.Dispose();
        _lock.Dispose();
    }

    /// <summary>What is remembered of erased customers comes first: it decides what becomes of the rest.</summary>
    private static List<TransferItem> ReadErasures(Database database)
    {
        if (database.Prepare("SELECT 1 FROM erasing WHERE names IS NOT NULL LIMIT 1").Scalar() is not null)
        {
            throw new InvalidOperationException(
                "The erasure of a customer has not come to its end in this store. Start the service on it once, which goes on with it, and stop it again.");
        }

        var erasures = ErasureRows.ReadAll(database).Select(static erasure => new TransferredErasure(erasure)).ToList();
        return erasures.Count == 0 ? [] : [new TransferredErasureKey(ErasureRows.Key(database).ToBytes()), .. erasures];
    }

    /// <summary>The receivers come before the customers: what waits for one that is not known would be held.</summary>
    private static List<TransferredReceivers> ReadReceivers(Database database)
    {
        var names = Projects(database).ToDictionary(static project => project.Id, static project => project.Name);
        return [.. ReceiverRows.ReadAll(database).Select(kept => new TransferredReceivers(names[kept.Project], kept.Book))];
    }

    private static IEnumerable<TransferredCustomer> ReadCustomers(Database database)
    {
        var last = 0L;
        while (true)
        {
            var page = new List<(long Id, long Project, Connection Connection)>(PageSize);
            var select = database.Prepare("SELECT id, project, record FROM connections WHERE id > ? ORDER BY id LIMIT ?")
                .Bind(last).Bind(PageSize);
            while (select.Step())
                page.Add((select.Int64(0), select.Int64(1), ConnectionJson.Read(select.Blob(2))));
            if (page.Count == 0)
                yield break;

            foreach (var (id, project, connection) in page)
            {
                var owned = connection.Numbers.Select(number => number.PhoneNumberId).Where(number => IsOwner(database, project, number, id));
                yield return new TransferredCustomer(connection, [.. owned]);
            }

            last = page[^1].Id;
        }
    }

    private static bool IsOwner(Database database, long project, string phoneNumberId, long connection) => database
        .Prepare("SELECT 1 FROM numbers WHERE project = ? AND phone_number_id = ? AND connection = ? AND owner = 1")
        .Bind(project).Bind(phoneNumberId).Bind(connection).Scalar() is not null;

    private static List<(long Id, string Name)> Projects(Database database)
    {
        var projects = new List<(long, string)>();
        var select = database.Prepare("SELECT id, name FROM projects ORDER BY id");
        while (select.Step())
            projects.Add((select.Int64(0), select.Text(1)));
        return projects;
    }

    private static IEnumerable<ParkedDelivery> Parked(Database database, long project)
    {
        string? cursor = null;
        do
        {
            var page = ParkedRows.List(database, project, cursor, PageSize);
            foreach (var head in page.Items)
                yield return ParkedRows.Find(database, project, head.Id)!;
            cursor = page.NextCursor;
        }
        while (cursor is not null);
    }

    private static IEnumerable<AuditLine> Audit(Database database)
    {
        foreach (var (id, name) in Projects(database).Select(project => (project.Id, (string?)project.Name)).Prepend((AuditRows.NoProject, null)))
        {
            var last = AuditLine.FirstId(DateTimeOffset.UnixEpoch);
            while (AuditRows.After(database, id, name, last, PageSize) is { Count: > 0 } lines)
            {
                foreach (var line in lines)
                    yield return line;
                last = lines[^1].Id;
            }
        }
    }

    private static List<TransferredHint> Hints(Database database, long project, string name)
    {
        var hints = new List<TransferredHint>();
        var select = database.Prepare("SELECT observation FROM hints WHERE project = ? ORDER BY seq").Bind(project);
        while (select.Step())
            hints.Add(new TransferredHint(name, JsonSerializer.Deserialize(select.Blob(0), EngineJson.Default.Observation)!));
        return hints;
    }
}
