using System.Diagnostics;
using System.Threading.RateLimiting;
using Kapso.Engines.Budget;
using Kapso.Engines.Orleans.Budget;
using Kapso.Engines.Orleans.Redis;
using StackExchange.Redis;

namespace Kapso.Silo.Tests.Budget;

/// <summary>The platform's limit of calls, shared by processes through a real Redis. A minute lasts some seconds here.</summary>
public sealed class ClusterBudgetTests : IAsyncLifetime
{
    private const string Project = "project";

    private readonly List<IDisposable> _owned = [];
    private RedisServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await RedisServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var one in Enumerable.Reverse(_owned))
            one.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task No_minute_has_more_calls_than_the_plan_whichever_process_makes_them()
    {
        var window = TimeSpan.FromSeconds(2);
        RequestBudget[] processes = [await StartAsync(20, window), await StartAsync(20, window), await StartAsync(20, window)];
        var (watch, made) = (Stopwatch.StartNew(), new List<TimeSpan>());

        await Task.WhenAll(Enumerable.Range(0, 70).Select(async i =>
        {
            using var lease = await processes[i % 3].AcquireAsync(new PlatformCall(Project, CallPurpose.Confirmation));
            Assert.True(lease.IsAcquired);
            lock (made)
                made.Add(watch.Elapsed);
        }));

        // Each is counted before its caller hears of it: of 21 in a row the last came a whole minute after the first was counted.
        made.Sort();
        Assert.Equal(70, made.Count);
        for (var i = 20; i < made.Count; i += 20)
            Assert.True(made[i] >= (i / 20 * window) - TimeSpan.FromMilliseconds(50), $"Call {i + 1} was made after {made[i].TotalSeconds} s.");
    }

    [Theory]
    [InlineData(CallPurpose.Reconciliation, 30)]
    [InlineData(CallPurpose.UnknownRedirect, 5)]
    public async Task A_purpose_has_its_share_in_the_whole_cluster_and_keeps_nobody_else_waiting(CallPurpose purpose, int share)
    {
        RequestBudget[] processes = [await StartAsync(100, TimeSpan.FromMinutes(1)), await StartAsync(100, TimeSpan.FromMinutes(1))];
        using var stop = new CancellationTokenSource();
        var asked = Enumerable.Range(0, 80).Select(i => TakeAsync(processes[i % 2], purpose, stop.Token)).ToList();
        await Wait.ForAsync(() => asked.Count(call => call.IsCompletedSuccessfully) == share, $"{share} calls to be made");

        var others = await Task.WhenAll(Enumerable.Range(0, 100 - share).Select(i =>
            TakeAsync(processes[i % 2], CallPurpose.Confirmation, CancellationToken.None)));

        Assert.All(others, lease => Assert.True(lease.IsAcquired));
        Assert.Equal(share, asked.Count(call => call.IsCompletedSuccessfully));
        await stop.CancelAsync();
    }

    [Fact]
    public async Task A_confirmation_of_one_process_goes_before_the_reconciliation_of_another()
    {
        var window = TimeSpan.FromSeconds(2);
        var (silo, api) = (await StartAsync(10, window), await StartAsync(10, window));
        for (var i = 0; i < 10; i++)
            await TakeAsync(silo, CallPurpose.Welcome, CancellationToken.None);

        var ended = new List<CallPurpose>();
        var reconciling = Enumerable.Range(0, 3).Select(_ => NoteAsync(api, CallPurpose.Reconciliation)).ToList();
        await Task.Delay(TimeSpan.FromMilliseconds(300), TestContext.Current.CancellationToken);
        var confirming = Enumerable.Range(0, 8).Select(_ => NoteAsync(silo, CallPurpose.Confirmation)).ToList();
        await Task.WhenAll([.. reconciling, .. confirming]);

        // Ten places come free, for eight confirmations and three that can wait.
        Assert.True(
            ended.IndexOf(CallPurpose.Reconciliation) >= 7,
            $"The confirmations first, and not: {string.Join(", ", ended)}");

        async Task NoteAsync(RequestBudget budget, CallPurpose purpose)
        {
            using var lease = await budget.AcquireAsync(new PlatformCall(Project, purpose));
            lock (ended)
                ended.Add(purpose);
        }
    }

    [Fact]
    public async Task Each_project_has_its_own_minute()
    {
        var budget = await StartAsync(1, TimeSpan.FromMinutes(1));

        Assert.True((await TakeAsync(budget, CallPurpose.Confirmation, CancellationToken.None)).IsAcquired);
        using var other = await budget.AcquireAsync(new PlatformCall("another", CallPurpose.Confirmation));
        Assert.True(other.IsAcquired);
    }

    [Fact]
    public async Task A_call_that_is_given_up_while_it_waits_uses_nothing()
    {
        var window = TimeSpan.FromSeconds(2);
        var budget = await StartAsync(2, window);
        for (var i = 0; i < 2; i++)
            await TakeAsync(budget, CallPurpose.Confirmation, CancellationToken.None);
        using var stop = new CancellationTokenSource();
        var waiting = TakeAsync(budget, CallPurpose.Confirmation, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        await Task.Delay(window + TimeSpan.FromMilliseconds(500), TestContext.Current.CancellationToken);
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < 2; i++)
            Assert.True((await TakeAsync(budget, CallPurpose.Confirmation, CancellationToken.None)).IsAcquired);
        Assert.True(watch.Elapsed < window, $"Both were expected at once, not after {watch.Elapsed.TotalSeconds} s.");
    }

    [Fact]
    public async Task Without_Redis_no_call_is_made_and_with_it_again()
    {
        var budget = await StartAsync(100, TimeSpan.FromMinutes(1));
        await _server.KillAsync();

        var refused = await TakeAsync(budget, CallPurpose.Confirmation, CancellationToken.None);
        Assert.False(refused.IsAcquired);
        Assert.True(refused.TryGetMetadata(MetadataName.RetryAfter, out var after) && after > TimeSpan.Zero);

        await _server.RestartAsync();
        await Wait.ForAsync(
            async () => (await TakeAsync(budget, CallPurpose.Confirmation, CancellationToken.None)).IsAcquired, "a call to be made");
    }

    private static Task<RateLimitLease> TakeAsync(RequestBudget budget, CallPurpose purpose, CancellationToken stop) =>
        budget.AcquireAsync(new PlatformCall(Project, purpose), 1, stop).AsTask();

    /// <summary>One process, with a connection to Redis of its own.</summary>
    private async Task<RequestBudget> StartAsync(int requestsPerMinute, TimeSpan minute)
    {
        var redis = await ConnectionMultiplexer.ConnectAsync(_server.ConnectionString);
        var budget = new RequestBudget(new SharedMinute(redis, new StoreKeys("test"), requestsPerMinute, minute), TimeProvider.System);
        _owned.Add(redis);
        _owned.Add(budget);
        return budget;
    }
}
