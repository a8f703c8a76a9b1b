using Kapso.Engines.Budget;
using Kapso.Platform.Api;

namespace Kapso.Platform.Customers;

/// <summary>The platform's customers, by the company's own ids. What they are called is kept with their connections.</summary>
public sealed class CustomerDirectory(PlatformClients clients, IConnectionEngine engine, TimeProvider time)
{
    /// <summary>The list is read so far where the platform does not filter it: 1,000 customers.</summary>
    private const int MaxPages = 10;

    /// <summary>Finds the customer with the company's id, or creates one. Looks again where nobody knows whether it was created.</summary>
    /// <param name="projectId">The project.</param>
    /// <param name="externalCustomerId">The company's own id.</param>
    /// <param name="name">A name for people.</param>
    /// <param name="cancellationToken">Ends the calls.</param>
    /// <returns>The customer, and whether it was created now; null where the project has no API key.</returns>
    /// <exception cref="EngineUnavailableException">What the customer is called could not be kept. Asked again, the customer is found.</exception>
    public async Task<(PlatformAnswer<PlatformCustomer> Answer, bool Created)?> FindOrCreateAsync(
        string projectId, string externalCustomerId, string name, CancellationToken cancellationToken)
    {
        var found = await AskAsync(projectId, externalCustomerId, name, cancellationToken);
        if (found is { Answer: { IsDone: true, Value: { } customer } } && CustomerKey.TryCreate(projectId, customer.Id, out var key))
        {
            // The platform's word counts; what it does not repeat is what it was told.
            var told = CustomerNames.Of(customer.ExternalCustomerId ?? externalCustomerId, customer.Name ?? name);
            await engine.ObserveAsync(key, NamesOf(told, time.GetUtcNow()), cancellationToken);
        }

        return found;
    }

    /// <summary>What the platform's row of a customer says.</summary>
    internal static Observation NamesOf(CustomerNames? names, DateTimeOffset receivedAt) => new()
    {
        Kind = ObservationKind.Named,
        Source = Source.Api,
        Event = Observation.NamedEvent,
        ReceivedAt = receivedAt,
        Customer = names,
    };

    private async Task<(PlatformAnswer<PlatformCustomer> Answer, bool Created)?> AskAsync(
        string projectId, string externalCustomerId, string name, CancellationToken cancellationToken)
    {
        if (clients.Find(projectId) is not { } client)
            return null;
        if (await FindAsync(client, externalCustomerId, cancellationToken) is { } there)
            return (there, false);

        var created = await client.CreateCustomerAsync(name, externalCustomerId, cancellationToken);
        if (created.IsDone || created.Outcome == PlatformOutcome.Unavailable)
            return (created, created.IsDone);

        // Somebody may have been quicker, or the answer was lost.
        return await FindAsync(client, externalCustomerId, cancellationToken) is { IsDone: true } found
            ? (found, false)
            : (created, false);
    }

    /// <summary>The customer, or why it could not be looked for; null where there is none.</summary>
    private static async Task<PlatformAnswer<PlatformCustomer>?> FindAsync(
        PlatformClient client, string externalCustomerId, CancellationToken cancellationToken)
    {
        string? page = null;
        for (var pages = 0; pages < MaxPages; pages++)
        {
            var answer = await client.ListCustomersAsync(externalCustomerId, page, CallPurpose.Management, cancellationToken);
            if (!answer.IsDone)
                return new() { Outcome = answer.Outcome, Status = answer.Status, Error = answer.Error, RetryAfter = answer.RetryAfter };
            if (answer.Value.Items.FirstOrDefault(one => one.ExternalCustomerId == externalCustomerId) is { } customer)
                return new() { Outcome = PlatformOutcome.Done, Value = customer, Status = answer.Status };
            page = answer.Value.Next;
            if (page is null)
                break;
        }

        return null;
    }
}
