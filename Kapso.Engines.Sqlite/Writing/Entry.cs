namespace Kapso.Engines.Sqlite.Writing;

/// <summary>A connection in a batch: as committed, and as it will be.</summary>
/// <param name="id">Its row.</param>
/// <param name="project">Its project's row.</param>
/// <param name="key">Whose it is.</param>
/// <param name="committed">What the store has; null for a customer never heard of, or erased.</param>
/// <param name="mark">What is remembered of a customer who was erased.</param>
internal sealed class Entry(long id, long project, CustomerKey key, Connection? committed, ErasureMark? mark = null)
{
    private readonly Connection _initial = committed ?? Connection.Empty(key) with { Erasure = mark };
    private Connection? _current;

    /// <summary>Its row; reserved already where the customer is new.</summary>
    public long Id => id;

    /// <summary>Its project's row.</summary>
    public long Project => project;

    public CustomerKey Key => key;

    /// <summary>What the store has; null for a customer never heard of.</summary>
    public Connection? Committed => committed;

    public Connection Current
    {
        get => _current ?? _initial;
        set => _current = value;
    }

    public bool IsDirty => !ReferenceEquals(Current, _initial);

    /// <summary>Whether this batch adds the customer.</summary>
    public bool IsAdded => committed is null && IsDirty;

    /// <summary>Whether this batch moves a customer whom the store has to another status.</summary>
    public bool ChangesStatus => committed is not null && committed.Status != Current.Status;

    /// <summary>Whether the customer is known, counting this batch.</summary>
    public bool IsKnown => committed is not null || IsDirty;
}
