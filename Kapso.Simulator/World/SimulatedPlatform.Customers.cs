namespace Kapso.Simulator.World;

public sealed partial class SimulatedPlatform
{
    /// <summary>Creates a customer; null where another one has this external id, and that is refused.</summary>
    public Customer? CreateCustomer(string name, string? externalCustomerId)
    {
        lock (_gate)
        {
            return externalCustomerId is not null && !_options.TakesSameExternalIds && Customers(externalCustomerId).Count > 0
                ? null
                : _customers.Put(new Customer(_madeUp.Uuid("customer"), name, externalCustomerId, Now));
        }
    }

    public Customer? FindCustomer(string id) => _customers.Find(id);

    public IReadOnlyList<Customer> Customers(string? externalCustomerId = null) =>
        [.. _customers.NewestFirst.Where(one => externalCustomerId is null || one.ExternalCustomerId == externalCustomerId)];

    /// <summary>Deletes a customer with their links; each of their numbers is deleted, and told of. False where there is none.</summary>
    public bool DeleteCustomer(string id)
    {
        lock (_gate)
        {
            if (!_customers.Remove(id))
                return false;
            foreach (var number in _numbers.OldestFirst.Where(number => number.CustomerId == id))
                Act(number.Id, NumberAction.Delete);
            foreach (var link in _links.OldestFirst.Where(link => link.CustomerId == id))
                _links.Remove(link.Id);
            return true;
        }
    }

    /// <summary>Changes what is not null.</summary>
    public Customer? ChangeCustomer(string id, string? name, string? externalCustomerId) => _customers.Change(id, known => known with
    {
        Name = name ?? known.Name,
        ExternalCustomerId = externalCustomerId ?? known.ExternalCustomerId,
    });
}
