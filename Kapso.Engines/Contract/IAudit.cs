namespace Kapso.Engines.Contract;

/// <summary>
/// Keeps what people and keys did. Nothing changes or deletes a line but its one outcome, its age, and the erasure of its customer. Part
/// of <see cref="IConnectionEngine"/>, whose rules hold for it.
/// </summary>
public interface IAudit
{
    /// <summary>Writes a line down: before the act that it tells of begins, or whole. Repeating the same id changes nothing.</summary>
    Task AppendAuditAsync(AuditLine line, CancellationToken cancellationToken);

    /// <summary>Completes an open line with its outcome, once: a line that has one stays as it is.</summary>
    /// <param name="projectId">The line's project; null for what is of none.</param>
    /// <param name="id">The line.</param>
    /// <param name="end">How it ended.</param>
    /// <param name="cancellationToken">Stops waiting for it.</param>
    /// <returns>Whether it was open; false also where it is not kept (any more).</returns>
    Task<bool> CompleteAuditAsync(string? projectId, string id, AuditEnd end, CancellationToken cancellationToken);

    /// <summary>
    /// Lines of a project and of none, the newest first. The work for a page is bounded: where few lines are as wanted, a page holds
    /// fewer than its limit, or none, and goes on at its cursor.
    /// </summary>
    Task<Page<AuditLine>> ListAuditAsync(AuditQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// Puts a hash in place of the customer's id, and of what each line was done to, in every line of the customer. Can be repeated, and
    /// goes on where an earlier call was interrupted.
    /// </summary>
    /// <param name="key">The customer, who is being erased.</param>
    /// <param name="hash">What stands for them; as <see cref="BoundedId"/> demands.</param>
    /// <param name="cancellationToken">Stops waiting for it; lines that were changed by then stay so.</param>
    Task RedactAuditAsync(CustomerKey key, string hash, CancellationToken cancellationToken);
}
