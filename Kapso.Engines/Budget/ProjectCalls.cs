using System.Threading.RateLimiting;

namespace Kapso.Engines.Budget;

/// <summary>The calls of one project in this process: those that wait are asked for one after the other, the most urgent first.</summary>
internal sealed class ProjectCalls(string projectId, IMinute minute, TimeProvider time) : IDisposable
{
    /// <summary>Others may give a call back: it is asked again after that. And the wait of who is sent away.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly CallQueue _waiting = new();
    private int _round; // Of asking: who sleeps while another begins is not needed any more.
    private bool _isAsking;
    private bool _isAsleep;
    private bool _disposed;

    public async ValueTask<RateLimitLease> TakeAsync(CallPurpose purpose, CancellationToken cancellationToken)
    {
        TaskCompletionSource<RateLimitLease> turn;
        int? round = null;
        lock (_gate)
        {
            if (_waiting.IsFull(purpose) || _disposed)
                return BudgetLease.Refused(Longest);
            turn = _waiting.Add(purpose);

            // The first of its purpose need not wait as long as the others.
            if (!_isAsking || (_isAsleep && _waiting.Count(purpose) == 1))
                (_isAsking, _isAsleep, round) = (true, false, ++_round);
        }

        if (round is { } mine)
            _ = AskAsync(mine);
        using var registration = cancellationToken.Register(() =>
        {
            lock (_gate)
                _waiting.GiveUp(purpose, turn, cancellationToken);
        });
        return await turn.Task;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _waiting.RefuseAll(Longest);
        }
    }

    private async Task AskAsync(int round)
    {
        while (true)
        {
            CallPurpose[] purposes;
            lock (_gate)
            {
                if (_round != round)
                    return;
                purposes = [.. _waiting.Waiting];
                (_isAsking, _isAsleep) = (purposes.Length > 0, false);
                if (!_isAsking)
                    return;
            }

            if (await AskAsync(purposes) is not { } wait)
                continue;
            lock (_gate)
                _isAsleep = true;
            await Task.Delay(wait, time);
        }
    }

    /// <summary>Asks for one call of the most urgent purpose that may make one. Null where it was had; else the time to wait.</summary>
    private async Task<TimeSpan?> AskAsync(CallPurpose[] purposes)
    {
        var shortest = Longest;
        try
        {
            foreach (var call in purposes.Select(purpose => new PlatformCall(projectId, purpose)))
            {
                var id = Guid.NewGuid().ToString("N");
                bool moreWait;
                lock (_gate)
                    moreWait = _waiting.Count(call.Purpose) > 1;
                var wait = await minute.TakeAsync(call, id, moreWait);
                if (wait > TimeSpan.Zero)
                {
                    shortest = wait < shortest ? wait : shortest;
                    continue;
                }

                bool isTaken;
                lock (_gate)
                    isTaken = _waiting.TryServe(call.Purpose);
                if (!isTaken)
                    await minute.ReturnAsync(call, id);
                return null;
            }
        }
#pragma warning disable CA1031 // Whatever it was: a call that nobody answers any more would wait for ever, and all behind it.
        catch (Exception)
#pragma warning restore CA1031
        {
            lock (_gate)
                _waiting.RefuseAll(Longest);
            return null;
        }

        return shortest;
    }
}
