using System.Collections.Concurrent;
using Kapso.Engines.Budget;
using Kapso.Platform.Api;

namespace Kapso.Platform.Numbers;

/// <summary>
/// Asks the platform whose a number is that nobody is known for. That it is nobody's is kept for ten minutes, in this process:
/// whoever repeats the question gets no further call for it.
/// </summary>
public sealed class NumberOwners(PlatformClients clients, TimeProvider time)
{
    private const int MaxKept = 10_000;

    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<(string Project, string Number), DateTimeOffset> _nobodys = new();

    /// <summary>Whether a question would lead to a call: the project has a key, and the last answer is not fresh.</summary>
    public bool IsWorthAsking(string projectId, string phoneNumberId) =>
        clients.Find(projectId) is not null && !IsFresh((projectId, phoneNumberId));

    /// <summary>Asks, by the number alone.</summary>
    /// <param name="projectId">The project.</param>
    /// <param name="phoneNumberId">The number.</param>
    /// <param name="purpose">What for: it bounds how often that may be.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<NumberOwner> AskAsync(
        string projectId, string phoneNumberId, CallPurpose purpose, CancellationToken cancellationToken)
    {
        if (clients.Find(projectId) is not { } client || IsFresh((projectId, phoneNumberId)))
            return NumberOwner.Nobody;

        var answer = await client.ListNumbersAsync(customerId: null, phoneNumberId, page: null, purpose, cancellationToken);
        if (!answer.IsDone || !NumberAnswers.TryRead(answer.Value, phoneNumberId, out var row))
            return NumberOwner.NotTold(answer.RetryAfter);
        if (!CustomerKey.TryCreate(projectId, row?.CustomerId, out var key))
        {
            Keep((projectId, phoneNumberId));
            return NumberOwner.Nobody;
        }

        var proof = NumberAnswers.OwnerOf(row!, projectId) is null
            ? null
            : NumberAnswers.Observe(row, phoneNumberId, key.CustomerId, "api.lookup", time.GetUtcNow());
        if (proof is null)
            Keep((projectId, phoneNumberId));
        return new NumberOwner(key, proof, IsTold: true, RetryAfter: null);
    }

    private bool IsFresh((string Project, string Number) number) =>
        _nobodys.TryGetValue(number, out var until) && until > time.GetUtcNow();

    private void Keep((string Project, string Number) number)
    {
        var now = time.GetUtcNow();
        if (_nobodys.Count >= MaxKept)
        {
            foreach (var (old, until) in _nobodys)
            {
                if (until <= now)
                    _nobodys.TryRemove(old, out _);
            }

            // All fresh: the questions are bounded by the budget, not by this.
            if (_nobodys.Count >= MaxKept)
                _nobodys.Clear();
        }

        _nobodys[number] = now + Kept;
    }
}

/// <summary>Whose a number is, as far as the platform told.</summary>
/// <param name="Key">The customer; null for nobody, or where the platform did not tell.</param>
/// <param name="Proof">What the answer proves of the number: that it is connected, and this customer's. Null where it names a customer and proves nothing.</param>
/// <param name="IsTold">Whether the platform gave an answer.</param>
/// <param name="RetryAfter">Where it did not: earliest time until the next question.</param>
public sealed record NumberOwner(CustomerKey? Key, Observation? Proof, bool IsTold, TimeSpan? RetryAfter)
{
    /// <summary>It is nobody's.</summary>
    internal static NumberOwner Nobody { get; } = new(null, null, IsTold: true, RetryAfter: null);

    internal static NumberOwner NotTold(TimeSpan? retryAfter) => new(null, null, IsTold: false, retryAfter);
}
