using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Kapso.Connections;
using Kapso.Embedded.Engine.Reading;
using Kapso.Embedded.Engine.Store;

namespace Kapso.Embedded.Engine.Writing;

/// <summary>
/// The rows of the customers last heard of, before they are in the table of customers. New customers' ids come in random
/// order, and put into the table one by one, each would change a page of its own: three quarters of all that a commit writes.
/// So they are gathered here, and once enough have been, go into the table in its order, some with each commit that adds
/// further ones: neighbours share a page. What is not in the table is read again from the connections at the start.
/// Changed by the writer only, after a commit; read by everybody.
/// </summary>
/// <param name="capacity">Customers that are gathered before they go into the table. As many again may be on their way.</param>
internal sealed class CustomerIndex(int capacity)
{
    private readonly List<CustomerKey> _doubtful = [];
    private volatile Generations _rows = new([], Leaving.None);
    private int _gathered;
    private long _last;

    /// <summary>Finds the row of a customer who may not be in the table yet.</summary>
    public bool TryFind(CustomerKey key, [NotNullWhen(true)] out CustomerRow? row)
    {
        var rows = _rows;
        return rows.Gathered.TryGetValue(key, out row) || rows.Leaving.Rows.TryGetValue(key, out row);
    }

    /// <summary>
    /// The customers of the project that come after one and may not be in the table yet: some in no order, and others in the
    /// table's. To be called before the table is read, so that nobody is missed on the way there.
    /// </summary>
    public (IEnumerable<KeyValuePair<CustomerKey, CustomerRow>> Unordered, IEnumerable<KeyValuePair<CustomerKey, CustomerRow>> Ordered)
        ListAfter(CustomerKey after)
    {
        var rows = _rows;
        return (
            rows.Gathered.Where(row => row.Key.ProjectId == after.ProjectId && Utf8Order.Instance.Compare(row.Key.CustomerId, after.CustomerId) > 0),
            rows.Leaving.After(after));
    }

    /// <summary>Reads what is not in the table; after the first time, what is not known here.</summary>
    public void Load(Database database, Func<long, string> projectName)
    {
        if (_last == 0)
            _last = CustomerRows.IndexedUpTo(database);
        foreach (var (key, row) in CustomerRows.After(database, _last, projectName))
            Add(key, row);

        foreach (var key in _doubtful)
        {
            if (TryFind(key, out var row))
                row.Status = CustomerRows.ReadStatus(database, row.Id);
        }

        _doubtful.Clear();
    }

    /// <summary>The customers that a commit should put into the table when it adds so many new ones.</summary>
    public ReadOnlySpan<KeyValuePair<CustomerKey, CustomerRow>> Due(int added)
    {
        var (room, leaving) = (capacity - _gathered, _rows.Leaving);
        if (added == 0 || leaving.Left == 0 || (added < room && !leaving.IsSorted))
            return default;
        return leaving.Next(added < room ? (int)Math.Ceiling((double)leaving.Left * added / room) : leaving.Left);
    }

    /// <summary>The row up to which the table is complete, once it has this many more customers.</summary>
    public long IndexedUpTo(int put) => _rows.Leaving is { } leaving && put == leaving.Left ? leaving.Last : 0;

    /// <summary>So many customers that were due are in the table.</summary>
    public void Put(int count)
    {
        var rows = _rows;
        rows.Leaving.Skip(count);
        if (rows.Leaving.Left == 0)
            _rows = rows with { Leaving = Leaving.None };
    }

    /// <summary>Adds a new customer's row. Rows are added in their order.</summary>
    public void Add(CustomerKey key, CustomerRow row)
    {
        var rows = _rows;
        if (_gathered >= capacity && rows.Leaving.Left == 0)
        {
            _rows = rows = new Generations(new(concurrencyLevel: 1, capacity: 31), new Leaving(rows.Gathered, _last));
            _gathered = 0;
        }

        rows.Gathered[key] = row;
        _gathered++;
        _last = row.Id;
    }

    /// <summary>Keeps the status of a customer who may be known here.</summary>
    public void Change(CustomerKey key, ConnectionStatus status)
    {
        if (TryFind(key, out var row))
            row.Status = status;
    }

    /// <summary>A write failed, and nobody knows whether it reached the file: the status is read again with the next load.</summary>
    public void Doubt(CustomerKey key) => _doubtful.Add(key);

    private sealed record Generations(ConcurrentDictionary<CustomerKey, CustomerRow> Gathered, Leaving Leaving);

    /// <summary>Customers on their way into the table, of which the first are in it already.</summary>
    /// <param name="rows">All of them.</param>
    /// <param name="last">The last of their rows.</param>
    private sealed class Leaving(ConcurrentDictionary<CustomerKey, CustomerRow> rows, long last)
    {
        private readonly Task<KeyValuePair<CustomerKey, CustomerRow>[]> _sorted = Task.Run(() => Sort(rows));
        private int _put;

        public static Leaving None { get; } = new([], 0);

        public ConcurrentDictionary<CustomerKey, CustomerRow> Rows => rows;

        public long Last => last;

        public int Left { get; private set; } = rows.Count;

        public bool IsSorted => _sorted.IsCompleted;

        public ReadOnlySpan<KeyValuePair<CustomerKey, CustomerRow>> Next(int count) => _sorted.GetAwaiter().GetResult().AsSpan(_put, count);

        /// <summary>Those of the project after a customer, also those that were put into the table meanwhile.</summary>
        public IEnumerable<KeyValuePair<CustomerKey, CustomerRow>> After(CustomerKey after)
        {
            var sorted = _sorted.GetAwaiter().GetResult();
            var (low, high) = (0, sorted.Length);
            while (low < high)
            {
                var middle = low + ((high - low) / 2);
                (low, high) = Compare(sorted[middle].Key, after) > 0 ? (low, middle) : (middle + 1, high);
            }

            return sorted.Skip(low).TakeWhile(row => row.Key.ProjectId == after.ProjectId);
        }

        public void Skip(int count) => (_put, Left) = (_put + count, Left - count);

        // Takes a while, which deliveries need not wait for.
        private static KeyValuePair<CustomerKey, CustomerRow>[] Sort(ConcurrentDictionary<CustomerKey, CustomerRow> rows)
        {
            var sorted = rows.ToArray();
            Array.Sort(sorted, static (a, b) => Compare(a.Key, b.Key));
            return sorted;
        }

        private static int Compare(CustomerKey a, CustomerKey b) =>
            string.CompareOrdinal(a.ProjectId, b.ProjectId) is var order and not 0
                ? order
                : Utf8Order.Instance.Compare(a.CustomerId, b.CustomerId);
    }
}
