using System.Collections.Concurrent;
using Kapso.Connections.Reconciling;

namespace Kapso.Tests.Reconciling;

/// <summary>One pass at a time, whoever dies meanwhile.</summary>
public sealed class PassKeepingTests
{
    [Fact]
    public async Task A_pass_that_was_interrupted_goes_on_where_it_was()
    {
        await using var stage = await ReconcilingStage.OpenAsync();
        await stage.ReconcileAsync(stage.Process("first"));
        stage.Advance(TimeSpan.FromHours(1));
        var numbers = stage.Connect(250);

        // The engine is away once the first of three pages is written down.
        stage.Engine.Before = async (method, _) =>
        {
            if (method == nameof(stage.Engine.ObserveAsync) && (await stage.ReadAsync()).Running?.Page == "2")
                throw new EngineUnavailableException("The test's engine is down.");
        };
        Assert.True(await stage.Process("second").StepAsync(CancellationToken.None) > TimeSpan.Zero);
        stage.Engine.Recover();
        var left = (await stage.ReadAsync()).Running!;
        Assert.Equal(("2", 100, null), (left.Page, left.Counts.Listed, left.Lease));

        var report = await stage.ReconcileAsync(stage.Process("third"));

        Assert.Equal((left.Id, 251), (report.PassId, report.Counts.Listed));
        Assert.Equal(250, await stage.CountAsync(NumberStatus.Connected, numbers));
    }

    [Fact]
    public async Task What_was_asked_before_a_crash_is_not_asked_again()
    {
        await using var stage = await ReconcilingStage.OpenAsync();
        var numbers = stage.Connect(20);
        await stage.ReconcileAsync();
        foreach (var number in numbers.Take(4))
            stage.Platform.Act(number.Id, Kapso.Simulator.World.NumberAction.Delete);
        stage.Advance(TimeSpan.FromHours(1));
        var dying = stage.Process("dying");
        await dying.WantFullAsync("operator-1", CancellationToken.None);

        // It dies without a word after the second question.
        stage.Engine.Before = async (method, _) =>
        {
            if (method == nameof(stage.Engine.FindAsync) && (await stage.ReadAsync()).Running is { Absent.Length: 2 })
                stage.Engine.Fail();
        };
        Assert.True(await dying.StepAsync(CancellationToken.None) > TimeSpan.Zero);
        stage.Engine.Recover();
        var left = (await stage.ReadAsync()).Running!;
        Assert.Equal((ReconciliationStep.Ask, 2, 2), (left.Step, left.Absent.Length, left.Missing.Length));

        var heir = stage.Process("heir");
        Assert.True(await heir.StepAsync(CancellationToken.None) > TimeSpan.Zero, "The dead one's lease has not lapsed.");
        stage.Advance(Passes.LeaseTime);
        var report = await stage.ReconcileAsync(heir);

        Assert.Equal((left.Id, 4, 4), (report.PassId, report.Counts.Asked, report.Counts.Gone));
    }

    [Fact]
    public async Task Two_processes_never_work_at_two_passes()
    {
        await using var stage = await ReconcilingStage.OpenAsync();
        stage.Connect(120);
        var (process, listing) = (new AsyncLocal<string>(), new ConcurrentDictionary<string, bool>());
        stage.Engine.Before = (method, _) =>
        {
            if (method == nameof(stage.Engine.ObserveAsync))
                listing.TryAdd(process.Value!, true);
            return Task.CompletedTask;
        };

        await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(() =>
        {
            process.Value = $"process {i}";
            return stage.Process(process.Value).StepAsync(CancellationToken.None);
        })));

        Assert.Single(listing);
        Assert.Equal(121, (await stage.ReadAsync()).Last!.Counts.Listed);
        Assert.Null((await stage.ReadAsync()).Running);
    }

    [Fact]
    public async Task A_process_that_was_silent_for_too_long_writes_no_more()
    {
        await using var stage = await ReconcilingStage.OpenAsync();
        stage.Connect(120);
        var (asleep, woken) = (new TaskCompletionSource(), new TaskCompletionSource());
        stage.Engine.Before = async (method, _) =>
        {
            if (method != nameof(stage.Engine.ObserveAsync))
                return;
            asleep.TrySetResult();
            await woken.Task;
        };
        var sleeping = Task.Run(() => stage.Process("sleeper").StepAsync(CancellationToken.None));
        await Wait.For(Answered(asleep.Task), "the pass to be at work");

        // Another takes it over as if the sleeper had not been heard of for a minute.
        var known = await stage.ReadAsync();
        var taken = Passes.Begin(known, "other", stage.Time.GetUtcNow() + Passes.LeaseTime)!;
        Assert.True(await stage.Engine.SaveReconciliationAsync(ReconcilingStage.Project, taken, CancellationToken.None));
        woken.SetResult();

        await Wait.For(sleeping, "the sleeper to notice");
        var now = await stage.ReadAsync();
        Assert.Equal((taken.Version, "other", 0), (now.Version, now.Running!.Lease!.Holder, now.Running.Counts.Listed));
    }

    [Fact]
    public async Task A_full_pass_that_is_asked_for_follows_the_partial_one_that_runs()
    {
        await using var stage = await ReconcilingStage.OpenAsync();
        var process = stage.Process();
        await stage.ReconcileAsync(process);
        stage.Advance(TimeSpan.FromHours(1));
        stage.Connect(1);
        var asked = 0;
        stage.Engine.Before = async (method, _) =>
        {
            if (method == nameof(stage.Engine.ObserveAsync) && Interlocked.Exchange(ref asked, 1) == 0)
                Assert.False((await process.WantFullAsync("operator-1", CancellationToken.None)).Running!.Full);
        };

        var report = await stage.ReconcileAsync(process);

        Assert.True(report.Full);
        Assert.False((await stage.ReadAsync()).FullWanted);
    }

    private static async Task<bool> Answered(Task task)
    {
        await task;
        return true;
    }
}
