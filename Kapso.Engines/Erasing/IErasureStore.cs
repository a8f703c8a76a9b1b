namespace Kapso.Engines.Erasing;

/// <summary>What of the erased bytes is left in the store's files.</summary>
/// <param name="Remains">What could not be done, and what to do, in words; null where nothing is left.</param>
/// <param name="IsTriedAgain">Whether the erasure is not complete until it could.</param>
public readonly record struct BytesLeft(string? Remains, bool IsTriedAgain = false)
{
    /// <summary>Nothing.</summary>
    public static BytesLeft None => default;
}

/// <summary>What has not come to its end in a project.</summary>
/// <param name="Customers">Customers of whom something is still to be removed.</param>
/// <param name="Hashes">What stands for those of whom everything was removed, while the store's files have the bytes.</param>
public sealed record UnfinishedErasures(IReadOnlyList<string> Customers, IReadOnlyList<string> Hashes);

/// <summary>The steps of an erasure, as a store does them. Each can be repeated.</summary>
public interface IErasureStore
{
    /// <summary>
    /// Writes down that the customer is being erased, with what they are found by, and what is to be remembered; then removes the connection
    /// and all that finds it.
    /// </summary>
    /// <param name="key">The customer.</param>
    /// <param name="goesOn">Whether it was begun before: then a connection that was made since (<see cref="ErasedNames.AreOf"/>) stays.</param>
    /// <param name="cancellationToken">Stops waiting for it.</param>
    /// <returns>What stands for the customer, and the names.</returns>
    Task<(string Hash, ErasedNames Names)> BeginAsync(CustomerKey key, bool goesOn, CancellationToken cancellationToken);

    /// <summary>Removes the messages to receivers that are about the customer.</summary>
    /// <returns>How many.</returns>
    Task<long> EraseMessagesAsync(CustomerKey key, CancellationToken cancellationToken);

    /// <summary>Removes what waits or was kept beside connections and speaks of the customer: parked deliveries, hints, bodies of events, failed setups, intents to make the customer.</summary>
    /// <returns>How much.</returns>
    Task<ErasedCounts> EraseBesideAsync(string projectId, ErasedNames names, CancellationToken cancellationToken);

    /// <summary>Forgets the customer's id and names, and writes down in their place, by the hash, that the files still have the bytes.</summary>
    Task ForgetNamesAsync(CustomerKey key, string hash, CancellationToken cancellationToken);

    /// <summary>Has the store's files give up what was removed from them.</summary>
    Task<BytesLeft> EraseBytesAsync(CancellationToken cancellationToken);

    /// <summary>Changes what is kept of an erasure that was begun. One that is complete is not among those that are not any more.</summary>
    /// <param name="projectId">The project.</param>
    /// <param name="hash">Stands for the customer.</param>
    /// <param name="change">What becomes of it, as last written; asked again where somebody else wrote first.</param>
    /// <param name="cancellationToken">Stops waiting for it.</param>
    /// <returns>The erasure as it is written.</returns>
    Task<Erasure> ChangeErasureAsync(string projectId, string hash, Func<Erasure, Erasure> change, CancellationToken cancellationToken);

    /// <summary>What has not come to its end.</summary>
    Task<UnfinishedErasures> ListUnfinishedAsync(string projectId, CancellationToken cancellationToken);
}
