using Kapso.Engines.Budget;
using Microsoft.Extensions.Time.Testing;

namespace Kapso.Tests.Platform.Api;

public sealed class RequestBudgetTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);
    private static readonly TimeSpan Window = IMinute.Length;

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task A_minute_has_the_plans_calls_and_the_next_one_has_them_again()
    {
        using var budget = Budget(100);

        Assert.Equal(100, await TakeAsync(budget, CallPurpose.Confirmation, 120));
        _time.Advance(Window - TimeSpan.FromSeconds(1));
        Assert.Equal(0, await TakeAsync(budget, CallPurpose.Confirmation, 1));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(100, await TakeAsync(budget, CallPurpose.Confirmation, 120));
    }

    [Fact]
    public async Task No_minute_wherever_it_begins_has_more_calls_than_the_plan()
    {
        using var budget = Budget(20);
        var made = new List<DateTimeOffset>();
        for (var second = 0; second < 300; second++)
        {
            made.AddRange(Enumerable.Repeat(_time.GetUtcNow(), await TakeAsync(budget, CallPurpose.Confirmation, second % 7)));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.All(made, from => Assert.True(made.Count(at => at >= from && at - from < TimeSpan.FromMinutes(1)) <= 20));
        Assert.True(made.Count >= 80, $"Almost five minutes of 20 calls were expected, and {made.Count} were made.");
    }

    [Theory]
    [InlineData(CallPurpose.Reconciliation, 100, 30)]
    [InlineData(CallPurpose.UnknownRedirect, 100, 5)]
    [InlineData(CallPurpose.Reconciliation, 2, 1)]
    [InlineData(CallPurpose.UnknownRedirect, 10, 1)]
    [InlineData(CallPurpose.Welcome, 100, 100)]
    public async Task A_purpose_has_its_share_and_the_rest_is_left_to_the_others(CallPurpose purpose, int limit, int share)
    {
        using var budget = Budget(limit);

        Assert.Equal(share, await TakeAsync(budget, purpose, limit + 10));
        Assert.Equal(limit - share, await TakeAsync(budget, CallPurpose.Confirmation, limit + 10));
    }

    [Fact]
    public async Task Each_project_has_its_own_minute()
    {
        using var budget = Budget(3);

        Assert.Equal(3, await TakeAsync(budget, CallPurpose.Confirmation, 5));
        Assert.Equal(3, await TakeAsync(budget, CallPurpose.Confirmation, 5, "project-2"));
    }

    [Fact]
    public async Task Who_waits_goes_by_purpose_and_not_by_arrival()
    {
        using var budget = Budget(1);
        await TakeAsync(budget, CallPurpose.Management, 1);
        CallPurpose[] arrivals = [CallPurpose.Reconciliation, CallPurpose.UnknownRedirect, CallPurpose.Welcome, CallPurpose.Confirmation];
        var waiting = arrivals.ToDictionary(
            purpose => budget.AcquireAsync(new("project-1", purpose), 1, CancellationToken.None).AsTask(), purpose => purpose);
        var order = new List<CallPurpose>();

        while (waiting.Count > 0)
        {
            _time.Advance(Window); // one place
            var served = await Task.WhenAny(waiting.Keys).WaitAsync(Patience);
            order.Add(waiting[served]);
            waiting.Remove(served);
        }

        Assert.Equal(arrivals.Reverse(), order);
    }

    [Fact]
    public async Task Only_as_many_wait_through_as_a_minute_has_places_the_most_urgent_first()
    {
        using var budget = Budget(2);
        await TakeAsync(budget, CallPurpose.Management, 2);
        var late = budget.AcquireAsync(new("project-1", CallPurpose.Reconciliation), 1, CancellationToken.None).AsTask();
        var first = budget.AcquireAsync(new("project-1", CallPurpose.Confirmation), 1, CancellationToken.None).AsTask();
        var second = budget.AcquireAsync(new("project-1", CallPurpose.Confirmation), 1, CancellationToken.None).AsTask();

        _time.Advance(Window);
        await Task.WhenAll(first, second).WaitAsync(Patience);
        Assert.False(late.IsCompleted);

        _time.Advance(Window);
        Assert.True((await late.WaitAsync(Patience)).IsAcquired);
    }

    [Fact]
    public async Task Who_gives_up_waiting_uses_no_place()
    {
        using var budget = Budget(1);
        await TakeAsync(budget, CallPurpose.Management, 1);
        using var stop = new CancellationTokenSource();
        var given = budget.AcquireAsync(new("project-1", CallPurpose.Confirmation), 1, stop.Token).AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given.WaitAsync(Patience));

        _time.Advance(Window);

        Assert.Equal(1, await TakeAsync(budget, CallPurpose.Reconciliation, 2));
    }

    [Fact]
    public async Task A_minute_that_has_no_place_says_when_to_come_again()
    {
        var minute = new ProcessMinute(10, _time);
        using var budget = new RequestBudget(minute, _time);
        await TakeAsync(budget, CallPurpose.Confirmation, 1);
        _time.Advance(TimeSpan.FromSeconds(20));
        await TakeAsync(budget, CallPurpose.Reconciliation, 3);
        _time.Advance(TimeSpan.FromSeconds(10));

        // The minute has places, but reconciliation's three were used ten seconds ago.
        var after = await minute.TakeAsync(new("project-1", CallPurpose.Reconciliation), "call-5", moreWait: false);

        Assert.Equal(Window - TimeSpan.FromSeconds(10), after);
    }

    [Fact]
    public async Task A_minute_that_fails_in_whatever_way_sends_the_calls_away_and_is_asked_again()
    {
        var minute = new FailingMinute();
        using var budget = new RequestBudget(minute, _time);

        using var refused = await budget.AcquireAsync(new("project-1", CallPurpose.Welcome), 1, CancellationToken.None).AsTask().WaitAsync(Patience);
        Assert.False(refused.IsAcquired);
        minute.Fails = false;
        using var granted = await budget.AcquireAsync(new("project-1", CallPurpose.Welcome), 1, CancellationToken.None).AsTask().WaitAsync(Patience);
        Assert.True(granted.IsAcquired);
    }

    private sealed class FailingMinute : IMinute
    {
        public bool Fails { get; set; } = true;

        public ValueTask<TimeSpan> TakeAsync(PlatformCall call, string id, bool moreWait) =>
            Fails ? throw new InvalidOperationException("broken") : ValueTask.FromResult(TimeSpan.Zero);

        public ValueTask ReturnAsync(PlatformCall call, string id) => ValueTask.CompletedTask;
    }

    private RequestBudget Budget(int requestsPerMinute) => new(new ProcessMinute(requestsPerMinute, _time), _time);

    /// <summary>How many of so many calls are made at once.</summary>
    private static Task<int> TakeAsync(RequestBudget budget, CallPurpose purpose, int times, string project = "project-1") => Task.Run(() =>
    {
        using var notToWait = new CancellationTokenSource();
        var asked = Enumerable.Range(0, times).Select(_ => budget.AcquireAsync(new(project, purpose), 1, notToWait.Token).AsTask()).ToList();
        var taken = asked.Count(call => call.IsCompletedSuccessfully);
        notToWait.Cancel();
        return taken;
    });
}
