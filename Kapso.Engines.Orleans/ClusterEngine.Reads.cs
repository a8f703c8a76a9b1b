using Kapso.Connections.Reconciling;
using Kapso.Engines.Orleans.Redis;

namespace Kapso.Engines.Orleans;

public sealed partial class ClusterEngine
{
    /// <inheritdoc/>
    public Task<Connection?> FindAsync(CustomerKey key, CancellationToken cancellationToken) =>
        CallAsync(key, static grain => grain.FindAsync(), cancellationToken);

    /// <inheritdoc/>
    public async Task<CustomerKey?> FindByStateAsync(string state, CancellationToken cancellationToken)
    {
        var found = await StoreAsync(() => _redis.GetDatabase().HashGetAsync(_keys.States, state), cancellationToken);
        return found.HasValue && found.ToString().Split(StoreKeys.Separator) is [var project, var customer]
            ? new CustomerKey(project, customer)
            : null;
    }

    /// <inheritdoc/>
    public async Task<CustomerKey?> FindByLinkAsync(string projectId, string setupLinkId, CancellationToken cancellationToken)
    {
        var found = await StoreAsync(
            () => _redis.GetDatabase().HashGetAsync(_keys.Links(projectId), setupLinkId), cancellationToken);
        return found.HasValue ? new CustomerKey(projectId, found.ToString()) : null;
    }

    /// <summary>
    /// The newest candidate whose connection bears it out: connected, or else gone. One that dangles (its connection was
    /// never written) is passed over.
    /// </summary>
    public async Task<CustomerKey?> FindByNumberAsync(
        string projectId, string phoneNumberId, CancellationToken cancellationToken)
    {
        CustomerKey? gone = null;
        foreach (var candidate in await FindCandidatesAsync(projectId, phoneNumberId, cancellationToken))
        {
            switch (await CallAsync(candidate, grain => grain.FindNumberStatusAsync(phoneNumberId), cancellationToken))
            {
                case NumberStatus.Connected:
                    return candidate;
                case NumberStatus.Gone:
                    gone ??= candidate;
                    break;
                default:
                    break;
            }
        }

        return gone;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<LinksToCheck>> ListLinksToCheckAsync(
        string projectId, int limit, CancellationToken cancellationToken) =>
        StoreAsync(
            () => _linkChecks.ListAsync(projectId, limit, key => FindAsync(key, cancellationToken)), cancellationToken);

    /// <inheritdoc/>
    public Task<Page<ConnectionRow>> ListConnectionsAsync(ConnectionQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        return StoreAsync(() => _connections.ListAsync(query), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<Page<EffectRow>> ListEffectsAsync(
        string projectId, EffectStatus status, string? cursor, int limit, CancellationToken cancellationToken) =>
        StoreAsync(
            () => _effects.ListAsync(projectId, status, cursor, limit, key => FindAsync(key, cancellationToken)),
            cancellationToken);

    /// <inheritdoc/>
    public Task<Page<ParkedHead>> ListParkedAsync(
        string projectId, string? cursor, int limit, CancellationToken cancellationToken) =>
        StoreAsync(() => _parked.ListAsync(projectId, cursor, limit), cancellationToken);

    /// <inheritdoc/>
    public Task<ParkedDelivery?> FindParkedAsync(string projectId, string id, CancellationToken cancellationToken) =>
        StoreAsync(() => _parked.FindAsync(projectId, id), cancellationToken);

    /// <inheritdoc/>
    public Task<ProjectActivity> ReadActivityAsync(string projectId, CancellationToken cancellationToken) =>
        StoreAsync(() => _activity.ReadAsync(projectId, _clock.Now), cancellationToken);

    /// <inheritdoc/>
    public Task<Reconciliation> ReadReconciliationAsync(string projectId, CancellationToken cancellationToken) =>
        StoreAsync(() => _reconciliations.ReadAsync(projectId), cancellationToken);

    /// <summary>What this process counted is counted first, so that what somebody has just seen happen is in it.</summary>
    public Task<ProjectCounts> CountAsync(string projectId, CancellationToken cancellationToken) => StoreAsync(
        async () =>
        {
            await _arrivals.FlushAsync();
            return await _counts.ReadAsync(projectId, _clock.Now);
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<Page<MarkedNumber>> ListMarkedNumbersAsync(
        string projectId, NumberMark mark, string? cursor, int limit, CancellationToken cancellationToken) =>
        StoreAsync(() => _counts.ListMarkedAsync(projectId, mark, cursor, limit, _clock.Now), cancellationToken);

    /// <summary>
    /// Whether deliveries can be made durable: Redis takes a write. Where no silo answers they are parked in it, which is
    /// durable too. Says also where Redis does not keep what it acknowledged.
    /// </summary>
    public Task<EngineHealth> CheckAsync(CancellationToken cancellationToken) => _health.CheckAsync(cancellationToken);

    /// <summary>Who may have the number by the index, the newest first.</summary>
    private async Task<IEnumerable<CustomerKey>> FindCandidatesAsync(
        string projectId, string phoneNumberId, CancellationToken cancellationToken)
    {
        var found = await StoreAsync(
            () => _redis.GetDatabase().HashGetAsync(_keys.Numbers(projectId), phoneNumberId), cancellationToken);
        return found.ToString().Split(StoreKeys.Separator, StringSplitOptions.RemoveEmptyEntries)
            .Reverse()
            .Select(customer => new CustomerKey(projectId, customer));
    }
}
