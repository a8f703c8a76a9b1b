using System.Threading.RateLimiting;

namespace Kapso.Platform.Api.Budget;

/// <summary>
/// One project's calls of the last minute, and those that wait for their turn. Counted exactly, call by call: no 60 seconds
/// hold more calls than the limit, wherever the platform's own minute begins.
/// </summary>
internal sealed class ProjectBudget : IDisposable
{
    /// <summary>A minute, and a second for calls that were on their way for longer than their followers.</summary>
    internal static readonly TimeSpan Window = TimeSpan.FromSeconds(61);

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly int _limit;
    private readonly Queue<(long At, CallPurpose Purpose)> _made = new();
    private readonly CallQueue _waiting = new();
    private readonly PurposeBudget[] _purposes;
    private bool _disposed;

    public ProjectBudget(int requestsPerMinute, TimeProvider time)
    {
        _limit = requestsPerMinute;
        _time = time;
        _purposes = [.. Enum.GetValues<CallPurpose>().Select(purpose => new PurposeBudget(Shares.Of(purpose, requestsPerMinute)))];
        _timer = time.CreateTimer(_ => ServeWaiting(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public BudgetLease TryTake(CallPurpose purpose)
    {
        lock (_gate)
        {
            Serve();
            if (!MayCall(purpose))
                return BudgetLease.Refused(UntilNext(purpose));
            Count(purpose);
            return BudgetLease.Granted;
        }
    }

    public async ValueTask<RateLimitLease> TakeAsync(CallPurpose purpose, CancellationToken cancellationToken)
    {
        TaskCompletionSource<RateLimitLease> turn;
        lock (_gate)
        {
            if (TryTake(purpose) is { IsAcquired: true } granted)
                return granted;
            if (_disposed || _waiting.IsFull(purpose))
                return BudgetLease.Refused(UntilNext(purpose));
            turn = _waiting.Add(purpose);
            WakeInTime();
        }

        using var registration = cancellationToken.Register(() => GiveUp(purpose, turn, cancellationToken));
        return await turn.Task;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _waiting.RefuseAll(TimeSpan.Zero);
            _timer.Dispose();
        }
    }

    private void ServeWaiting()
    {
        lock (_gate)
            Serve();
    }

    /// <summary>Forgets what is over a minute old, and lets those that wait go, the most urgent first.</summary>
    private void Serve()
    {
        if (_disposed)
            return;
        while (_made.TryPeek(out var oldest) && _time.GetElapsedTime(oldest.At) >= Window)
            _purposes[(int)_made.Dequeue().Purpose].Used--;

        foreach (var purpose in _waiting.Waiting)
        {
            while (MayCall(purpose) && _waiting.TryServe(purpose))
                Count(purpose);
        }

        WakeInTime();
    }

    private bool MayCall(CallPurpose purpose) =>
        _made.Count < _limit && _purposes[(int)purpose].Used < _purposes[(int)purpose].Share;

    private void Count(CallPurpose purpose)
    {
        _made.Enqueue((_time.GetTimestamp(), purpose));
        _purposes[(int)purpose].Used++;
    }

    private void GiveUp(CallPurpose purpose, TaskCompletionSource<RateLimitLease> turn, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _waiting.GiveUp(purpose, turn, cancellationToken);
        }
    }

    private void WakeInTime()
    {
        if (_made.TryPeek(out var oldest) && !_waiting.IsEmpty)
            _timer.Change(Left(oldest.At), Timeout.InfiniteTimeSpan);
    }

    private TimeSpan UntilNext(CallPurpose purpose)
    {
        // Either the whole minute is full, or only the purpose's share of it.
        foreach (var (at, madeFor) in _made)
        {
            if (_made.Count >= _limit || madeFor == purpose)
                return Left(at);
        }

        return TimeSpan.Zero;
    }

    private TimeSpan Left(long madeAt)
    {
        var left = Window - _time.GetElapsedTime(madeAt);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private sealed class PurposeBudget(int share)
    {
        public int Share => share;

        public int Used { get; set; }
    }
}
