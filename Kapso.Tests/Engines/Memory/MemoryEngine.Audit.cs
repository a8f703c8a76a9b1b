using System.Text.Json;

namespace Kapso.Tests.Engines.Memory;

public sealed partial class MemoryEngine
{
    /// <inheritdoc/>
    public Task AppendAuditAsync(AuditLine line, CancellationToken cancellationToken) =>
        GuardAsync(async () => await _session.ReadAsync(StoreTable.Audit, NameOf(line.ProjectId, line.Id)) is not null
            || await _session.WriteAsync(StoreTable.Audit, NameOf(line.ProjectId, line.Id), line, 0));

    /// <inheritdoc/>
    public Task<bool> CompleteAuditAsync(string? projectId, string id, AuditEnd end, CancellationToken cancellationToken) =>
        GuardAsync(() => ReplaceAsync(NameOf(projectId, id), line => line.IsOpen ? line.With(end) : null));

    /// <inheritdoc/>
    public Task<Page<AuditLine>> ListAuditAsync(AuditQuery query, CancellationToken cancellationToken) =>
        GuardAsync(async () => AuditPages.Merge(
            Math.Clamp(query.Limit, 1, 1_000), await FindAuditAsync(query.ProjectId, query), await FindAuditAsync(null, query)));

    /// <inheritdoc/>
    public Task RedactAuditAsync(CustomerKey key, string hash, CancellationToken cancellationToken) =>
        GuardAsync(async () =>
        {
            foreach (var (name, _) in await _session.ScanAsync(StoreTable.Audit, key.ProjectId + "\0"))
                await ReplaceAsync(name, line => line.CustomerId == key.CustomerId ? line.Redacted(hash) : null);
            return true;
        });

    private static string NameOf(string? projectId, string id) => Name(projectId ?? NoProject, id);

    private async Task<AuditPart> FindAuditAsync(string? projectId, AuditQuery query)
    {
        var (before, from) = (AuditPages.Before(query), AuditPages.From(query));
        var lines = (await _session.ScanAsync(StoreTable.Audit, NameOf(projectId, "")))
            .Select(record => JsonSerializer.Deserialize<AuditLine>(record.Value.Value)!)
            .Where(line => query.Matches(line)
                && (before is null || string.CompareOrdinal(line.Id, before) < 0) && string.CompareOrdinal(line.Id, from) >= 0)
            .OrderByDescending(line => line.Id, StringComparer.Ordinal);
        return new AuditPart([.. lines], null);
    }

    /// <summary>Replaces a line by what is made of it; false where that is nothing, or there is no such line.</summary>
    private async Task<bool> ReplaceAsync(string name, Func<AuditLine, AuditLine?> change)
    {
        while (await _session.ReadAsync<AuditLine>(StoreTable.Audit, name) is ({ } line, var etag) && change(line) is { } changed)
        {
            if (await _session.WriteAsync(StoreTable.Audit, name, changed, etag))
                return true;
        }

        return false;
    }

    private async Task PruneAuditAsync()
    {
        var first = AuditLine.FirstId(Now - _options.AuditKeep);
        foreach (var (name, record) in await _session.ScanAsync(StoreTable.Audit, ""))
        {
            if (string.CompareOrdinal(JsonSerializer.Deserialize<AuditLine>(record.Value)!.Id, first) < 0)
                await _session.WriteAsync(StoreTable.Audit, name, null, record.ETag);
        }
    }
}
