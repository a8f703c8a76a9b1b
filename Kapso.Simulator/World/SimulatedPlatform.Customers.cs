namespace Kapso.Simulator.World;

public sealed partial class SimulatedPlatform
{
    /// <summary>Creates a customer; null where another one has this external id.</summary>
    public Customer? CreateCustomer(string name, string? externalCustomerId)
    {
        lock (_gate)
        {
            if (externalCustomerId is not null && _customers.OldestFirst.Any(one => one.ExternalCustomerId == externalCustomerId))
                return null;
            return _customers.Put(new Customer(_madeUp.Uuid("customer"), name, externalCustomerId, Now));
        }
    }

    public Customer? FindCustomer(string id)
    {
        lock (_gate)
            return _customers.Find(id);
    }

    public IReadOnlyList<Customer> Customers(string? externalCustomerId = null)
    {
        lock (_gate)
            return [.. _customers.NewestFirst.Where(one => externalCustomerId is null || one.ExternalCustomerId == externalCustomerId)];
    }

    /// <summary>Changes what is not null.</summary>
    public Customer? ChangeCustomer(string id, string? name, string? externalCustomerId)
    {
        lock (_gate)
        {
            return _customers.Find(id) is { } known
                ? _customers.Put(known with { Name = name ?? known.Name, ExternalCustomerId = externalCustomerId ?? known.ExternalCustomerId })
                : null;
        }
    }
}
