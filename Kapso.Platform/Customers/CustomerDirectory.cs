using System.Collections.Concurrent;
using Kapso.Engines.Budget;
using Kapso.Platform.Api;

namespace Kapso.Platform.Customers;

/// <summary>
/// The platform's customers, by the company's own ids. Whether the platform refuses a second customer with one id is not known, so
/// no two are asked for at a time: orders of one process share one call, and between processes an intent is written before it.
/// The intent stays for a while after the call, as the platform's list may lag, and in place of a process that ended on the way.
/// What customers are called is kept with their connections.
/// </summary>
public sealed class CustomerDirectory(PlatformClients clients, IConnectionEngine engine, TimeProvider time)
{
    /// <summary>The list is read so far where the platform does not filter it: 1,000 customers.</summary>
    private const int MaxPages = 10;

    private readonly ConcurrentDictionary<(string Project, string ExternalId), Lazy<Task<CustomerOrderResult>>> _orders = new();

    /// <summary>Finds the customer with the company's id, or creates one. Looks again where nobody knows whether it was created.</summary>
    /// <param name="projectId">The project.</param>
    /// <param name="externalCustomerId">The company's own id.</param>
    /// <param name="name">A name for people; of several orders at a time, the first one's counts.</param>
    /// <param name="cancellationToken">Stops waiting; what was begun goes on.</param>
    /// <returns>What became of it; null where the project has no API key.</returns>
    /// <exception cref="EngineUnavailableException">What the customer is called could not be kept. Asked again, the customer is found.</exception>
    public async Task<CustomerOrderResult?> FindOrCreateAsync(
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

    private async Task<CustomerOrderResult?> AskAsync(
        string projectId, string externalCustomerId, string name, CancellationToken cancellationToken)
    {
        if (clients.Find(projectId) is not { } client)
            return null;

        var key = (projectId, externalCustomerId);
        var mine = new Lazy<Task<CustomerOrderResult>>(() => RunAsync(client, key, name));
        var order = _orders.GetOrAdd(key, mine);
        var result = await order.Value.WaitAsync(cancellationToken);
        return ReferenceEquals(order, mine) ? result : result with { IsCreated = false };
    }

    private async Task<CustomerOrderResult> RunAsync(PlatformClient client, (string Project, string ExternalId) key, string name)
    {
        try
        {
            return await FindOrCreateAsync(client, key.Project, key.ExternalId, name);
        }
        finally
        {
            _orders.TryRemove(key, out _);
        }
    }

    /// <summary>From the first call on, the platform may make the customer whether or not the caller waits for it: nothing cancels this.</summary>
    private async Task<CustomerOrderResult> FindOrCreateAsync(PlatformClient client, string projectId, string externalId, string name)
    {
        if (await FindAsync(client, externalId) is { } there)
            return new(there);

        var intent = new CustomerIntent(externalId, Guid.NewGuid());
        if (!await engine.IntendCustomerAsync(projectId, intent, CancellationToken.None))
            return await FindAsync(client, externalId) is { } found ? new(found) : new(NobodyKnows, IsInProgress: true);

        var created = await client.CreateCustomerAsync(name, externalId, CancellationToken.None);
        if (created.IsDone)
            return new(created, IsCreated: true);

        // Somebody may have been quicker, or the answer was lost.
        var known = created.Outcome == PlatformOutcome.Unavailable ? null : await FindAsync(client, externalId);
        if (known is not { IsDone: true } && created.Outcome != PlatformOutcome.Unknown)
            await engine.WithdrawCustomerAsync(projectId, intent, CancellationToken.None);
        return new(known is { IsDone: true } ? known : created);
    }

    private static PlatformAnswer<PlatformCustomer> NobodyKnows { get; } = new() { Outcome = PlatformOutcome.Unknown };

    /// <summary>The customer, or why it could not be looked for; null where there is none.</summary>
    private static async Task<PlatformAnswer<PlatformCustomer>?> FindAsync(PlatformClient client, string externalCustomerId)
    {
        string? page = null;
        for (var pages = 0; pages < MaxPages; pages++)
        {
            var answer = await client.ListCustomersAsync(externalCustomerId, page, CallPurpose.Management, CancellationToken.None);
            if (!answer.IsDone)
                return answer.Failed<PlatformCustomer>();
            if (answer.Value.Items.FirstOrDefault(one => one.ExternalCustomerId == externalCustomerId) is { } customer)
                return new() { Outcome = PlatformOutcome.Done, Value = customer, Status = answer.Status };
            page = answer.Value.Next;
            if (page is null)
                break;
        }

        return null;
    }
}
