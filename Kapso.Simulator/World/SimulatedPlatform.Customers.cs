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

    /// <summary>Changes what is not null.</summary>
    public Customer? ChangeCustomer(string id, string? name, string? externalCustomerId) => _customers.Change(id, known => known with
    {
        Name = name ?? known.Name,
        ExternalCustomerId = externalCustomerId ?? known.ExternalCustomerId,
    });
}
