using Kapso.Engines.Sqlite.Reading;

namespace Kapso.Engines.Sqlite;

public sealed partial class EmbeddedEngine
{
    /// <inheritdoc/>
    public Task AppendAuditAsync(AuditLine line, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(line);
        return WriteAsync(
            batch =>
            {
                batch.AppendAudit(line);
                return true;
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<bool> CompleteAuditAsync(string? projectId, string id, AuditEnd end, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(end);
        return WriteAsync(batch => batch.CompleteAudit(projectId, id, end), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<Page<AuditLine>> ListAuditAsync(AuditQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);

        // Of a project that was never heard of there is still what is shown with each.
        var running = Readable();
        var project = running.State.FindProject(query.ProjectId) ?? UnknownProject;
        var limit = Pages.Clamp(query.Limit);
        return Task.FromResult(running.Readers.Read(database => AuditPages.Merge(
            limit,
            AuditRows.List(database, project, query.ProjectId, query, limit),
            AuditRows.List(database, AuditRows.NoProject, null, query, limit))));
    }

    /// <inheritdoc/>
    public async Task RedactAuditAsync(CustomerKey key, string hash, CancellationToken cancellationToken)
    {
        if (hash == key.CustomerId)
            return;
        while (await WriteAsync(batch => batch.RedactAudit(key, hash), cancellationToken))
        {
        }
    }
}
