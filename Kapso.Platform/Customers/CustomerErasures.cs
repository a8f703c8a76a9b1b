using Kapso.Platform.Api;

namespace Kapso.Platform.Customers;

/// <summary>What became of a customer at the platform.</summary>
public enum PlatformErasure
{
    /// <summary>It was not asked to delete the customer.</summary>
    NotAsked,

    /// <summary>It deleted the customer.</summary>
    Deleted,

    /// <summary>It has no such customer (any more).</summary>
    NotFound,

    /// <summary>The project has no API key to ask it with: nothing was erased.</summary>
    NoApiKey,

    /// <summary>It did not delete the customer, or nobody knows: nothing was erased here.</summary>
    NotDone,
}

/// <summary>The end of an order to erase a customer.</summary>
/// <param name="AtPlatform">What became of the customer at the platform.</param>
/// <param name="Erasure">What was erased here; null where nothing was.</param>
/// <param name="Answer">What the platform said, where it did not delete the customer.</param>
public sealed record ErasureResult(PlatformErasure AtPlatform, Erasure? Erasure, PlatformAnswer<PlatformCustomer>? Answer = null);

/// <summary>
/// Erases customers: at the platform first, where that is wanted, so that nothing is learned of them anew; then here. Each order can be
/// repeated, and goes on where it was interrupted.
/// </summary>
public sealed class CustomerErasures(PlatformClients clients, IConnectionEngine engine)
{
    private const int NotFound = 404;

    /// <summary>Erases a customer.</summary>
    /// <param name="key">The customer.</param>
    /// <param name="atPlatform">Whether the platform is to delete the customer as well.</param>
    /// <param name="cancellationToken">Stops waiting for it; what was begun here is brought to its end in the background.</param>
    /// <exception cref="EngineUnavailableException">The store did not take it.</exception>
    public async Task<ErasureResult> EraseAsync(CustomerKey key, bool atPlatform, CancellationToken cancellationToken)
    {
        var there = PlatformErasure.NotAsked;
        if (atPlatform)
        {
            if (clients.Find(key.ProjectId) is not { } client)
                return new(PlatformErasure.NoApiKey, null);
            var answer = await client.DeleteCustomerAsync(key.CustomerId, cancellationToken);
            if (!answer.IsDone && answer.Status != NotFound)
                return new(PlatformErasure.NotDone, null, answer);
            there = answer.IsDone ? PlatformErasure.Deleted : PlatformErasure.NotFound;
        }

        return new(there, await engine.EraseAsync(key, cancellationToken));
    }
}
