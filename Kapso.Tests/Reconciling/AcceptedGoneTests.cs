using Kapso.Connections.Reconciling;
using Kapso.Simulator.World;

namespace Kapso.Tests.Reconciling;

/// <summary>A person says that many numbers are really gone: they are marked so, as far as the alarm spoke of them.</summary>
public sealed class AcceptedGoneTests
{
    [Fact]
    public async Task What_is_accepted_is_asked_for_twice_and_gone_and_the_timelines_say_who_accepted_it()
    {
        await using var stage = await ReconcilingStage.OpenAsync();
        var numbers = await AlarmedAsync(stage, connected: 30, gone: 12);
        var alarm = Assert.Single((await stage.ReadAsync()).Alarms);
        Assert.Equal((ReconciliationAlarmKind.ManyGone, 12), (alarm.Kind, alarm.Numbers));

        var report = await AcceptAsync(stage);

        Assert.Equal((12, "operator-1", "operator-1"), (report.Counts.Gone, report.AskedBy, report.GoneAcceptedBy));
        Assert.Empty((await stage.ReadAsync()).Alarms);
        Assert.Equal(30, await stage.CountAsync(NumberStatus.Connected, numbers)); // One answer proves nothing.
        stage.Advance(TimeSpan.FromMinutes(3));
        await stage.SettleAsync();
        Assert.Equal(12, await stage.CountAsync(NumberStatus.Gone, numbers));
        Assert.Equal(18, await stage.CountAsync(NumberStatus.Connected, numbers));

        var gone = await stage.Engine.FindAsync(new CustomerKey(ReconcilingStage.Project, numbers[0].CustomerId!), CancellationToken.None);
        Assert.Contains(gone!.Timeline, line => line is { Event: "reconcile.gone_accepted", Source: Source.Operator, By: "operator-1" });
    }

    [Fact]
    public async Task A_number_that_is_back_by_the_second_answer_stays_connected()
    {
        await using var stage = await ReconcilingStage.OpenAsync();
        var numbers = await AlarmedAsync(stage, connected: 30, gone: 12, NumberAction.Disconnect);
        await AcceptAsync(stage);

        stage.Platform.Act(numbers[0].Id, NumberAction.Reconnect);
        stage.Advance(TimeSpan.FromMinutes(3));
        await stage.SettleAsync();

        Assert.Equal(11, await stage.CountAsync(NumberStatus.Gone, numbers));
        Assert.Equal(NumberStatus.Connected, (await stage.FindAsync(numbers[0]))!.Status);
    }

    [Fact]
    public async Task More_than_the_alarm_spoke_of_is_news_and_raises_it_again()
    {
        await using var stage = await ReconcilingStage.OpenAsync();
        var numbers = await AlarmedAsync(stage, connected: 30, gone: 12);
        foreach (var number in numbers.Skip(12).Take(5))
            stage.Platform.Act(number.Id, NumberAction.Delete);
        stage.Advance(TimeSpan.FromHours(1));

        var report = await AcceptAsync(stage);

        Assert.Equal(0, report.Counts.Gone);
        Assert.Equal(17, Assert.Single((await stage.ReadAsync()).Alarms).Numbers);
        Assert.Equal(17, (await AcceptAsync(stage)).Counts.Gone);
    }

    [Fact]
    public async Task The_next_time_many_are_gone_somebody_has_to_accept_it_anew()
    {
        await using var stage = await ReconcilingStage.OpenAsync();
        var numbers = await AlarmedAsync(stage, connected: 30, gone: 12);
        await AcceptAsync(stage);
        stage.Advance(TimeSpan.FromMinutes(3));
        await stage.SettleAsync();

        foreach (var number in numbers.Skip(12).Take(10))
            stage.Platform.Act(number.Id, NumberAction.Delete);
        stage.Advance(TimeSpan.FromHours(1));
        var report = await stage.ReconcileFullyAsync();

        Assert.Equal((10, 0, null), (report.Counts.Missing, report.Counts.Gone, report.GoneAcceptedBy));
        Assert.Equal(10, Assert.Single((await stage.ReadAsync()).Alarms).Numbers);
    }

    private static async Task<IReadOnlyList<PhoneNumber>> AlarmedAsync(
        ReconcilingStage stage, int connected, int gone, NumberAction action = NumberAction.Delete)
    {
        var numbers = stage.Connect(connected);
        await stage.ReconcileAsync();
        foreach (var number in numbers.Take(gone))
            stage.Platform.Act(number.Id, action);
        stage.Advance(TimeSpan.FromHours(1));
        await stage.ReconcileFullyAsync();
        return numbers;
    }

    private static async Task<ReconciliationReport> AcceptAsync(ReconcilingStage stage)
    {
        var process = stage.Process();
        Assert.NotNull(await process.AcceptGoneAsync("operator-1", CancellationToken.None));
        return await stage.ReconcileAsync(process);
    }
}
