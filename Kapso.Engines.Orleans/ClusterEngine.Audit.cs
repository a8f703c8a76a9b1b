namespace Kapso.Engines.Orleans;

public sealed partial class ClusterEngine
{
    /// <inheritdoc/>
    public Task AppendAuditAsync(AuditLine line, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(line);
        return StoreAsync(() => _audit.AppendAsync(line), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<bool> CompleteAuditAsync(string? projectId, string id, AuditEnd end, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(end);
        return StoreAsync(() => _audit.CompleteAsync(projectId, id, end), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<Page<AuditLine>> ListAuditAsync(AuditQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        var limit = Pages.Clamp(query.Limit);
        return StoreAsync(
            async () => AuditPages.Merge(
                limit, await Task.WhenAll(_audit.ListAsync(query.ProjectId, query, limit), _audit.ListAsync(null, query, limit))),
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task RedactAuditAsync(CustomerKey key, string hash, CancellationToken cancellationToken) =>
        hash == key.CustomerId ? Task.CompletedTask : StoreAsync(() => _audit.RedactAsync(key, hash), cancellationToken);
}
