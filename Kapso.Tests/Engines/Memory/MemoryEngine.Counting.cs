using System.Collections.Concurrent;

namespace Kapso.Tests.Engines.Memory;

/// <summary>Arrivals are counted in memory only: no decision rests on them, and a write for each would be one more to fail.</summary>
public sealed partial class MemoryEngine
{
    private readonly ConcurrentDictionary<(string Project, long Day, string Name), long> _counts = new();
    private readonly ConcurrentDictionary<string, DateTimeOffset> _lastWebhooks = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public Task<ProjectCounts> CountAsync(string projectId, CancellationToken cancellationToken) =>
        GuardAsync(async () =>
        {
            var connections = (await LoadAllAsync(projectId)).ConvertAll(row => row.Connection);
            var effects = connections.SelectMany(connection => connection.Outbox).ToList();
            var numbers = connections.SelectMany(connection => connection.Numbers).ToList();
            var parked = (await _session.ScanAsync(StoreTable.Parked, projectId + "\0"))
                .Count(record => ReadParked(record.Value).Status == ParkedStatus.Waiting);
            var counts = new ProjectCounts(
                [.. connections.GroupBy(connection => connection.Status).OrderBy(group => group.Key)
                    .Select(group => new StatusCount(group.Key, group.Count()))],
                [],
                [],
                _lastWebhooks.TryGetValue(projectId, out var last) ? last : null,
                effects.Count(effect => effect.Status == EffectStatus.Held),
                effects.Count(effect => effect.Status == EffectStatus.Dead),
                parked,
                numbers.Count(number => number.Has(NumberMark.Disputed)),
                numbers.Count(number => number.Has(NumberMark.Refused)));
            return DailyCounts.Read(counts, _counts
                .Where(count => count.Key.Project == projectId && count.Key.Day >= DailyCounts.FirstDay(Now))
                .Select(count => (count.Key.Day, count.Key.Name, count.Value)));
        });

    /// <inheritdoc/>
    public Task<Page<MarkedNumber>> ListMarkedNumbersAsync(
        string projectId, NumberMark mark, string? cursor, int limit, CancellationToken cancellationToken) =>
        GuardAsync(async () =>
        {
            var rows = (await LoadAllAsync(projectId))
                .SelectMany(row => row.Connection.Numbers.Where(number => number.Has(mark))
                    .Select(number => new MarkedNumber(row.Connection.Key.CustomerId, number.PhoneNumberId)))
                .OrderBy(CursorOf, StringComparer.Ordinal)
                .Where(row => string.CompareOrdinal(CursorOf(row), cursor) > 0);
            return Cut(rows, limit, CursorOf);

            static string CursorOf(MarkedNumber row) => Name(row.CustomerId, row.PhoneNumberId);
        });

    private void CountArrival(string projectId, Observation observation, Outcome outcome)
    {
        if (DailyCounts.OfArrival(observation, outcome) is not { } name)
            return;
        Count(projectId, name);
        if (observation.Source == Source.Webhook)
            HeardWebhook(projectId, observation.ReceivedAt);
    }

    private void CountParked(ParkedDelivery delivery)
    {
        Count(delivery.ProjectId, DailyCounts.ParkedWebhook);
        HeardWebhook(delivery.ProjectId, delivery.ReceivedAt);
    }

    private void Count(string projectId, string name) =>
        _counts.AddOrUpdate((projectId, DailyCounts.DayOf(Now), name), 1, static (_, count) => count + 1);

    private void HeardWebhook(string projectId, DateTimeOffset at) =>
        _lastWebhooks.AddOrUpdate(projectId, at, (_, known) => at > known ? at : known);
}
