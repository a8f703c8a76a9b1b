using StackExchange.Redis;

namespace Kapso.Engines.Orleans.Redis;

/// <summary>
/// Counts what arrives in this process, and what parked deliveries it pruned, and adds it to the counts in Redis once a second: whatever the load is, that costs
/// the store a few writes a second. A process that dies takes up to a second of counts with it; nothing rests on them.
/// </summary>
internal sealed partial class ArrivalCounter(
    [FromKeyedServices(RedisConnection.Name)] IConnectionMultiplexer redis, StoreKeys keys, EngineClock clock, TimeProvider time,
    ILogger<ArrivalCounter> logger)
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Life = TimeSpan.FromDays(ProjectCounts.Days + 1);

    private readonly TurnedAwayStore _turnedAway = new(redis, keys);
    private readonly Lock _lock = new();
    private Dictionary<(string Project, long Day, string Name), long> _counts = [];
    private Dictionary<string, DateTimeOffset> _lastWebhooks = new(StringComparer.Ordinal);
    private Dictionary<string, PrunedParked> _pruned = new(StringComparer.Ordinal);
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

    /// <summary>An attempt to send to a receiver ended.</summary>
    public void Sent(string project, string receiver, bool wentThrough) => Add(project, DailyCounts.OfAttempt(receiver, wentThrough), null);

    /// <summary>A webhook came that changes no connection.</summary>
    public void Heard(string project, DateTimeOffset at) => Add(project, null, at);

    /// <summary>Parked deliveries were pruned: those that waited are told of.</summary>
    public void Pruned(string project, PrunedParked pruned)
    {
        if (pruned is { Expired: 0, Dropped: 0 })
            return;
        lock (_lock)
        {
            var known = _pruned.GetValueOrDefault(project);
            _pruned[project] = new PrunedParked(0, known.Expired + pruned.Expired, known.Dropped + pruned.Dropped);
        }

        Add(project, null, null);
    }

    /// <summary>Adds what was counted so far to the counts in Redis. What cannot be added is counted no more.</summary>
    public async Task FlushAsync()
    {
        Dictionary<(string Project, long Day, string Name), long> counts;
        Dictionary<string, DateTimeOffset> lastWebhooks;
        Dictionary<string, PrunedParked> pruned;
        lock (_lock)
        {
            _waits = false;
            (counts, lastWebhooks, pruned) = (_counts, _lastWebhooks, _pruned);
            if (counts.Count == 0 && lastWebhooks.Count == 0 && pruned.Count == 0)
                return;
            (_counts, _lastWebhooks, _pruned) = ([], new(StringComparer.Ordinal), new(StringComparer.Ordinal));
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
        foreach (var (project, gone) in pruned)
        {
            LogPruned(project, gone.Dropped, gone.Expired);
            writes.Add(_turnedAway.AddAsync(project, ParkedRetentions.TallyGone(gone.Expired, gone.Dropped, clock.Now), clock.Now));
        }

        await Task.WhenAll(writes);
    }

    [LoggerMessage(1, LogLevel.Warning,
        "Parked deliveries of project {ProjectId} that waited are gone: {Dropped} for lack of room, {Expired} by their age. They were not folded in: see Kapso:Parked:MaxCount and Kapso:Parked:MaxAge, and reconcile.")]
    private partial void LogPruned(string projectId, long dropped, long expired);

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
