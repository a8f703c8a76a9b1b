using StackExchange.Redis;

namespace Kapso.Engines.Orleans.Redis;

/// <summary>
/// Counts what arrives in this process, and adds it to the counts in Redis once a second: whatever the load is, that costs
/// the store a few writes a second. A process that dies takes up to a second of counts with it; nothing rests on them.
/// </summary>
internal sealed class ArrivalCounter(
    [FromKeyedServices(RedisConnection.Name)] IConnectionMultiplexer redis, StoreKeys keys, EngineClock clock, TimeProvider time)
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Life = TimeSpan.FromDays(ProjectCounts.Days + 1);

    private readonly Lock _lock = new();
    private Dictionary<(string Project, long Day, string Name), long> _counts = [];
    private Dictionary<string, DateTimeOffset> _lastWebhooks = new(StringComparer.Ordinal);
    private bool _waits;

    /// <summary>An observation was folded in, or held.</summary>
    public void Arrived(string project, Observation observation, Outcome outcome)
    {
        if (DailyCounts.OfArrival(observation, outcome) is not { } name)
            return;
        Add(project, name, observation.Source == Source.Webhook ? observation.ReceivedAt : null);
    }

    /// <summary>A webhook was parked.</summary>
    public void Parked(ParkedDelivery delivery) => Add(delivery.ProjectId, DailyCounts.ParkedWebhook, delivery.ReceivedAt);

    /// <summary>A setup failed.</summary>
    public void Failed(string project, string errorCode) => Add(project, DailyCounts.OfFailure(errorCode), null);

    /// <summary>A webhook came that changes no connection.</summary>
    public void Heard(string project, DateTimeOffset at) => Add(project, null, at);

    /// <summary>Adds what was counted so far to the counts in Redis. What cannot be added is counted no more.</summary>
    public async Task FlushAsync()
    {
        Dictionary<(string Project, long Day, string Name), long> counts;
        Dictionary<string, DateTimeOffset> lastWebhooks;
        lock (_lock)
        {
            _waits = false;
            (counts, lastWebhooks) = (_counts, _lastWebhooks);
            if (counts.Count == 0 && lastWebhooks.Count == 0)
                return;
            (_counts, _lastWebhooks) = ([], new(StringComparer.Ordinal));
        }

        var database = redis.GetDatabase();
        var writes = new List<Task>(counts.Count + lastWebhooks.Count);
        foreach (var day in counts.GroupBy(count => (count.Key.Project, count.Key.Day)))
        {
            var key = keys.Counts(day.Key.Project, day.Key.Day);
            writes.AddRange(day.Select(count => database.HashIncrementAsync(key, count.Key.Name, count.Value)));
            writes.Add(database.KeyExpireAsync(key, Life, ExpireWhen.HasNoExpiry));
        }

        foreach (var (project, at) in lastWebhooks)
            writes.Add(database.SortedSetAddAsync(keys.LastWebhooks, project, at.ToUnixTimeMilliseconds(), SortedSetWhen.GreaterThan));
        await Task.WhenAll(writes);
    }

    private void Add(string project, string? name, DateTimeOffset? webhookAt)
    {
        lock (_lock)
        {
            if (name is not null)
            {
                var key = (project, DailyCounts.DayOf(clock.Now), name);
                _counts[key] = _counts.GetValueOrDefault(key) + 1;
            }

            if (webhookAt is { } at && (!_lastWebhooks.TryGetValue(project, out var last) || at > last))
                _lastWebhooks[project] = at;
            if (_waits)
                return;
            _waits = true;
        }

        _ = FlushSoonAsync();
    }

    private async Task FlushSoonAsync()
    {
        await Task.Delay(Wait, time);
        await FlushAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
