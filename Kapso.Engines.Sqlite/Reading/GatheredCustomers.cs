using System.Buffers.Binary;
using System.Text;

namespace Kapso.Engines.Sqlite.Reading;

/// <summary>
/// A growing set of customers with their rows, held without an object for each: hundreds of thousands that live for seconds
/// would make the collector's pauses long. Changed by one thread. What a <see cref="Snapshot"/> has stays as it was, but for
/// the status.
/// </summary>
/// <param name="capacity">Customers that there is room for at once; it grows where there are more.</param>
internal sealed class GatheredCustomers(int capacity)
{
    /// <summary>The project of a customer who was erased.</summary>
    public const long Nobody = -1;

    private const int TypicalLength = 36; // Of a UUID.

    private int[] _buckets = new int[capacity]; // The index of the first row and 1; 0 for none.
    private GatheredCustomer[] _rows = new GatheredCustomer[capacity];
    private byte[] _texts = new byte[capacity * TypicalLength];
    private int _used;

    public int Count { get; private set; }

    /// <summary>All that there are now.</summary>
    public ArraySegment<GatheredCustomer> Snapshot(out byte[] texts)
    {
        texts = _texts;
        return new ArraySegment<GatheredCustomer>(_rows, 0, Count);
    }

    public bool TryFind(long project, string customer, out GatheredCustomer row)
    {
        var index = Find(project, customer);
        row = index < 0 ? default : _rows[index];
        return index >= 0;
    }

    /// <summary>Adds a customer who is not there yet.</summary>
    public void Add(long project, string customer, long id, ConnectionStatus status)
    {
        var length = Encoding.UTF8.GetByteCount(customer);
        if (Count == _rows.Length)
            Grow();
        if (_used + length > _texts.Length)
            Array.Resize(ref _texts, Math.Max(_texts.Length * 2, _used + length));

        Encoding.UTF8.GetBytes(customer, _texts.AsSpan(_used));
        var hash = string.GetHashCode(customer);
        ref var bucket = ref Bucket(hash);
        _rows[Count] = new GatheredCustomer
        {
            Project = project,
            Id = id,
            Status = status,
            Start = _used,
            Length = length,
            Hash = hash,
            Next = bucket,
        };
        bucket = ++Count;
        _used += length;
    }

    /// <summary>Changes the status of a customer who may be there.</summary>
    public void Change(long project, string customer, ConnectionStatus status)
    {
        if (Find(project, customer) is >= 0 and var index)
            _rows[index].Status = status;
    }

    /// <summary>Makes a customer who may be there nobody's.</summary>
    public void Forget(long project, string customer)
    {
        if (Find(project, customer) is >= 0 and var index)
            _rows[index].Project = Nobody;
    }

    /// <summary>The rows' indexes in the order of project and customer.</summary>
    public static int[] Sort(ArraySegment<GatheredCustomer> rows, byte[] texts)
    {
        var keys = new SortKey[rows.Count];
        Span<byte> first = stackalloc byte[sizeof(ulong)]; // They decide nearly always.
        for (var i = 0; i < keys.Length; i++)
        {
            first.Clear();
            var text = rows[i].Text(texts);
            text[..Math.Min(text.Length, first.Length)].CopyTo(first);
            keys[i] = new SortKey(rows[i].Project, BinaryPrimitives.ReadUInt64BigEndian(first), i);
        }

        Array.Sort(keys, (a, b) =>
            a.Project != b.Project ? a.Project.CompareTo(b.Project)
            : a.First != b.First ? a.First.CompareTo(b.First)
            : rows[a.Index].Text(texts).SequenceCompareTo(rows[b.Index].Text(texts)));
        return Array.ConvertAll(keys, static key => key.Index);
    }

    private int Find(long project, string customer)
    {
        var hash = string.GetHashCode(customer);
        Span<byte> text = stackalloc byte[BoundedId.MaxLength * 3];
        var length = -1;
        for (var next = Bucket(hash); next != 0; next = _rows[next - 1].Next)
        {
            ref var row = ref _rows[next - 1];
            if (row.Hash != hash || row.Project != project)
                continue;
            if (length < 0)
                length = Encoding.UTF8.GetBytes(customer, text);
            if (row.Text(_texts).SequenceEqual(text[..length]))
                return next - 1;
        }

        return -1;
    }

    private ref int Bucket(int hash) => ref _buckets[(uint)hash % (uint)_buckets.Length];

    private void Grow()
    {
        Array.Resize(ref _rows, _rows.Length * 2);
        _buckets = new int[_rows.Length];
        for (var i = 0; i < Count; i++)
        {
            ref var bucket = ref Bucket(_rows[i].Hash);
            (_rows[i].Next, bucket) = (bucket, i + 1);
        }
    }

    private readonly record struct SortKey(long Project, ulong First, int Index);
}

/// <summary>One of <see cref="GatheredCustomers"/>: where the customer's connection is, and what lists are chosen by.</summary>
internal struct GatheredCustomer
{
    /// <summary>The project's row; <see cref="GatheredCustomers.Nobody"/> of a customer who was erased.</summary>
    public long Project { get; set; }

    /// <summary>The connection's row.</summary>
    public long Id { get; init; }

    public ConnectionStatus Status { get; set; }

    public int Start { get; init; }

    public int Length { get; init; }

    public int Hash { get; init; }

    public int Next { get; set; }

    /// <summary>The customer's id in UTF-8.</summary>
    public readonly ReadOnlySpan<byte> Text(byte[] texts) => texts.AsSpan(Start, Length);
}
