namespace Kapso.Engines.Contract;

/// <summary>The company's receivers of notifies, and what went to them. Part of <see cref="IConnectionEngine"/>, whose rules hold for it.</summary>
public interface IReceivers
{
    /// <summary>The project's receivers, as last written.</summary>
    Task<ReceiverBook> ReadReceiversAsync(string projectId, CancellationToken cancellationToken);

    /// <summary>
    /// Writes the project's receivers, unless somebody else wrote since they were read: the version is one above the one that is kept.
    /// Writing the very same again is no conflict. All processes go by it within two seconds.
    /// </summary>
    /// <returns>Whether they are written; false where they must be read again.</returns>
    Task<bool> SaveReceiversAsync(string projectId, ReceiverBook book, CancellationToken cancellationToken);

    /// <summary>Looks at what is held of a customer for receivers that may be enabled again, or were taken away.</summary>
    Task LookAtReceiversAsync(CustomerKey key, CancellationToken cancellationToken);

    /// <summary>Writes down what became of a message that is no effect. What became of notifies the engine writes down itself.</summary>
    Task RecordMessageAsync(string projectId, string receiverId, ReceiverMessage message, CancellationToken cancellationToken);

    /// <summary>What was sent to a receiver, or is held for it, the newest first.</summary>
    Task<Page<ReceiverMessage>> ListMessagesAsync(MessageQuery query, CancellationToken cancellationToken);

    /// <summary>One message; null where it is not (any more) kept.</summary>
    Task<ReceiverMessage?> FindMessageAsync(string projectId, string receiverId, string id, CancellationToken cancellationToken);

    /// <summary>Sends a notify again that was sent before, under the same id.</summary>
    /// <param name="key">Whose it is.</param>
    /// <param name="notify">The notify, as <see cref="ReceiverMessage.Effect"/> has it.</param>
    /// <param name="by">Who asks, for the timeline; null where nobody gave a name.</param>
    /// <param name="cancellationToken">Stops waiting for it.</param>
    /// <returns><see cref="EffectAction.NotWaiting"/> where it is on its way by itself, <see cref="EffectAction.NotFound"/> where the customer is not known.</returns>
    Task<EffectAction> SendAgainAsync(CustomerKey key, Effect notify, string? by, CancellationToken cancellationToken);

    /// <summary>How the project's receivers do: those to which something was sent lately.</summary>
    Task<IReadOnlyList<ReceiverTraffic>> ReadTrafficAsync(string projectId, CancellationToken cancellationToken);
}
