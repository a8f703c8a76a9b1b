using System.Collections.Concurrent;
using Kapso.Engines.Budget;
using Kapso.Platform.Api;

namespace Kapso.Platform.Numbers;

/// <summary>
/// Asks for the health of numbers when a person wants to know, and keeps the answers in this process. The platform keeps them
/// for 3 minutes and takes 5 such questions a second and 60 a minute for a project: so does this.
/// </summary>
public sealed class NumberHealths(PlatformClients clients, TimeProvider time)
{
    private const int MaxKept = 1_000;

    /// <summary>How long an answer is as good as a new one.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(3);

    /// <summary>How long a failure keeps the question from being asked again.</summary>
    private static readonly TimeSpan FreshFailure = TimeSpan.FromSeconds(10);

    /// <summary>How long an answer is shown at all, with its age.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<(CustomerKey Key, string Number), NumberHealth> _told = new();
    private readonly Dictionary<(CustomerKey Key, string Number), Task<NumberHealth>> _asking = [];
    private readonly ConcurrentDictionary<string, QuestionRate> _rates = new(StringComparer.Ordinal);

    /// <summary>Whether the project has a key to ask with.</summary>
    public bool CanAsk(string projectId) => clients.Find(projectId) is not null;

    /// <summary>What was told within the last hour; null for nothing.</summary>
    public NumberHealth? Find(CustomerKey key, string phoneNumberId) =>
        _told.TryGetValue((key, phoneNumberId), out var told) && time.GetUtcNow() - told.AskedAt < Kept ? told : null;

    /// <summary>Asks, unless the last answer is fresh; whoever asks for the same meanwhile gets the same answer. Does not throw for what the platform does.</summary>
    /// <param name="key">The customer.</param>
    /// <param name="phoneNumberId">A number of the customer's.</param>
    /// <param name="cancellationToken">Ends the wait, not the question.</param>
    /// <returns>The answer; null where the project has no API key.</returns>
    public async Task<NumberHealth?> AskAsync(CustomerKey key, string phoneNumberId, CancellationToken cancellationToken)
    {
        if (clients.Find(key.ProjectId) is not { } client)
            return null;

        Task<NumberHealth> asking;
        lock (_asking)
        {
            if (Find(key, phoneNumberId) is { } told
                && time.GetUtcNow() - told.AskedAt < (told.Outcome == PlatformOutcome.Done ? Fresh : FreshFailure))
                return told;
            if (!_asking.TryGetValue((key, phoneNumberId), out asking!))
                _asking[(key, phoneNumberId)] = asking = Task.Run(() => AskAndKeepAsync(client, key, phoneNumberId), CancellationToken.None);
        }

        return await asking.WaitAsync(cancellationToken);
    }

    private async Task<NumberHealth> AskAndKeepAsync(PlatformClient client, CustomerKey key, string phoneNumberId)
    {
        try
        {
            var told = await AskAsync(client, key, phoneNumberId);
            Keep((key, phoneNumberId), told);
            return told;
        }
        finally
        {
            lock (_asking)
                _asking.Remove((key, phoneNumberId));
        }
    }

    private async Task<NumberHealth> AskAsync(PlatformClient client, CustomerKey key, string phoneNumberId)
    {
        var askedAt = time.GetUtcNow();
        if (_rates.GetOrAdd(key.ProjectId, static _ => new QuestionRate()).Take(askedAt) is { } wait)
        {
            return new NumberHealth
            {
                AskedAt = askedAt,
                AsOf = askedAt,
                Outcome = PlatformOutcome.Unavailable,
                Problem = "Too many questions for the health of numbers: the platform takes 5 a second and 60 a minute.",
                RetryAfter = wait,
            };
        }

        var asksHealth = client.GetNumberHealthAsync(phoneNumberId, CallPurpose.Management, CancellationToken.None);
        var row = await client.GetNumberAsync(phoneNumberId, CallPurpose.Management, CancellationToken.None);
        var health = await asksHealth;

        // What is another customer's is not told here.
        if (row.Value?.CustomerId is { } owner && owner != key.CustomerId)
            return new NumberHealth { AskedAt = askedAt, AsOf = askedAt, Outcome = PlatformOutcome.Refused, Problem = "The platform lists the number as another customer's." };

        return new NumberHealth
        {
            AskedAt = askedAt,
            AsOf = health.Value?.CheckedAt is { } checkedAt && checkedAt < askedAt ? checkedAt : askedAt,
            Outcome = health.IsDone || row.IsDone ? PlatformOutcome.Done : health.Outcome,
            Health = PlatformWords.Of(health.Value?.Status),
            FailedChecks = health.Value?.FailedChecks ?? [],
            Quality = PlatformWords.Of(row.Value?.QualityRating),
            PlatformStatus = PlatformWords.Of(row.Value?.Status),
            Problem = (health.IsDone, row.IsDone) switch
            {
                (true, true) => null,
                (false, true) => $"Its health was not told. {health.Advised}",
                (true, false) => $"Its quality was not told. {row.Advised}",
                _ => health.Error == row.Error ? health.Advised : $"{health.Advised} {row.Advised}",
            },
            RetryAfter = health.RetryAfter ?? row.RetryAfter,
        };
    }

    private void Keep((CustomerKey Key, string Number) number, NumberHealth told)
    {
        if (_told.Count >= MaxKept)
        {
            foreach (var (old, answer) in _told)
            {
                if (told.AskedAt - answer.AskedAt >= Fresh)
                    _told.TryRemove(old, out _);
            }
        }

        _told[number] = told;
    }

    /// <summary>The questions of the last minute.</summary>
    private sealed class QuestionRate
    {
        private const int EachSecond = 5;
        private const int EachMinute = 60;

        private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
        private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

        private readonly Queue<DateTimeOffset> _asked = new();

        /// <summary>Counts a question; the time until there is room for one, where there is none.</summary>
        public TimeSpan? Take(DateTimeOffset now)
        {
            lock (_asked)
            {
                // What lies ahead was asked under another clock.
                while (_asked.TryPeek(out var first) && (now - first).Duration() >= Minute)
                    _asked.Dequeue();
                if (_asked.Count >= EachMinute)
                    return _asked.Peek() + Minute - now;
                if (_asked.Count(at => now - at < Second) >= EachSecond)
                    return Second;
                _asked.Enqueue(now);
                return null;
            }
        }
    }
}
