using Kapso.Connections;
using Kapso.Platform.Api;

namespace Kapso.Platform.Reconciling;

/// <summary>Looks at what the platform says of live setup links.</summary>
public interface ILinkChecks
{
    /// <summary>Customers with a live link that was not looked at since a time, those first whose link was looked at longest ago.</summary>
    /// <param name="projectId">The project.</param>
    /// <param name="since">Links that were looked at later are left out.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Stops the look-up.</param>
    Task<IReadOnlyList<CustomerKey>> FindAsync(
        string projectId, DateTimeOffset since, int limit, CancellationToken cancellationToken);

    /// <summary>Asks the platform for a customer's links, and writes down what it says.</summary>
    /// <param name="key">The customer.</param>
    /// <param name="purpose">What for.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>Whether the platform answered.</returns>
    Task<bool> CheckAsync(CustomerKey key, CallPurpose purpose, CancellationToken cancellationToken);
}
