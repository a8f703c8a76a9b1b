using Kapso.Engines.Sqlite.Reading;
using Kapso.Engines.Sqlite.Store;

namespace Kapso.Engines.Sqlite.Writing;

/// <summary>
/// The writes of one transaction, decided in memory against what is committed and what the batch has decided so far. What
/// it holds becomes visible to others only after its commit; if that fails, it is dropped whole.
/// </summary>
internal sealed partial class Batch(WriterState state, Database database)
{
    private readonly Dictionary<CustomerKey, Entry> _entries = [];
    private readonly Dictionary<string, long> _newProjects = new(StringComparer.Ordinal);
    private long _nextId = state.NextId;

    /// <summary>The time at which the current item is decided, in whole milliseconds.</summary>
    public DateTimeOffset Now { get; set; }

    /// <summary>The open transaction.</summary>
    public Database Database => database;

    public ConnectionPolicy PolicyOf(CustomerKey key) => state.PolicyOf(key.ProjectId);

    /// <summary>The customer's connection as this batch has it.</summary>
    public Entry Load(CustomerKey key)
    {
        if (_entries.TryGetValue(key, out var entry))
            return entry;

        if (state.Cache.TryGet(key, out var cached))
            entry = new Entry(cached.Id, Project(key.ProjectId), key, cached.Connection);
        else
            entry = Read(key) ?? new Entry(_nextId++, Project(key.ProjectId), key, null, FindMark(key));
        _entries.Add(key, entry);
        return entry;
    }

    /// <summary>The project's row, made if need be.</summary>
    public long Project(string projectId)
    {
        if (state.FindProject(projectId) is { } known)
            return known;
        if (_newProjects.TryGetValue(projectId, out var added))
            return added;

        database.Prepare("INSERT INTO projects (name) VALUES (?)").Bind(projectId).Run();
        var id = database.Prepare("SELECT last_insert_rowid()").Scalar()!.Value;
        _newProjects.Add(projectId, id);
        return id;
    }

    private string ProjectIdOf(long project)
    {
        var names = database.Prepare("SELECT name FROM projects WHERE id = ?").Bind(project);
        names.Step();
        var name = names.Text(0);
        names.Reset();
        return name;
    }

    /// <summary>Makes the batch's connections what everybody sees. After the commit only.</summary>
    public void Publish(Action<Entry> changed)
    {
        foreach (var (name, id) in _newProjects)
            state.AddProject(name, id);
        state.NextId = _nextId;
        state.Customers.Put(_put);
        PublishErased(changed);
        PublishReceivers();
        foreach (var entry in _entries.Values)
        {
            if (!entry.IsKnown)
                continue;
            state.Cache.Put(entry.Key, new CachedConnection(entry.Id, entry.Current));
            if (!entry.IsDirty)
                continue;
            PublishCustomer(entry);
            changed(entry);
        }
    }

    private Entry? Read(CustomerKey key)
    {
        var project = Project(key.ProjectId);
        return ConnectionRows.Find(database, project, key, state.Customers) is var (id, connection)
            ? new Entry(id, project, key, connection)
            : null;
    }
}
