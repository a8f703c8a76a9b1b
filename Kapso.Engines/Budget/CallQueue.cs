using System.Threading.RateLimiting;

namespace Kapso.Engines.Budget;

/// <summary>
/// The calls of one project that wait for their turn, in the order of their purposes. Not thread-safe: the budget that has it
/// guards it.
/// </summary>
public sealed class CallQueue
{
    private const int MostWaiting = 1_000;

    private static readonly CallPurpose[] Purposes = Enum.GetValues<CallPurpose>();

    private readonly LinkedList<TaskCompletionSource<RateLimitLease>>[] _waiting = [.. Purposes.Select(_ => new LinkedList<TaskCompletionSource<RateLimitLease>>())];

    public bool IsEmpty => _waiting.All(turns => turns.Count == 0);

    /// <summary>The purposes with calls that wait, the most urgent first.</summary>
    public IEnumerable<CallPurpose> Waiting => Purposes.Where(purpose => Count(purpose) > 0);

    /// <summary>How many calls wait for a purpose.</summary>
    public int Count(CallPurpose purpose) => _waiting[(int)purpose].Count;

    /// <summary>Whether so many calls of a purpose wait that no other can.</summary>
    public bool IsFull(CallPurpose purpose) => Count(purpose) >= MostWaiting;

    /// <summary>Has one more call wait.</summary>
    public TaskCompletionSource<RateLimitLease> Add(CallPurpose purpose)
    {
        var turn = new TaskCompletionSource<RateLimitLease>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[(int)purpose].AddLast(turn);
        return turn;
    }

    /// <summary>Lets the call go that has waited longest for its purpose; false where none waits any more.</summary>
    public bool TryServe(CallPurpose purpose)
    {
        var turns = _waiting[(int)purpose];
        while (turns.First is { } first)
        {
            turns.RemoveFirst();
            if (first.Value.TrySetResult(BudgetLease.Granted))
                return true;
        }

        return false;
    }

    /// <summary>A call that waited is not wanted any more.</summary>
    public void GiveUp(CallPurpose purpose, TaskCompletionSource<RateLimitLease> turn, CancellationToken cancellationToken)
    {
        if (turn.TrySetCanceled(cancellationToken))
            _waiting[(int)purpose].Remove(turn);
    }

    /// <summary>Sends all away that wait.</summary>
    /// <param name="retryAfter">When they may ask again.</param>
    public void RefuseAll(TimeSpan retryAfter)
    {
        foreach (var turns in _waiting)
        {
            foreach (var turn in turns)
                turn.TrySetResult(BudgetLease.Refused(retryAfter));
            turns.Clear();
        }
    }
}
