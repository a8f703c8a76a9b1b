using System.Globalization;
using System.Threading.RateLimiting;
using Kapso.Engines.Budget;
using Kapso.Engines.Orleans.Budget;
using Kapso.Engines.Orleans.Redis;
using StackExchange.Redis;

namespace Kapso.Silo.Tests.Budget;

/// <summary>
/// The platform's limit of calls, shared by processes through a real Redis. Its minute lasts an hour here, and is over when a
/// test says so: no busy machine can make it end by itself.
/// </summary>
public sealed class ClusterBudgetTests : IAsyncLifetime
{
    private const string Project = "project";

    private static readonly TimeSpan Minute = TimeSpan.FromHours(1);

    /// <summary>Makes the oldest calls a minute older. KEYS: all calls, those of each purpose. ARGV: how many, the minute.</summary>
    private const string Age = """
        for _, call in ipairs(redis.call('ZRANGE', KEYS[1], 0, ARGV[1] - 1)) do
          for _, key in ipairs(KEYS) do
            if redis.call('ZSCORE', key, call) then redis.call('ZINCRBY', key, -ARGV[2], call) end
          end
        end
        """;

    private readonly StoreKeys _keys = new("test");
    private readonly List<IDisposable> _owned = [];
    private RedisServer _server = null!;
    private ConnectionMultiplexer _redis = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await RedisServer.StartAsync();
        _redis = await _server.ConnectAsync();
        _owned.Add(_redis);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var one in Enumerable.Reverse(_owned))
            one.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task No_minute_has_more_calls_than_the_plan_whichever_process_makes_them()
    {
        RequestBudget[] processes = [await StartAsync(20), await StartAsync(20), await StartAsync(20)];
        var asked = Enumerable.Range(0, 50).Select(i => TakeAsync(processes[i % 3], CallPurpose.Confirmation)).ToList();
        await UntilMadeAsync(asked, 20);

        // A call comes free a minute after it was made, each by itself.
        var made = 20;
        foreach (var ended in (int[])[5, 20])
        {
            await UntilAskedAgainAsync(processes.Length + 1);
            Assert.Equal(made, Made(asked));
            await EndMinuteOfAsync(ended);
            made += ended;
            await UntilMadeAsync(asked, made);
        }

        await UntilAskedAgainAsync(processes.Length + 1);
        Assert.Equal(45, Made(asked));
        await EndMinuteOfAsync(calls: 20);
        Assert.All(await Wait.For(Task.WhenAll(asked), "every call"), lease => Assert.True(lease.IsAcquired));
    }

    [Theory]
    [InlineData(CallPurpose.Reconciliation, 30)]
    [InlineData(CallPurpose.UnknownRedirect, 5)]
    public async Task A_purpose_has_its_share_in_the_whole_cluster_and_keeps_nobody_else_waiting(CallPurpose purpose, int share)
    {
        RequestBudget[] processes = [await StartAsync(100), await StartAsync(100)];
        var asked = Enumerable.Range(0, 80).Select(i => TakeAsync(processes[i % 2], purpose)).ToList();
        await UntilMadeAsync(asked, share);

        var others = await Wait.For(
            Task.WhenAll(Enumerable.Range(0, 100 - share).Select(i => TakeAsync(processes[i % 2], CallPurpose.Confirmation))),
            "the calls of another purpose");

        Assert.All(others, lease => Assert.True(lease.IsAcquired));
        Assert.Equal(share, Made(asked));
    }

    [Fact]
    public async Task A_confirmation_of_one_process_goes_before_the_reconciliation_of_another()
    {
        var (silo, api) = (await StartAsync(10), await StartAsync(10));
        for (var i = 0; i < 10; i++)
            await TakeAsync(silo, CallPurpose.Welcome);
        var confirming = Enumerable.Range(0, 3).Select(_ => TakeAsync(silo, CallPurpose.Confirmation)).ToList();
        await UntilAskedAgainAsync(1);

        // The place is there when the reconciliation is asked for, and the confirmations know of it within a second.
        await EndMinuteOfAsync(calls: 1);
        var reconciling = Enumerable.Range(0, 3).Select(_ => TakeAsync(api, CallPurpose.Reconciliation)).ToList();
        for (var made = 1; made <= 3; made++)
        {
            await UntilMadeAsync(confirming, made);
            Assert.Equal(0, Made(reconciling));
            await EndMinuteOfAsync(calls: 1);
        }

        await UntilMadeAsync(reconciling, 1);
        await EndMinuteOfAsync(calls: 2);
        await UntilMadeAsync(reconciling, 3);
    }

    [Fact]
    public async Task Each_project_has_its_own_minute()
    {
        var budget = await StartAsync(1);

        Assert.True((await TakeAsync(budget, CallPurpose.Confirmation)).IsAcquired);
        using var other = await Wait.For(
            budget.AcquireAsync(new PlatformCall("another", CallPurpose.Confirmation)).AsTask(), "the call of another project");
        Assert.True(other.IsAcquired);
    }

    [Fact]
    public async Task A_call_that_is_given_up_while_it_waits_uses_nothing()
    {
        var budget = await StartAsync(2);
        for (var i = 0; i < 2; i++)
            await TakeAsync(budget, CallPurpose.Confirmation);
        using var stop = new CancellationTokenSource();
        var waiting = TakeAsync(budget, CallPurpose.Confirmation, stop.Token);
        await UntilAskedAgainAsync(1);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        await EndMinuteOfAsync(calls: 2);
        for (var i = 0; i < 2; i++)
            Assert.True((await Wait.For(TakeAsync(budget, CallPurpose.Confirmation), $"call {i + 1} of a new minute")).IsAcquired);
    }

    [Fact]
    public async Task Without_Redis_no_call_is_made_and_with_it_again()
    {
        var budget = await StartAsync(100, ",asyncTimeout=500");
        await _server.KillAsync();

        var refused = await TakeAsync(budget, CallPurpose.Confirmation);
        Assert.False(refused.IsAcquired);
        Assert.True(refused.TryGetMetadata(MetadataName.RetryAfter, out var after) && after > TimeSpan.Zero);

        await _server.RestartAsync();
        await Wait.ForAsync(async () => (await TakeAsync(budget, CallPurpose.Confirmation)).IsAcquired, "a call to be made");
    }

    private static Task<RateLimitLease> TakeAsync(RequestBudget budget, CallPurpose purpose, CancellationToken stop = default) =>
        budget.AcquireAsync(new PlatformCall(Project, purpose), 1, stop).AsTask();

    private static int Made(IEnumerable<Task<RateLimitLease>> asked) => asked.Count(call => call.IsCompletedSuccessfully);

    private static Task UntilMadeAsync(IReadOnlyCollection<Task<RateLimitLease>> asked, int calls) =>
        Wait.ForAsync(() => Made(asked) >= calls, $"{calls} calls to be made");

    /// <summary>Lets the oldest calls have been made a minute ago.</summary>
    private async Task EndMinuteOfAsync(int calls) => await _redis.GetDatabase().ScriptEvaluateAsync(
        Age,
        [_keys.Calls(Project), .. Enum.GetValues<CallPurpose>().Select(purpose => _keys.Calls(Project, purpose.ToString()))],
        [calls, (long)Minute.TotalMilliseconds]);

    /// <summary>Waits until Redis was asked so often again: by those who wait, for all others have had their answers.</summary>
    private async Task UntilAskedAgainAsync(int times)
    {
        var before = await AskedAsync();
        await Wait.ForAsync(async () => await AskedAsync() >= before + times, $"Redis to be asked {times} times more");
    }

    /// <summary>How many scripts Redis has run.</summary>
    private async Task<long> AskedAsync() => (await _redis.GetServers()[0].InfoAsync("commandstats")).SelectMany(group => group)
        .Where(command => command.Key is "cmdstat_evalsha" or "cmdstat_eval")
        .Sum(command => long.Parse(command.Value.Split('=', ',')[1], CultureInfo.InvariantCulture));

    /// <summary>One process, with a connection to Redis of its own.</summary>
    private async Task<RequestBudget> StartAsync(int requestsPerMinute, string settings = "")
    {
        var redis = await ConnectionMultiplexer.ConnectAsync(_server.ConnectionString + settings);
        var budget = new RequestBudget(new SharedMinute(redis, _keys, requestsPerMinute, Minute), TimeProvider.System);
        _owned.Add(redis);
        _owned.Add(budget);
        return budget;
    }
}
