namespace Kapso.Engines.Contract;

/// <summary>Erases customers. Part of <see cref="IConnectionEngine"/>, whose rules hold for it.</summary>
public interface IErasures
{
    /// <summary>
    /// Erases all that is kept of a customer: the connection with its history and effects, what finds it, messages to receivers, deliveries
    /// and redirects that wait; in the audit a hash takes the place of ids. What stays is an <see cref="ErasureMark"/>. Can be repeated,
    /// and goes on where an earlier call was interrupted; of a customer never heard of, what waits without a connection is erased all the same, and that they were erased is remembered.
    /// </summary>
    /// <param name="key">The customer.</param>
    /// <param name="cancellationToken">Stops waiting for it; what was erased by then stays so.</param>
    /// <returns>What was erased, by this call and those before it.</returns>
    Task<Erasure> EraseAsync(CustomerKey key, CancellationToken cancellationToken);

    /// <summary>What was erased of a customer; null where they never were.</summary>
    Task<Erasure?> FindErasureAsync(CustomerKey key, CancellationToken cancellationToken);

    /// <summary>Goes on with the erasures of a project that were begun and have not come to their end.</summary>
    /// <returns>Those that it went on with, as they are now.</returns>
    Task<IReadOnlyList<Erasure>> ContinueErasuresAsync(string projectId, CancellationToken cancellationToken);
}
