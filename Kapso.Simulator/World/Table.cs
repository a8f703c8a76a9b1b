namespace Kapso.Simulator.World;

/// <summary>Rows by id, in the order in which they came. Not safe for several threads: the world's lock guards it.</summary>
internal sealed class Table<TRow>
    where TRow : class, IRow
{
    private readonly Dictionary<string, TRow> _rows = new(StringComparer.Ordinal);
    private readonly List<string> _order = [];

    /// <summary>How often it was changed.</summary>
    public long Version { get; private set; }

    public IEnumerable<TRow> OldestFirst => _order.Select(id => _rows[id]);

    public IEnumerable<TRow> NewestFirst
    {
        get
        {
            for (var i = _order.Count - 1; i >= 0; i--)
                yield return _rows[_order[i]];
        }
    }

    public TRow? Find(string? id) => id is null ? null : _rows.GetValueOrDefault(id);

    /// <summary>Adds a row, or replaces the one with its id.</summary>
    public TRow Put(TRow row)
    {
        if (!_rows.ContainsKey(row.Id))
            _order.Add(row.Id);
        _rows[row.Id] = row;
        Version++;
        return row;
    }
}

/// <summary>Something with an id.</summary>
internal interface IRow
{
    string Id { get; }
}
