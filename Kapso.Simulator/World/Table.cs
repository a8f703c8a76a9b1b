namespace Kapso.Simulator.World;

/// <summary>Rows by id, in the order in which they came. Its owner's lock guards it; what it lists is as of the asking.</summary>
internal sealed class Table<TRow>(Lock gate, IEnumerable<TRow>? rows = null)
    where TRow : class, IRow
{
    private readonly OrderedDictionary<string, TRow> _rows =
        new((rows ?? []).Select(row => KeyValuePair.Create(row.Id, row)), StringComparer.Ordinal);

    /// <summary>How often it was changed.</summary>
    public long Version { get; private set; }

    public IReadOnlyList<TRow> OldestFirst
    {
        get
        {
            lock (gate)
                return [.. _rows.Values];
        }
    }

    public IEnumerable<TRow> NewestFirst => OldestFirst.Reverse();

    public TRow? Find(string? id)
    {
        lock (gate)
            return id is null ? null : _rows.GetValueOrDefault(id);
    }

    /// <summary>Adds a row, or replaces the one with its id.</summary>
    public TRow Put(TRow row)
    {
        lock (gate)
        {
            _rows[row.Id] = row;
            Version++;
            return row;
        }
    }

    /// <summary>Removes a row; false where there is none.</summary>
    public bool Remove(string id)
    {
        lock (gate)
        {
            if (!_rows.Remove(id))
                return false;
            Version++;
            return true;
        }
    }

    /// <summary>Replaces a row; null where there is none.</summary>
    public TRow? Change(string id, Func<TRow, TRow> change)
    {
        lock (gate)
            return Find(id) is { } row ? Put(change(row)) : null;
    }
}

/// <summary>Something with an id.</summary>
internal interface IRow
{
    string Id { get; }
}
