using Kapso.Connections.Reconciling;

namespace Kapso.Connections.Engine;

/// <summary>
/// What owns connections, makes them durable and drives their outboxes. The web layer knows only this. Everything that
/// crosses it round-trips through System.Text.Json. A method that writes returns only after the write is durable; where
/// it cannot be made durable it throws <see cref="EngineUnavailableException"/>, and the write may still have landed: all
/// writes are idempotent, so that the caller can repeat them.
/// </summary>
public interface IConnectionEngine
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

    /// <summary>Sends a held or dead effect again, under the same id, as soon as possible.</summary>
    /// <param name="key">Whose it is.</param>
    /// <param name="effectId">The effect.</param>
    /// <param name="by">Who asks, for the timeline; null where nobody gave a name.</param>
    /// <param name="cancellationToken">Stops waiting for it.</param>
    Task<EffectAction> ResendAsync(CustomerKey key, string effectId, string? by, CancellationToken cancellationToken);

    /// <summary>Settles a held or dead effect as done, on a person's word.</summary>
    /// <param name="key">Whose it is.</param>
    /// <param name="effectId">The effect.</param>
    /// <param name="by">Whose word it is, for the timeline; null where nobody gave a name.</param>
    /// <param name="cancellationToken">Stops waiting for it.</param>
    Task<EffectAction> SettleAsync(CustomerKey key, string effectId, string? by, CancellationToken cancellationToken);

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
    /// Customers of a project with open setup links, those first whose links the platform was asked about longest ago: see
    /// <see cref="Connection.LinksCheckedAt"/>. A <see cref="FoldLinks"/> moves a customer to the end.
    /// </summary>
    /// <param name="projectId">The project.</param>
    /// <param name="limit">Customers wanted, 1 to 1,000.</param>
    /// <param name="cancellationToken">Stops the look-up.</param>
    Task<IReadOnlyList<LinksToCheck>> ListLinksToCheckAsync(string projectId, int limit, CancellationToken cancellationToken);

    /// <summary>Connections of a project in the order of the customer's id.</summary>
    Task<Page<ConnectionRow>> ListConnectionsAsync(ConnectionQuery query, CancellationToken cancellationToken);

    /// <summary>Effects of a project that need a person: held or dead.</summary>
    /// <param name="projectId">The project.</param>
    /// <param name="status"><see cref="EffectStatus.Held"/> or <see cref="EffectStatus.Dead"/>.</param>
    /// <param name="cursor">Where the last page ended, or null.</param>
    /// <param name="limit">Rows wanted, 1 to 1,000.</param>
    /// <param name="cancellationToken">Stops the look-up.</param>
    Task<Page<EffectRow>> ListEffectsAsync(
        string projectId, EffectStatus status, string? cursor, int limit, CancellationToken cancellationToken);

    /// <summary>Keeps a delivery durably. Repeating the same id changes nothing.</summary>
    Task ParkAsync(ParkedDelivery delivery, CancellationToken cancellationToken);

    /// <summary>Parked deliveries that wait, oldest first, without their bodies: none is read for it.</summary>
    /// <param name="projectId">The project.</param>
    /// <param name="cursor">Where the last page ended, or null.</param>
    /// <param name="limit">Rows wanted, 1 to 1,000.</param>
    /// <param name="cancellationToken">Stops the look-up.</param>
    Task<Page<ParkedHead>> ListParkedAsync(
        string projectId, string? cursor, int limit, CancellationToken cancellationToken);

    /// <summary>One parked delivery with its body, waiting or resolved; null where it is not (any more) kept.</summary>
    Task<ParkedDelivery?> FindParkedAsync(string projectId, string id, CancellationToken cancellationToken);

    /// <summary>Marks a waiting delivery as replayed or discarded. Returns it as it is now, or null where it is not kept.</summary>
    Task<ParkedDelivery?> ResolveParkedAsync(
        string projectId, string id, ParkedStatus status, CancellationToken cancellationToken);

    /// <summary>Keeps a redirect that finds no customer, bounded in number and for 24 hours, until a proof for its number comes.</summary>
    Task HoldHintAsync(string projectId, Observation hint, CancellationToken cancellationToken);

    /// <summary>Counts an authentic event that is not ours, or a test delivery, by name, and keeps the last of each name. Need not be durable at return.</summary>
    Task CountEventAsync(string projectId, SeenEvent seen, CancellationToken cancellationToken);

    /// <summary>Keeps a failed setup whose link is not known, in a bounded list.</summary>
    Task KeepFailedSetupAsync(string projectId, FailedSetup failed, CancellationToken cancellationToken);

    /// <summary>What was counted and kept for a project beside its connections.</summary>
    Task<ProjectActivity> ReadActivityAsync(string projectId, CancellationToken cancellationToken);

    /// <summary>Where the project's reconciliation stands, as last written.</summary>
    Task<Reconciliation> ReadReconciliationAsync(string projectId, CancellationToken cancellationToken);

    /// <summary>
    /// Writes where the project's reconciliation stands, unless somebody else wrote since it was read: its version is one above
    /// the one that is kept. Writing the very same again is no conflict.
    /// </summary>
    /// <returns>Whether it is written; false where it must be read again.</returns>
    Task<bool> SaveReconciliationAsync(string projectId, Reconciliation reconciliation, CancellationToken cancellationToken);

    /// <summary>What an overview of a project counts.</summary>
    Task<ProjectCounts> CountAsync(string projectId, CancellationToken cancellationToken);

    /// <summary>Numbers of a project that a person should look at.</summary>
    /// <param name="projectId">The project.</param>
    /// <param name="mark">What is to be looked at.</param>
    /// <param name="cursor">Where the last page ended, or null.</param>
    /// <param name="limit">Rows wanted, 1 to 1,000.</param>
    /// <param name="cancellationToken">Stops the look-up.</param>
    Task<Page<MarkedNumber>> ListMarkedNumbersAsync(
        string projectId, NumberMark mark, string? cursor, int limit, CancellationToken cancellationToken);

    /// <summary>Whether deliveries can be made durable now. Never throws; answers within a second.</summary>
    Task<EngineHealth> CheckAsync(CancellationToken cancellationToken);
}
