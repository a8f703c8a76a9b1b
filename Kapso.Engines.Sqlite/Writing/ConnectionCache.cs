using System.Diagnostics.CodeAnalysis;

namespace Kapso.Engines.Sqlite.Writing;

/// <summary>A connection as last committed, with its row.</summary>
internal sealed record CachedConnection(long Id, Connection Connection);

/// <summary>
/// Connections as last committed, bounded. Two generations stand in for a list of last use: what was used since the
/// younger one was begun survives the next turn. Filled by the writer only, after a commit.
/// </summary>
internal sealed class ConnectionCache(int capacity)
{
    private readonly Lock _lock = new();
    private readonly int _generation = Math.Max(1, capacity / 2);
    private Dictionary<CustomerKey, CachedConnection> _young = [];
    private Dictionary<CustomerKey, CachedConnection> _old = [];

    public bool TryGet(CustomerKey key, [NotNullWhen(true)] out CachedConnection? cached)
    {
        lock (_lock)
            return _young.TryGetValue(key, out cached) || _old.TryGetValue(key, out cached);
    }

    public void Put(CustomerKey key, CachedConnection cached)
    {
        lock (_lock)
        {
            _young[key] = cached;
            if (_young.Count < _generation)
                return;
            (_young, _old) = (_old, _young);
            _young.Clear();
        }
    }

    public void Remove(CustomerKey key)
    {
        lock (_lock)
        {
            _young.Remove(key);
            _old.Remove(key);
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            _young = [];
            _old = [];
        }
    }
}
