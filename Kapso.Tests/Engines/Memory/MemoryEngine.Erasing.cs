using System.Text.Json;
using Kapso.Connections.Storage;
using Kapso.Engines.Erasing;

namespace Kapso.Tests.Engines.Memory;

/// <summary>Erasing customers: what is to be remembered is written first, then what finds the connection goes, then the connection.</summary>
public sealed partial class MemoryEngine : IErasureStore
{
    private const string KeyName = "";

    private ErasureKey? _erasures;

    /// <inheritdoc/>
    public Task<Erasure> EraseAsync(CustomerKey key, CancellationToken cancellationToken) =>
        new Eraser(this, this, _options.Time).EraseAsync(key, cancellationToken);

    /// <inheritdoc/>
    public Task<Erasure?> FindErasureAsync(CustomerKey key, CancellationToken cancellationToken) => GuardAsync(() => FindErasureAsync(key));

    /// <inheritdoc/>
    public Task<IReadOnlyList<Erasure>> ContinueErasuresAsync(string projectId, CancellationToken cancellationToken) =>
        new Eraser(this, this, _options.Time).ContinueAsync(projectId, cancellationToken);

    Task<UnfinishedErasures> IErasureStore.ListUnfinishedAsync(string projectId, CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        var records = (await _session.ScanAsync(StoreTable.Erasing, Name(projectId, "")))
            .ToLookup(static record => record.Value.Value.Length == 0, record => record.Key[(projectId.Length + 1)..]);
        return new UnfinishedErasures([.. records[false]], [.. records[true]]);
    });

    Task<(string Hash, ErasedNames Names)> IErasureStore.BeginAsync(CustomerKey key, bool goesOn, CancellationToken cancellationToken) =>
        _turns.RunAsync(key, () => GuardAsync(async () =>
        {
            await FindErasureAsync(key); // Reads the key of the store.
            var (hash, record) = (_erasures!.OfCustomer(key), await _session.ReadAsync(StoreTable.Connections, Name(key)));
            var connection = record is null ? null : ConnectionJson.Read(record.Value);
            var begun = (await _session.ReadAsync<ErasedNames>(StoreTable.Erasing, Name(key))).Value;
            if (goesOn && connection is not null && begun?.AreOf(connection) == false)
                return (hash, begun);
            var others = new HashSet<string>(StringComparer.Ordinal);
            foreach (var number in connection?.Numbers ?? [])
            {
                if (await FindByNumberAsync(key.ProjectId, number.PhoneNumberId, cancellationToken) is { } owner && owner != key)
                    others.Add(number.PhoneNumberId);
            }

            var names = ErasedNames.Of(key, connection, others.Contains).With(begun);
            await PutAsync(StoreTable.Erasing, Name(key), JsonSerializer.SerializeToUtf8Bytes(names));
            while (await _session.ReadAsync<Erasure>(StoreTable.Erasures, hash) is var (before, etag)
                && !await _session.WriteAsync(StoreTable.Erasures, hash, Erasure.Begin(key, connection, before, _erasures, Now), etag))
            {
                // Somebody else wrote first.
            }

            await ForgetLinksAsync(connection ?? Connection.Empty(key), Connection.Empty(key));
            foreach (var (name, stored) in await _session.ScanAsync(StoreTable.Numbers, Name(key.ProjectId, "")))
            {
                if (JsonSerializer.Deserialize<CustomerKey[]>(stored.Value)! is var candidates && candidates.Contains(key))
                    await PutAsync(StoreTable.Numbers, name, JsonSerializer.SerializeToUtf8Bytes(candidates.Where(candidate => candidate != key)));
            }

            await PutAsync(StoreTable.DueTimes, Name(key), null);
            await PutAsync(StoreTable.Connections, Name(key), null);
            return (hash, names);
        }));

    Task<long> IErasureStore.EraseMessagesAsync(CustomerKey key, CancellationToken cancellationToken) => GuardAsync(() => EraseWhereAsync(
        StoreTable.Messages, key.ProjectId, record => JsonSerializer.Deserialize<ReceiverMessage>(record.Value)!.CustomerId == key.CustomerId));

    Task<ErasedCounts> IErasureStore.EraseBesideAsync(string projectId, ErasedNames names, CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        foreach (var ownId in names.OwnIds)
            await PutAsync(StoreTable.CustomerIntents, projectId + "\0" + ownId, null);
        var parked = 0L;
        foreach (var (name, record) in await _session.ScanAsync(StoreTable.Parked, Name(projectId, "")))
        {
            var delivery = ReadParked(record);
            var redacted = names.Redact(delivery);
            if (ReferenceEquals(redacted, delivery))
                continue;
            if (await _session.WriteAsync(StoreTable.Parked, name, redacted is null ? null : JsonSerializer.SerializeToUtf8Bytes(redacted), record.ETag))
                parked++;
        }

        var counts = new ErasedCounts
        {
            Parked = parked,
            Hints = await EraseWhereAsync(StoreTable.Hints, projectId, record => names.AreIn(record.Value)),
        };
        await ChangeActivityAsync(projectId, activity =>
        {
            counts = counts with { FailedSetups = activity.FailedSetups.RemoveAll(failed => names.AreIn(failed.SetupLinkId)) };
            foreach (var (name, seen) in activity.Events.Where(seen => names.AreIn(seen.Value.LastBody.Span)).ToList())
            {
                activity.Events[name] = seen with { LastBody = default };
                counts = counts with { EventBodies = counts.EventBodies + 1 };
            }
        });
        return counts;
    });

    Task<BytesLeft> IErasureStore.EraseBytesAsync(CancellationToken cancellationToken) => Task.FromResult(BytesLeft.None);

    Task IErasureStore.ForgetNamesAsync(CustomerKey key, string hash, CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        await PutAsync(StoreTable.Erasing, Name(key.ProjectId, hash), []);
        await PutAsync(StoreTable.Erasing, Name(key), null);
        return true;
    });

    Task<Erasure> IErasureStore.ChangeErasureAsync(
        string projectId, string hash, Func<Erasure, Erasure> change, CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        while (await _session.ReadAsync<Erasure>(StoreTable.Erasures, hash) is ({ } erasure, var etag))
        {
            var changed = change(erasure);
            if (!await _session.WriteAsync(StoreTable.Erasures, hash, changed, etag))
                continue;
            if (changed.CompletedAt is not null)
                await PutAsync(StoreTable.Erasing, Name(projectId, hash), null);
            return changed;
        }

        throw new StoreFailedException("The erasure that was begun is not there any more.");
    });

    private async Task<Erasure?> FindErasureAsync(CustomerKey key)
    {
        while (_erasures is null)
        {
            if (await _session.ReadAsync(StoreTable.Erasures, KeyName) is { } stored)
                _erasures = new ErasureKey(stored.Value);
            else
                await _session.WriteAsync(StoreTable.Erasures, KeyName, ErasureKey.Create().ToBytes(), 0);
        }

        return (await _session.ReadAsync<Erasure>(StoreTable.Erasures, _erasures.OfCustomer(key))).Value;
    }

    private async Task<long> EraseWhereAsync(StoreTable table, string projectId, Predicate<StoredRecord> isNamed)
    {
        var erased = 0L;
        foreach (var (name, record) in await _session.ScanAsync(table, Name(projectId, "")))
        {
            if (isNamed(record) && await _session.WriteAsync(table, name, null, record.ETag))
                erased++;
        }

        return erased;
    }

    /// <summary>Writes a record, or removes it, whoever wrote it before.</summary>
    private async Task PutAsync(StoreTable table, string name, byte[]? value)
    {
        while (await _session.ReadAsync(table, name) is var stored && (stored is not null || value is not null))
        {
            if (await _session.WriteAsync(table, name, value, stored?.ETag ?? 0))
                return;
        }
    }
}
