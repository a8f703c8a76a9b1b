namespace Kapso.Engines.Contract;

/// <summary>Folds news into connections, changes them, finds and lists them. Part of <see cref="IConnectionEngine"/>, whose rules hold for it.</summary>
public interface IConnections
{
    /// <summary>
    /// Folds one observation into the customer's connection. The engine fills in
    /// <see cref="Observation.PreviousOwner"/>, and folds in the unclaimed hints for a number that a proof made connected.
    /// </summary>
    /// <returns>What became of it. <see cref="Outcome.Full"/>: nothing was written.</returns>
    Task<Receipt> ObserveAsync(CustomerKey key, Observation observation, CancellationToken cancellationToken);

    /// <summary>Adds a setup link with its state to the customer's connection. Repeating the same link changes nothing.</summary>
    Task<Receipt> AddLinkAsync(CustomerKey key, SetupLink link, CancellationToken cancellationToken);

    /// <summary>Changes the customer's setup links. Repeating the same change is the same.</summary>
    Task<LinkReceipt> ChangeLinkAsync(CustomerKey key, LinkChange change, CancellationToken cancellationToken);

    /// <summary>Sets the phone that template welcomes go to, and makes those due that died for want of one.</summary>
    /// <param name="key">The customer; one never heard of is known from then on.</param>
    /// <param name="phone">In the form of <see cref="ContactPhones"/>; null to forget it.</param>
    /// <param name="cancellationToken">Stops waiting for it.</param>
    Task<Receipt> SetContactPhoneAsync(CustomerKey key, string? phone, CancellationToken cancellationToken);

    /// <summary>Sets what the company calls and marks a customer with. Repeating the same change is the same.</summary>
    /// <param name="key">The customer; one never heard of is known from then on.</param>
    /// <param name="change">What is to be so; own id, name and tags are valid.</param>
    /// <param name="by">Who asks, for the timeline; null where nobody gave a name.</param>
    /// <param name="cancellationToken">Stops waiting for it.</param>
    /// <returns>What became of it. <see cref="Outcome.Full"/>: there would be too many tags, and nothing was written.</returns>
    Task<Receipt> ChangeCustomerAsync(CustomerKey key, CustomerChange change, string? by, CancellationToken cancellationToken);

    /// <summary>Writes a line into the timeline of a customer that is known; of one that is not, does nothing.</summary>
    Task NoteAsync(CustomerKey key, TimelineEntry note, CancellationToken cancellationToken);

    /// <summary>The customer's connection as last written, or null for a customer never heard of.</summary>
    Task<Connection?> FindAsync(CustomerKey key, CancellationToken cancellationToken);

    /// <summary>The connection as it is (if there is one), then again after each change, until cancelled. Changes in quick succession may coalesce.</summary>
    IAsyncEnumerable<Connection> WatchAsync(CustomerKey key, CancellationToken cancellationToken);

    /// <summary>Whose redirect URLs carry this state.</summary>
    Task<CustomerKey?> FindByStateAsync(string state, CancellationToken cancellationToken);

    /// <summary>Whose setup link this is, by the platform's id.</summary>
    Task<CustomerKey?> FindByLinkAsync(string projectId, string setupLinkId, CancellationToken cancellationToken);

    /// <summary>Who last proved to own this number. Hints never enter this index.</summary>
    Task<CustomerKey?> FindByNumberAsync(string projectId, string phoneNumberId, CancellationToken cancellationToken);

    /// <summary>
    /// Customers of a project with open setup links, or a number that is to be connected again, those first whose links the platform was
    /// asked about longest ago: see <see cref="Connection.LinksCheckedAt"/>. A <see cref="FoldLinks"/> moves a customer to the end.
    /// </summary>
    /// <param name="projectId">The project.</param>
    /// <param name="limit">Customers wanted, 1 to 1,000.</param>
    /// <param name="cancellationToken">Stops the look-up.</param>
    Task<IReadOnlyList<LinksToCheck>> ListLinksToCheckAsync(string projectId, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Connections of a project in the order of the customer's id. A page can have fewer rows than wanted and go on: the work for one is bounded.
    /// </summary>
    Task<Page<ConnectionRow>> ListConnectionsAsync(ConnectionQuery query, CancellationToken cancellationToken);

    /// <summary>Numbers of a project that a person should look at.</summary>
    /// <param name="projectId">The project.</param>
    /// <param name="mark">What is to be looked at.</param>
    /// <param name="cursor">Where the last page ended, or null.</param>
    /// <param name="limit">Rows wanted, 1 to 1,000.</param>
    /// <param name="cancellationToken">Stops the look-up.</param>
    Task<Page<MarkedNumber>> ListMarkedNumbersAsync(
        string projectId, NumberMark mark, string? cursor, int limit, CancellationToken cancellationToken);
}
