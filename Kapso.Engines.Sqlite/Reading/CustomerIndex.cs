using Kapso.Engines.Sqlite.Store;

namespace Kapso.Engines.Sqlite.Reading;

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
    private const int FirstRoom = 64;

    private readonly Lock _lock = new();
    private readonly List<(long Project, string Customer)> _doubtful = [];
    private GatheredCustomers _gathered = new(FirstRoom);
    private Leaving? _leaving;
    private long _last;

    /// <summary>Finds the row of a customer who may not be in the table yet.</summary>
    public bool TryFind(long project, string customer, out GatheredCustomer row)
    {
        lock (_lock)
            return _gathered.TryFind(project, customer, out row) || (_leaving?.Customers.TryFind(project, customer, out row) ?? false);
    }

    /// <summary>
    /// All that may not be in the table yet, in no order. To be called before the table is read, so that nobody is missed on
    /// the way there.
    /// </summary>
    public List<(ArraySegment<GatheredCustomer> Rows, byte[] Texts)> All()
    {
        lock (_lock)
        {
            var all = new List<(ArraySegment<GatheredCustomer>, byte[])> { (_gathered.Snapshot(out var texts), texts) };
            if (_leaving is { } leaving)
                all.Add((leaving.Customers.Snapshot(out texts), texts));
            return all;
        }
    }

    /// <summary>Reads what is not in the table; after the first time, what is not known here.</summary>
    public void Load(Database database)
    {
        if (_last == 0)
            _last = CustomerRows.IndexedUpTo(database);
        foreach (var (project, customer, row, status) in CustomerRows.After(database, _last))
            Add(project, customer, row, status);

        foreach (var (project, customer) in _doubtful)
        {
            if (TryFind(project, customer, out var row))
                Change(project, customer, CustomerRows.ReadStatus(database, row.Id));
        }

        _doubtful.Clear();
    }

    /// <summary>The customers that a commit should put into the table when it adds so many new ones.</summary>
    public IEnumerable<(long Project, ReadOnlyMemory<byte> Customer, long Row, ConnectionStatus Status)> Due(int added)
    {
        var room = capacity - _gathered.Count;
        if (added == 0 || _leaving is not { } leaving || (added < room && !leaving.IsSorted))
            return [];
        return leaving.Next(added < room ? (int)Math.Ceiling((double)leaving.Left * added / room) : leaving.Left);
    }

    /// <summary>The row up to which the table is complete, once it has this many more customers; null where it does not change.</summary>
    public long? IndexedUpTo(int put) => _leaving is { } leaving && put == leaving.Left ? leaving.Last : null;

    /// <summary>So many customers that were due are in the table.</summary>
    public void Put(int count)
    {
        if (_leaving is { } leaving && leaving.Skip(count) == 0)
        {
            lock (_lock)
                _leaving = null;
        }
    }

    /// <summary>Adds a new customer's row. Rows are added in their order.</summary>
    public void Add(long project, string customer, long row, ConnectionStatus status)
    {
        lock (_lock)
        {
            if (_gathered.Count >= capacity && _leaving is null)
            {
                _leaving = new Leaving(_gathered, _last);
                _gathered = new GatheredCustomers(capacity);
            }

            _gathered.Add(project, customer, row, status);
        }

        _last = row;
    }

    /// <summary>Keeps the status of a customer who may be known here.</summary>
    public void Change(long project, string customer, ConnectionStatus status)
    {
        lock (_lock)
        {
            _gathered.Change(project, customer, status);
            _leaving?.Customers.Change(project, customer, status);
        }
    }

    /// <summary>Forgets a customer who was erased.</summary>
    public void Forget(long project, string customer)
    {
        lock (_lock)
        {
            _gathered.Forget(project, customer);
            _leaving?.Customers.Forget(project, customer);
        }
    }

    /// <summary>A write failed, and nobody knows whether it reached the file: the status is read again with the next load.</summary>
    public void Doubt(long project, string customer) => _doubtful.Add((project, customer));

    /// <summary>Customers on their way into the table, of which the first are in it already.</summary>
    private sealed class Leaving
    {
        private readonly ArraySegment<GatheredCustomer> _rows;
        private readonly byte[] _texts;
        private readonly Task<int[]> _sorted;
        private int _put;

        /// <param name="customers">All of them; none is added any more.</param>
        /// <param name="last">The last of their rows.</param>
        public Leaving(GatheredCustomers customers, long last)
        {
            (Customers, Last) = (customers, last);
            _rows = customers.Snapshot(out _texts);
            _sorted = Task.Run(() => GatheredCustomers.Sort(_rows, _texts)); // Deliveries need not wait for it.
        }

        public GatheredCustomers Customers { get; }

        public long Last { get; }

        public int Left => _rows.Count - _put;

        public bool IsSorted => _sorted.IsCompleted;

        public IEnumerable<(long Project, ReadOnlyMemory<byte> Customer, long Row, ConnectionStatus Status)> Next(int count)
        {
            foreach (var index in new ArraySegment<int>(_sorted.GetAwaiter().GetResult(), _put, count))
            {
                var row = _rows[index];
                yield return (row.Project, _texts.AsMemory(row.Start, row.Length), row.Id, row.Status);
            }
        }

        public int Skip(int count)
        {
            _put += count;
            return Left;
        }
    }
}
