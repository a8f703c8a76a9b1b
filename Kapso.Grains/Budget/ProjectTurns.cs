using System.Threading.RateLimiting;
using Kapso.Platform.Api;
using Kapso.Platform.Api.Budget;
using StackExchange.Redis;

namespace Kapso.Grains.Budget;

/// <summary>The calls of one project in this process: those that wait are asked for one after the other, the most urgent first.</summary>
internal sealed class ProjectTurns(string projectId, SharedMinute minute, CancellationToken stop)
{
    /// <summary>While Redis does not answer, no call is made: whatever it would be for could not be kept.</summary>
    private static readonly TimeSpan WithoutRedis = TimeSpan.FromSeconds(1);

    /// <summary>Others may give a call back, and new ones of another purpose may come: it is asked again after that.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly CallQueue _waiting = new();
    private bool _asking;

    public async ValueTask<RateLimitLease> TakeAsync(CallPurpose purpose, CancellationToken cancellationToken)
    {
        TaskCompletionSource<RateLimitLease> turn;
        lock (_gate)
        {
            if (_waiting.IsFull(purpose) || stop.IsCancellationRequested)
                return BudgetLease.Refused(WithoutRedis);
            turn = _waiting.Add(purpose);
            if (!_asking)
            {
                _asking = true;
                _ = Task.Run(AskAsync, CancellationToken.None);
            }
        }

        using var registration = cancellationToken.Register(() =>
        {
            lock (_gate)
                _waiting.GiveUp(purpose, turn, cancellationToken);
        });
        return await turn.Task;
    }

    private async Task AskAsync()
    {
        while (true)
        {
            CallPurpose[] purposes;
            lock (_gate)
            {
                if (stop.IsCancellationRequested)
                    _waiting.RefuseAll(WithoutRedis);
                purposes = [.. _waiting.Waiting];
                if (purposes.Length == 0)
                {
                    _asking = false;
                    return;
                }
            }

            if (await AskAsync(purposes) is { } wait)
                await Task.Delay(wait, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            lock (_gate)
                _waiting.RefuseAll(WithoutRedis);
            return null;
        }

        return shortest;
    }
}
