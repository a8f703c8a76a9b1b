namespace Kapso.Engines.Contract;

/// <summary>What is counted and kept for a project beside its connections. Part of <see cref="IConnectionEngine"/>, whose rules hold for it.</summary>
public interface IActivity
{
    /// <summary>Keeps a redirect that finds no customer, bounded in number and for 24 hours, until a proof for its number comes.</summary>
    /// <returns>How many older ones made room for it.</returns>
    Task<int> HoldHintAsync(string projectId, Observation hint, CancellationToken cancellationToken);

    /// <summary>Counts an authentic event that is not ours, or a test delivery, by name, and keeps the last of each name. Need not be durable at return.</summary>
    Task CountEventAsync(string projectId, SeenEvent seen, CancellationToken cancellationToken);

    /// <summary>Keeps a failed setup whose link is not known, in a bounded list.</summary>
    Task KeepFailedSetupAsync(string projectId, FailedSetup failed, CancellationToken cancellationToken);

    /// <summary>Writes an intent down, unless another one for the same id of the company's holds. Repeating one's own is the same.</summary>
    /// <returns>Whether it holds now.</returns>
    Task<bool> IntendCustomerAsync(string projectId, CustomerIntent intent, CancellationToken cancellationToken);

    /// <summary>Takes an intent back of which nothing came; where it does not hold (any more), nothing changes.</summary>
    Task WithdrawCustomerAsync(string projectId, CustomerIntent intent, CancellationToken cancellationToken);

    /// <summary>
    /// Adds what a process turned away, bounded whatever it is told. A repeat counts twice: unlike all other writes it is not
    /// idempotent, as nothing is decided by it.
    /// </summary>
    /// <param name="projectId">The project; null for what is of no project, which is shown with each.</param>
    /// <param name="tallies">What was turned away, each kind once.</param>
    /// <param name="cancellationToken">Stops waiting for it.</param>
    Task AddTurnedAwayAsync(string? projectId, IReadOnlyList<TurnedAwayTally> tallies, CancellationToken cancellationToken);

    /// <summary>What was counted and kept for a project beside its connections.</summary>
    Task<ProjectActivity> ReadActivityAsync(string projectId, CancellationToken cancellationToken);

    /// <summary>What an overview of a project counts.</summary>
    Task<ProjectCounts> CountAsync(string projectId, CancellationToken cancellationToken);
}
