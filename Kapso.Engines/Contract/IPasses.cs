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
}
