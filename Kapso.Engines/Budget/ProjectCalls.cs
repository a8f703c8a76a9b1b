using System.Threading.RateLimiting;

namespace Kapso.Engines.Budget;

/// <summary>The calls of one project in this process: those that wait are asked for one after the other, the most urgent first.</summary>
internal sealed class ProjectCalls(string projectId, IMinute minute, TimeProvider time) : IDisposable
{
    /// <summary>Others may give a call back: it is asked again after that. And the wait of who is sent away.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly CallQueue _waiting = new();
    private CancellationTokenSource? _sleep;
    private bool _asking;
    private bool _disposed;

    public async ValueTask<RateLimitLease> TakeAsync(CallPurpose purpose, CancellationToken cancellationToken)
    {
        TaskCompletionSource<RateLimitLease> turn;
        CancellationTokenSource? sleep;
        bool isAsking;
        lock (_gate)
        {
            if (_waiting.IsFull(purpose) || _disposed)
                return BudgetLease.Refused(Longest);
            turn = _waiting.Add(purpose);
            (isAsking, _asking) = (_asking, true);
            sleep = _waiting.Count(purpose) == 1 ? _sleep : null;
        }

        if (isAsking)
            sleep?.Cancel(); // The first of its purpose need not wait as long as the others.
        else
            _ = AskAsync();

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

        _sleep?.Cancel();
    }

    private async Task AskAsync()
    {
        while (true)
        {
            CallPurpose[] purposes;
            var sleep = new CancellationTokenSource(); // Without a timer of its own, nothing of it is to be disposed of.
            lock (_gate)
            {
                purposes = [.. _waiting.Waiting];
                _asking = purposes.Length > 0;
                if (!_asking)
                    return;
                _sleep = sleep;
            }

            if (await AskAsync(purposes) is { } wait)
                await Task.Delay(wait, time, sleep.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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
        catch (EngineUnavailableException)
        {
            lock (_gate)
                _waiting.RefuseAll(Longest);
            return null;
        }

        return shortest;
    }
}
