using System.Collections.Concurrent;
using Kapso.Engines.Sqlite.Reading;
using Kapso.Engines.Sqlite.Store;

namespace Kapso.Engines.Sqlite.Writing;

/// <summary>
/// What the writer keeps between batches. All of it can be read again from the file, and is, whenever the file had to be
/// opened again. Changed by the writer's thread only.
/// </summary>
internal sealed class WriterState(EmbeddedEngineOptions options, TimeProvider time) : IDisposable
{
    private readonly ConcurrentDictionary<string, ConnectionPolicy> _policies = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _projects = new(StringComparer.Ordinal);
    private readonly Dictionary<long, string> _projectNames = [];

    /// <summary>The writer's connection, or null where it has to be opened again.</summary>
    public Database? Database { get; private set; }

    public ConnectionCache Cache { get; } = new(options.CachedConnections);

    public CustomerIndex Customers { get; } = new(options.GatheredCustomers);

    /// <summary>Numbers that have unclaimed hints; may name some that have none any more, never misses one.</summary>
    public HashSet<(long Project, string PhoneNumberId)> HintedNumbers { get; } = [];

    /// <summary>Counts the processes that have owned the store, up to this one; 0 before it does.</summary>
    private long _epoch;

    /// <summary>The next row of a new connection.</summary>
    public long NextId { get; set; }

    /// <summary>Messages to receivers that were written since those beyond what is kept were last forgotten.</summary>
    public int MessagesSincePruning { get; set; }

    /// <summary>What is remembered of erased customers is hashed with this.</summary>
    public ErasureKey Erasures { get; private set; } = null!;

    /// <summary>Whether anybody was ever erased.</summary>
    public bool HasErasures { get; set; }

    /// <summary>When the service first started on this store.</summary>
    public DateTimeOffset FirstStart { get; private set; }

    public ConnectionPolicy PolicyOf(string projectId) =>
        options.Receivers.Complete(
            projectId, _policies.GetOrAdd(projectId, static (id, state) =>
                state.Options.Policy(id, state.FirstStart) with { Erasures = state.Erasures }, this));

    /// <summary>The project's row, or null where the store has nothing of it.</summary>
    public long? FindProject(string projectId) => _projects.TryGetValue(projectId, out var id) ? id : null;

    public string ProjectName(long id) => _projectNames[id];

    public void AddProject(string projectId, long id)
    {
        _projects[projectId] = id;
        _projectNames[id] = projectId;
    }

    public EmbeddedEngineOptions Options => options;

    /// <summary>The open connection, opened (again) if need be.</summary>
    public Database Open()
    {
        if (Database is { } open)
            return open;

        var database = Database.OpenWriter(options.Path);
        try
        {
            Schema.Migrate(database);
            if (_epoch == 0)
                _epoch = TakeOver(database);
            Load(database);
            options.WriterOpened?.Invoke(database.Connection);
        }
        catch
        {
            database.Dispose();
            throw;
        }

        return Database = database;
    }

    /// <summary>
    /// Checks, within a transaction, that no later process has taken the store over: one that found no lock, since its file was deleted
    /// under this process.
    /// </summary>
    /// <exception cref="StoreTakenException">One has.</exception>
    public void RequireOwned(Database database)
    {
        if (database.Prepare("SELECT value FROM meta WHERE name = 'owner'").Scalar() != _epoch)
        {
            throw new StoreTakenException(
                $"another process has taken the store '{options.Path}' over: its lock was deleted or replaced, and so did not keep the other one away.");
        }
    }

    /// <summary>Drops what was cached and closes the file, after a write that failed.</summary>
    public void Close()
    {
        Cache.Clear();
        Database?.Dispose();
        Database = null;
    }

    public void Dispose() => Close();

    /// <summary>Reads the numbers with hints again, which forgets those whose hints are gone.</summary>
    public void LoadHintedNumbers(Database database)
    {
        HintedNumbers.Clear();
        var hints = database.Prepare("SELECT DISTINCT project, phone_number_id FROM hints");
        while (hints.Step())
            HintedNumbers.Add((hints.Int64(0), hints.Text(1)));
    }

    private static long TakeOver(Database database) => database.Prepare(
        "INSERT INTO meta (name, value) VALUES ('owner', 1) ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value").Scalar()!.Value;

    private void Load(Database database)
    {
        database.Prepare("INSERT OR IGNORE INTO meta (name, value) VALUES ('first_start', ?)")
            .Bind(time.GetUtcNow().ToUnixTimeMilliseconds()).Run();
        FirstStart = Times.FromStore(database.Prepare("SELECT value FROM meta WHERE name = 'first_start'").Scalar()!.Value);
        Erasures = ErasureRows.Key(database);
        HasErasures = ErasureRows.Any(database);

        // Of an erased customer the row is gone, and may not become another one's that the table of customers is said to have.
        NextId = Math.Max(database.Prepare("SELECT max(id) FROM connections").Scalar() ?? 0, CustomerRows.IndexedUpTo(database)) + 1;

        _projects.Clear();
        _projectNames.Clear();
        var projects = database.Prepare("SELECT id, name FROM projects");
        while (projects.Step())
            AddProject(projects.Text(1), projects.Int64(0));
        foreach (var (project, book) in ReceiverRows.ReadAll(database))
            options.Receivers.Set(_projectNames[project], book);
        Customers.Load(database);
        LoadHintedNumbers(database);
    }
}
