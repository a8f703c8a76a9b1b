using Kapso.Engines.Erasing;
using Kapso.Engines.Orleans.Redis;

namespace Kapso.Engines.Orleans;

public sealed partial class ClusterEngine : IErasureStore
{
    /// <inheritdoc/>
    public Task<Erasure> EraseAsync(CustomerKey key, CancellationToken cancellationToken) =>
        Eraser.EraseAsync(key, cancellationToken);

    /// <inheritdoc/>
    public Task<Erasure?> FindErasureAsync(CustomerKey key, CancellationToken cancellationToken) => StoreAsync(
        async () => (await _store.ReadAsync()).Erasures is { } secret ? await _erasures.FindAsync(secret.OfCustomer(key)) : null, cancellationToken);

    /// <summary>
    /// Makes the key of another store's erasures this one's, and waits until every silo has heard of it: before anything else of that store is
    /// taken over. Repeating it is the same.
    /// </summary>
    /// <param name="secret">The key.</param>
    /// <param name="cancellationToken">Stops waiting for it.</param>
    /// <returns>Whether it is the key now; false where customers were erased here under another one.</returns>
    public async Task<bool> ImportErasureKeyAsync(ErasureKey secret, CancellationToken cancellationToken)
    {
        if (secret.Equals((await StoreAsync(_store.ReadAsync, cancellationToken)).Erasures))
            return true;
        if (await StoreAsync(_erasures.AnyAsync, cancellationToken))
            return false;
        await StoreAsync(() => _store.TakeErasureKeyAsync(secret), cancellationToken);
        await Task.Delay(StoreWatch.Heard, _clock.Time, cancellationToken);
        return true;
    }

    /// <summary>Takes over what is remembered of an erased customer. Where the customer was erased here as well, that stays.</summary>
    /// <param name="erasure">What is remembered, under the key that is this store's.</param>
    /// <param name="cancellationToken">Stops waiting for it.</param>
    public Task ImportErasureAsync(Erasure erasure, CancellationToken cancellationToken) =>
        StoreAsync(() => _erasures.ImportAsync(erasure), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Erasure>> ContinueErasuresAsync(string projectId, CancellationToken cancellationToken) =>
        Eraser.ContinueAsync(projectId, cancellationToken);

    Task<UnfinishedErasures> IErasureStore.ListUnfinishedAsync(string projectId, CancellationToken cancellationToken) =>
        StoreAsync(() => _erasures.ListUnfinishedAsync(projectId), cancellationToken);

    async Task<(string Hash, ErasedNames Names)> IErasureStore.BeginAsync(CustomerKey key, bool goesOn, CancellationToken cancellationToken)
    {
        var connection = await FindAsync(key, cancellationToken);
        if (goesOn && connection is not null && await StoreAsync(() => _erasures.FindNamesAsync(key), cancellationToken) is { } begun && !begun.AreOf(connection))
            return ((await StoreAsync(_store.ReadAsync, cancellationToken)).Erasures!.OfCustomer(key), begun);
        var others = new HashSet<string>(StringComparer.Ordinal);
        foreach (var number in connection?.Numbers ?? [])
        {
            if (await FindByNumberAsync(key.ProjectId, number.PhoneNumberId, cancellationToken) is { } owner && owner != key)
                others.Add(number.PhoneNumberId);
        }

        var names = await StoreAsync(() => _erasures.BeginAsync(key, ErasedNames.Of(key, connection, others.Contains)), cancellationToken);
        var traces = await StoreAsync(() => ErasedTraces.FindAsync(_redis.GetDatabase(), _keys, key), cancellationToken);
        var hash = await CallAsync(
            key, grain => grain.EraseAsync(traces.Numbers, traces.States, traces.Links, traces.Entries), cancellationToken);
        return (hash, names);
    }

    Task<long> IErasureStore.EraseMessagesAsync(CustomerKey key, CancellationToken cancellationToken) =>
        StoreAsync(() => _messages.EraseAsync(key), cancellationToken);

    Task<ErasedCounts> IErasureStore.EraseBesideAsync(string projectId, ErasedNames names, CancellationToken cancellationToken) => StoreAsync(
        async () =>
        {
            foreach (var ownId in names.OwnIds)
                await _intents.ForgetAsync(projectId, ownId);
            var (eventBodies, failedSetups) = await _activity.EraseAsync(projectId, names);
            return new ErasedCounts
            {
                Parked = await _parked.EraseAsync(projectId, names),
                Hints = await _hints.EraseAsync(projectId, names),
                EventBodies = eventBodies,
                FailedSetups = failedSetups,
            };
        },
        cancellationToken);

    Task<BytesLeft> IErasureStore.EraseBytesAsync(CancellationToken cancellationToken) =>
        StoreAsync(() => ErasedBytes.EraseAsync(_redis, cancellationToken), cancellationToken);

    Task IErasureStore.ForgetNamesAsync(CustomerKey key, string hash, CancellationToken cancellationToken) =>
        StoreAsync(() => _erasures.ForgetNamesAsync(key, hash), cancellationToken);

    Task<Erasure> IErasureStore.ChangeErasureAsync(
        string projectId, string hash, Func<Erasure, Erasure> change, CancellationToken cancellationToken) => StoreAsync(
        async () =>
        {
            var erasure = await _erasures.ChangeAsync(hash, before => change(before!));
            if (erasure.CompletedAt is not null)
                await _erasures.EndAsync(projectId, hash);
            return erasure;
        },
        cancellationToken);

    private Eraser Eraser => new(this, this, _clock.Time);
}
