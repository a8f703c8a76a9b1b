using Kapso.Connections.Reconciling;

namespace Kapso.Engines.Contract;

/// <summary>Where each project's reconciliation stands. Part of <see cref="IConnectionEngine"/>, whose rules hold for it.</summary>
public interface IPasses
{
    /// <summary>Where the project's reconciliation stands, as last written.</summary>
    Task<Reconciliation> ReadReconciliationAsync(string projectId, CancellationToken cancellationToken);

    /// <summary>
    /// Writes where the project's reconciliation stands, unless somebody else wrote since it was read: its version is one above
    /// the one that is kept. Writing the very same again is no conflict.
    /// </summary>
    /// <returns>Whether it is written; false where it must be read again.</returns>
    Task<bool> SaveReconciliationAsync(string projectId, Reconciliation reconciliation, CancellationToken cancellationToken);

    /// <summary>
    /// When the store took the place of another one while the service worked on that, and nobody has accepted it for the project since;
    /// null where nothing is to be accepted. Until then, numbers that are learned from the platform's API are adopted, not greeted.
    /// </summary>
    Task<DateTimeOffset?> FindReplacementAsync(string projectId, CancellationToken cancellationToken);

    /// <summary>Takes a person's word that the store is as it is to be for the project.</summary>
    /// <param name="projectId">The project.</param>
    /// <param name="by">Who gives it, at most <see cref="TimelineEntry.MaxBy"/> characters.</param>
    /// <param name="cancellationToken">Stops waiting for it.</param>
    /// <returns>Whether there was something to accept.</returns>
    Task<bool> AcceptStoreAsync(string projectId, string by, CancellationToken cancellationToken);
}
