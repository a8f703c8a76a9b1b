namespace Kapso.Tests.Soak;

/// <summary>The customers whose lives are not over and that nobody plays just now, taken at random.</summary>
internal sealed class Crowd(IEnumerable<SoakCustomer> customers, int seed)
{
    private readonly Lock _gate = new();
    private readonly List<SoakCustomer> _waiting = [.. customers];
    private readonly Random _random = new(seed);
    private int _played;
    private int _acts;

    /// <summary>Acts that were played to their end.</summary>
    public int Acts => Volatile.Read(ref _acts);

    public bool IsEmpty
    {
        get
        {
            lock (_gate)
                return _waiting.Count == 0 && _played == 0;
        }
    }

    /// <summary>A customer to play; null where none is there, or the one that was drawn has to wait.</summary>
    public SoakCustomer? TryTake(DateTimeOffset now)
    {
        lock (_gate)
        {
            if (_waiting.Count == 0)
                return null;
            var drawn = _random.Next(_waiting.Count);
            var customer = _waiting[drawn];
            if (customer.NotBefore > now)
                return null;
            _waiting[drawn] = _waiting[^1];
            _waiting.RemoveAt(_waiting.Count - 1);
            _played++;
            return customer;
        }
    }

    /// <summary>Puts a customer back who was played.</summary>
    /// <param name="customer">The customer.</param>
    /// <param name="done">Whether the act is done.</param>
    public void PutBack(SoakCustomer customer, bool done)
    {
        lock (_gate)
        {
            _played--;
            if (done)
            {
                customer.GoOn();
                _acts++;
            }

            if (!customer.IsOver)
                _waiting.Add(customer);
        }
    }

    /// <summary>A number from 0 to 1.</summary>
    public double Chance()
    {
        lock (_gate)
            return _random.NextDouble();
    }
}
