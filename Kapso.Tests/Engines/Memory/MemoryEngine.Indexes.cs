using System.Text.Json;

namespace Kapso.Tests.Engines.Memory;

public sealed partial class MemoryEngine
{
    /// <summary>Customers kept as candidates for one number.</summary>
    private const int MaxCandidates = 8;

    /// <inheritdoc/>
    public Task<CustomerKey?> FindByStateAsync(string state, CancellationToken cancellationToken) =>
        GuardAsync(async () => (await _session.ReadAsync<Owner>(StoreTable.States, state)).Value?.Key);

    /// <inheritdoc/>
    public Task<CustomerKey?> FindByLinkAsync(string projectId, string setupLinkId, CancellationToken cancellationToken) =>
        GuardAsync(async () => (await _session.ReadAsync<Owner>(StoreTable.Links, Name(projectId, setupLinkId))).Value?.Key);

    /// <summary>
    /// The newest candidate whose record bears it out: connected, or else gone. One that dangles (its record was never
    /// written) is passed over.
    /// </summary>
    public Task<CustomerKey?> FindByNumberAsync(string projectId, string phoneNumberId, CancellationToken cancellationToken) =>
        GuardAsync(async () =>
        {
            CustomerKey? gone = null;
            foreach (var candidate in (await CandidatesAsync(projectId, phoneNumberId)).Reverse())
            {
                switch (await StatusOfAsync(candidate, phoneNumberId))
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
        });

    /// <summary>
    /// Who has to be told: the newest other candidate that has the number. An earlier try at this very write may have made
    /// the customer the newest candidate already, so the index alone does not tell.
    /// </summary>
    private async Task<Observation> WithPreviousOwnerAsync(CustomerKey key, Observation observation)
    {
        if (observation.PhoneNumberId is not { } phoneNumberId
            || observation.Kind is not (ObservationKind.Created or ObservationKind.Reconnected or ObservationKind.ApiConnected))
            return observation;

        var others = (await CandidatesAsync(key.ProjectId, phoneNumberId)).Where(candidate => candidate != key).Reverse().ToList();
        foreach (var other in others)
        {
            if (await StatusOfAsync(other, phoneNumberId) == NumberStatus.Connected)
                return observation with { PreviousOwner = other.CustomerId };
        }

        return observation with { PreviousOwner = others is [var newest, ..] ? newest.CustomerId : null };
    }

    /// <summary>Writes what finds the connection, before the connection itself.</summary>
    private async Task IndexAsync(Connection before, Connection after, string? provenNumber)
    {
        foreach (var link in after.SetupLinks)
        {
            var known = before.SetupLinks.FirstOrDefault(other => other.Id == link.Id);
            if (known?.State != link.State)
                await PointAsync(StoreTable.States, link.State, after.Key);
            if (link.PlatformId is { } platformId && known?.PlatformId != platformId)
                await PointAsync(StoreTable.Links, Name(after.Key.ProjectId, platformId), after.Key);
        }

        if (provenNumber is not null)
            await TakeNumberAsync(after.Key, provenNumber, onlyIfFree: false);
        foreach (var number in after.Numbers)
        {
            // A number that is proven gone was somebody's: theirs who says so, unless somebody is known to have had it.
            if (number.Status == NumberStatus.Gone && number.PhoneNumberId != provenNumber
                && before.FindNumber(number.PhoneNumberId)?.Status != NumberStatus.Gone)
                await TakeNumberAsync(after.Key, number.PhoneNumberId, onlyIfFree: true);
        }

        if (after.WakeAt is { } wakeAt)
            await WakeAtAsync(after.Key, wakeAt);
    }

    private async Task PointAsync(StoreTable table, string name, CustomerKey key)
    {
        // Whoever was first keeps it: states are random, and the platform gives a link to one customer.
        if (await _session.ReadAsync(table, name) is null)
            await _session.WriteAsync(table, name, new Owner(key), 0);
    }

    /// <summary>Takes out, after the connection was written, what finds it by a link that it has no more.</summary>
    private async Task ForgetLinksAsync(Connection before, Connection after)
    {
        foreach (var link in before.SetupLinks)
        {
            if (after.SetupLinks.All(other => other.State != link.State))
                await ForgetAsync(StoreTable.States, link.State, after.Key);
            if (link.PlatformId is { } platformId && after.SetupLinks.All(other => other.PlatformId != platformId))
                await ForgetAsync(StoreTable.Links, Name(after.Key.ProjectId, platformId), after.Key);
        }
    }

    private async Task ForgetAsync(StoreTable table, string name, CustomerKey key)
    {
        var (owner, etag) = await _session.ReadAsync<Owner>(table, name);
        if (owner?.Key == key)
            await _session.WriteAsync(table, name, null, etag);
    }

    private async Task TakeNumberAsync(CustomerKey key, string phoneNumberId, bool onlyIfFree)
    {
        for (var conflicts = 0; conflicts < MaxConflicts; conflicts++)
        {
            var (candidates, etag) = await _session.ReadAsync<CustomerKey[]>(StoreTable.Numbers, Name(key.ProjectId, phoneNumberId));
            if (candidates is [.., var last] && (last == key || onlyIfFree))
                return;

            CustomerKey[] after = [.. (candidates ?? []).Where(candidate => candidate != key).TakeLast(MaxCandidates - 1), key];
            if (await _session.WriteAsync(StoreTable.Numbers, Name(key.ProjectId, phoneNumberId), after, etag))
                return;
        }

        throw new StoreFailedException($"The index of number {phoneNumberId} changed too often.");
    }

    /// <summary>
    /// Makes sure that the sweep looks at the customer no later than this. Written even where it says nothing new: the new
    /// ETag keeps a sweep that saw the customer idle from taking the entry away.
    /// </summary>
    private async Task WakeAtAsync(CustomerKey key, DateTimeOffset at)
    {
        for (var conflicts = 0; conflicts < MaxConflicts; conflicts++)
        {
            var (due, etag) = await _session.ReadAsync<DueTime>(StoreTable.DueTimes, Name(key));
            if (await _session.WriteAsync(StoreTable.DueTimes, Name(key), new DueTime(key, due?.At < at ? due.At : at), etag))
                return;
        }

        throw new StoreFailedException($"The due time of {key} changed too often.");
    }

    private async Task<CustomerKey[]> CandidatesAsync(string projectId, string phoneNumberId) =>
        (await _session.ReadAsync<CustomerKey[]>(StoreTable.Numbers, Name(projectId, phoneNumberId))).Value ?? [];

    private async Task<NumberStatus?> StatusOfAsync(CustomerKey key, string phoneNumberId) =>
        (await LoadAsync(key))?.FindNumber(phoneNumberId)?.Status;

    /// <summary>What an index record points to.</summary>
    private sealed record Owner(CustomerKey Key);

    /// <summary>When the sweep has to look at a customer.</summary>
    private sealed record DueTime(CustomerKey Key, DateTimeOffset At)
    {
        public static DueTime Read(StoredRecord record) => JsonSerializer.Deserialize<DueTime>(record.Value)!;
    }
}
