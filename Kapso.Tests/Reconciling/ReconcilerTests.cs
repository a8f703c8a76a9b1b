using System.Collections.Immutable;
using Kapso.Connections.Reconciling;
using Kapso.Simulator.Faults;
using Kapso.Simulator.World;

namespace Kapso.Tests.Reconciling;

/// <summary>What was missed is found, once; what is gone is told only by a targeted question.</summary>
public sealed class ReconcilerTests
{
    [Fact]
    public async Task After_two_hours_without_a_webhook_everything_heals_at_the_next_pass_and_each_welcome_starts_once()
    {
        await using var stage = await ReconcilingStage.OpenAsync();
        var process = stage.Process();
        await stage.ReconcileAsync(process);

        stage.Advance(TimeSpan.FromMinutes(1));
        var missed = stage.Connect(25);
        stage.Advance(TimeSpan.FromHours(1));
        missed = [.. missed, .. stage.Connect(25)];
        stage.Advance(TimeSpan.FromHours(1));
        var report = await stage.ReconcileAsync(process);
        await stage.SettleAsync();

        Assert.Equal((50, null, false), (report.Counts.Applied, report.Error, report.Full));
        Assert.Equal(50, await stage.CountAsync(NumberStatus.Connected, missed));
        stage.Advance(TimeSpan.FromHours(1));
        await stage.ReconcileAsync(process);
        await stage.SettleAsync();
        Assert.Equal(missed.Select(number => number.CustomerId).Order(), stage.Welcomes.Calls.Select(call => call.Key.CustomerId).Order());
    }

    [Fact]
    public async Task A_pass_reads_what_is_new_and_a_full_one_reads_all_of_a_long_list()
    {
        await using var stage = await ReconcilingStage.OpenAsync();
        var process = stage.Process();
        var old = stage.Connect(250);
        stage.Advance(TimeSpan.FromHours(2));

        var first = await stage.ReconcileAsync(process);
        Assert.Equal((true, 251, 250, 1), (first.Full, first.Counts.Listed, first.Counts.Applied, first.Counts.Unproven));
        Assert.Equal(250, await stage.CountAsync(NumberStatus.Connected, old));

        stage.Advance(TimeSpan.FromHours(3));
        var fresh = stage.Connect(1);
        var second = await stage.ReconcileAsync(process);

        // The first page has the new one, the second none: nobody asks for the third.
        Assert.Equal((false, 200, 1), (second.Full, second.Counts.Listed, second.Counts.Applied));

        stage.Advance(TimeSpan.FromHours(22));
        var third = await stage.ReconcileAsync(process);
        Assert.Equal((true, 252, 0), (third.Full, third.Counts.Listed, third.Counts.Applied));
        Assert.Equal(1, await stage.CountAsync(NumberStatus.Connected, fresh));
    }

    [Fact]
    public async Task A_number_that_the_list_lacks_is_asked_for_and_gone_only_after_a_second_answer()
    {
        await using var stage = await ReconcilingStage.OpenAsync();
        var numbers = stage.Connect(20);
        await stage.ReconcileAsync();
        stage.Platform.Act(numbers[0].Id, NumberAction.Delete);
        stage.Advance(TimeSpan.FromHours(1));

        var report = await stage.ReconcileFullyAsync();
        Assert.Equal((1, 1, 1), (report.Counts.Missing, report.Counts.Asked, report.Counts.Gone));
        Assert.Equal(NumberStatus.Connected, (await stage.FindAsync(numbers[0]))!.Status);
        var connection = await stage.Engine.FindAsync(new CustomerKey(ReconcilingStage.Project, numbers[0].CustomerId!), CancellationToken.None);
        Assert.StartsWith("The platform does not list the number.", connection!.Timeline[^1].Detail, StringComparison.Ordinal);

        stage.Advance(TimeSpan.FromMinutes(3));
        await stage.SettleAsync();
        Assert.Equal(NumberStatus.Gone, (await stage.FindAsync(numbers[0]))!.Status);
        Assert.Equal(19, await stage.CountAsync(NumberStatus.Connected, numbers));
    }

    [Fact]
    public async Task A_pass_writes_down_what_the_platform_calls_a_number_that_it_does_not_prove_and_only_where_that_is_news()
    {
        await using var stage = await ReconcilingStage.OpenAsync();
        var numbers = stage.Connect(3);
        await stage.ReconcileAsync();
        stage.Platform.Act(numbers[0].Id, NumberAction.Hold);
        stage.Advance(TimeSpan.FromHours(1));

        await stage.ReconcileFullyAsync();
        await stage.SettleAsync();
        var pending = (await stage.FindAsync(numbers[0]))!;
        Assert.Equal((NumberStatus.Connected, "PENDING"), (pending.Status, pending.PlatformStatus));
        stage.Advance(TimeSpan.FromHours(1));
        await stage.ReconcileFullyAsync();
        var connection = await stage.Engine.FindAsync(new CustomerKey(ReconcilingStage.Project, numbers[0].CustomerId!), CancellationToken.None);
        Assert.Single(connection!.Timeline, line => line is { Detail: "The platform lists the number as PENDING.", Count: 1 });

        stage.Platform.Act(numbers[0].Id, NumberAction.Approve);
        stage.Advance(TimeSpan.FromHours(1));
        await stage.ReconcileFullyAsync();
        Assert.Null((await stage.FindAsync(numbers[0]))!.PlatformStatus);
    }

    [Fact]
    public async Task A_sandbox_number_that_a_pass_finds_is_connected_and_welcomed_once_it_is_a_production_number()
    {
        await using var stage = await ReconcilingStage.OpenAsync();
        await stage.ReconcileAsync();
        stage.Advance(TimeSpan.FromMinutes(30));
        var number = Assert.Single(stage.Connect(1));
        stage.Platform.Act(number.Id, NumberAction.MakeSandbox);

        await stage.ReconcileFullyAsync();
        await stage.SettleAsync();
        Assert.Equal((NumberStatus.Connected, true), ((await stage.FindAsync(number))!.Status, (await stage.FindAsync(number))!.IsSandbox));
        Assert.Empty(stage.Welcomes.Calls);

        stage.Platform.Act(number.Id, NumberAction.MakeProduction);
        stage.Advance(TimeSpan.FromHours(1));
        await stage.ReconcileFullyAsync();
        await stage.SettleAsync();
        Assert.False((await stage.FindAsync(number))!.IsSandbox);
        Assert.Single(stage.Welcomes.Calls);
    }

    [Theory]
    [InlineData(nameof(NumberAction.Disconnect))]
    [InlineData(nameof(NumberAction.Offboard))]
    public async Task A_number_that_is_listed_as_disconnected_is_gone_after_a_second_answer_and_comes_back(string action)
    {
        await using var stage = await ReconcilingStage.OpenAsync();
        var numbers = stage.Connect(20);
        await stage.ReconcileAsync();
        stage.Platform.Act(numbers[0].Id, Enum.Parse<NumberAction>(action));
        stage.Advance(TimeSpan.FromHours(1));

        var report = await stage.ReconcileFullyAsync();
        Assert.Equal((1, 1, 1), (report.Counts.Missing, report.Counts.Asked, report.Counts.Gone));
        Assert.Equal(NumberStatus.Connected, (await stage.FindAsync(numbers[0]))!.Status);
        stage.Advance(TimeSpan.FromMinutes(3));
        await stage.SettleAsync();
        Assert.Equal(NumberStatus.Gone, (await stage.FindAsync(numbers[0]))!.Status);

        stage.Platform.Act(numbers[0].Id, NumberAction.Reconnect);
        stage.Advance(TimeSpan.FromHours(1));
        await stage.ReconcileFullyAsync();
        Assert.Equal(20, await stage.CountAsync(NumberStatus.Connected, numbers));
    }

    [Fact]
    public async Task A_partial_pass_marks_nothing_gone()
    {
        await using var stage = await ReconcilingStage.OpenAsync();
        var process = stage.Process();
        var numbers = stage.Connect(3);
        await stage.ReconcileAsync(process);
        stage.Platform.Act(numbers[0].Id, NumberAction.Delete);
        stage.Advance(TimeSpan.FromHours(2));

        var report = await stage.ReconcileAsync(process);

        Assert.Equal((false, 0, 0), (report.Full, report.Counts.Missing, report.Counts.Asked));
    }

    [Theory]
    [InlineData(60, 6, false)]
    [InlineData(60, 7, true)]
    [InlineData(10, 5, false)]
    [InlineData(10, 6, true)]
    public async Task If_more_than_a_tenth_and_more_than_five_would_be_gone_none_is_and_an_alarm_is_raised(int connected, int gone, bool many)
    {
        await using var stage = await ReconcilingStage.OpenAsync();
        var numbers = stage.Connect(connected);
        await stage.ReconcileAsync();
        foreach (var number in numbers.Take(gone))
            stage.Platform.Act(number.Id, number == numbers[0] ? NumberAction.Disconnect : NumberAction.Delete);
        stage.Advance(TimeSpan.FromHours(1));

        var report = await stage.ReconcileFullyAsync();
        stage.Advance(TimeSpan.FromMinutes(3));
        await stage.SettleAsync();

        Assert.Equal(many ? 0 : gone, report.Counts.Gone);
        Assert.Equal(many ? 0 : gone, await stage.CountAsync(NumberStatus.Gone, numbers));
        var alarm = (await stage.ReadAsync()).Alarms.SingleOrDefault(alarm => alarm.Kind == ReconciliationAlarmKind.ManyGone);
        Assert.Equal(many, alarm is not null);
        if (alarm is not null)
            Assert.Contains($"({gone - 1} not listed, 1 listed as disconnected)", alarm.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_alarm_of_many_gone_goes_when_a_full_pass_finds_them_again()
    {
        await using var stage = await ReconcilingStage.OpenAsync();
        var numbers = stage.Connect(10);
        foreach (var number in numbers)
        {
            await stage.Engine.ObserveAsync(
                new CustomerKey(ReconcilingStage.Project, number.CustomerId!), Created(stage, number.Id), CancellationToken.None);
            await stage.Engine.ObserveAsync(
                new CustomerKey(ReconcilingStage.Project, "x" + number.CustomerId), Created(stage, "9" + number.Id), CancellationToken.None);
        }

        await stage.ReconcileAsync();
        Assert.Single((await stage.ReadAsync()).Alarms);
        for (var i = 0; i < 5; i++)
            await stage.Engine.ObserveAsync(
                new CustomerKey(ReconcilingStage.Project, "x" + numbers[i].CustomerId),
                Created(stage, "9" + numbers[i].Id) with { Kind = ObservationKind.Gone }, CancellationToken.None);
        await stage.ReconcileFullyAsync();

        Assert.Empty((await stage.ReadAsync()).Alarms);
    }

    [Fact]
    public async Task A_proof_that_comes_after_the_question_outweighs_its_answer()
    {
        await using var stage = await ReconcilingStage.OpenAsync();
        var numbers = stage.Connect(3);
        await stage.ReconcileAsync();
        var (back, key) = (numbers[0], new CustomerKey(ReconcilingStage.Project, numbers[0].CustomerId!));
        stage.Platform.Act(back.Id, NumberAction.Delete);
        stage.Advance(TimeSpan.FromHours(1));
        stage.Engine.Before = async (method, _) =>
        {
            // The pass has its answer, and is about to tell.
            if (method != nameof(stage.Engine.SaveReconciliationAsync) || (await stage.ReadAsync()).Running is not { Absent.Length: 1 })
                return;
            stage.Engine.Recover();
            await stage.Engine.ObserveAsync(key, Created(stage, back.Id) with { Kind = ObservationKind.Gone }, CancellationToken.None);
            await stage.Engine.ObserveAsync(key, Created(stage, back.Id) with { Kind = ObservationKind.Reconnected }, CancellationToken.None);
        };

        await stage.ReconcileFullyAsync();

        var number = await stage.FindAsync(back);
        Assert.Equal((NumberStatus.Connected, null), (number!.Status, number.AbsentAt));
    }

    [Fact]
    public async Task Numbers_older_than_the_service_are_adopted_without_a_welcome()
    {
        await using var stage = await ReconcilingStage.OpenAsync(new ConnectionPolicy
        {
            CanConfirm = true,
            WelcomeSince = new DateTimeOffset(2026, 3, 1, 12, 30, 0, TimeSpan.Zero),
        });
        var old = stage.Connect(5);
        stage.Advance(TimeSpan.FromHours(1));
        var fresh = stage.Connect(2);

        var report = await stage.ReconcileAsync();
        await stage.SettleAsync();

        Assert.Equal((5, 2), (report.Counts.Adopted, report.Counts.Applied));
        Assert.True((await stage.FindAsync(old[0]))!.Adopted);
        Assert.Equal(fresh.Select(number => number.CustomerId).Order(), stage.Welcomes.Calls.Select(call => call.Key.CustomerId).Order());
    }

    [Fact]
    public async Task What_a_webhook_alone_has_proven_is_confirmed_once_there_is_a_key()
    {
        await using var stage = await ReconcilingStage.OpenAsync(new ConnectionPolicy());
        var number = Assert.Single(stage.Connect(1));
        await stage.Engine.ObserveAsync(
            new CustomerKey(ReconcilingStage.Project, number.CustomerId!), Created(stage, number.Id), CancellationToken.None);
        Assert.True((await stage.FindAsync(number))!.Unconfirmed);

        await stage.ReconcileAsync();

        var found = await stage.FindAsync(number);
        Assert.Equal((false, number.Display), (found!.Unconfirmed, found.Details?.DisplayPhoneNumber));
    }

    [Theory]
    [InlineData(FaultKind.TooManyRequests)]
    [InlineData(FaultKind.ServerError)]
    [InlineData(FaultKind.LostAnswer)]
    [InlineData(FaultKind.BrokenBody)]
    public async Task A_platform_that_stumbles_in_the_middle_is_asked_again(FaultKind fault)
    {
        await using var stage = await ReconcilingStage.OpenAsync();
        var numbers = stage.Connect(150);
        stage.Platform.Dice.Force(fault, 6);

        var report = await stage.ReconcileAsync();

        Assert.Null(report.Error);
        Assert.Equal(150, await stage.CountAsync(NumberStatus.Connected, numbers));
    }

    [Fact]
    public async Task A_platform_that_stays_down_has_the_pass_given_up_and_the_next_one_finds_all()
    {
        await using var stage = await ReconcilingStage.OpenAsync();
        var process = stage.Process();
        await stage.ReconcileAsync(process);
        stage.Advance(TimeSpan.FromMinutes(30));
        var missed = stage.Connect(3);
        stage.Platform.Dice.Plan = new FaultPlan { Rates = ImmutableDictionary<FaultKind, double>.Empty.Add(FaultKind.ServerError, 1) };

        var given = await stage.ReconcileAsync(process);
        Assert.NotNull(given.Error);

        stage.Platform.Dice.Plan = new FaultPlan();
        stage.Advance(TimeSpan.FromHours(4));
        var healed = await stage.ReconcileAsync(process);
        Assert.Equal((null, 3), (healed.Error, healed.Counts.Applied));
        Assert.Equal(3, await stage.CountAsync(NumberStatus.Connected, missed));
    }

    private static Observation Created(ReconcilingStage stage, string phoneNumberId) => new()
    {
        Kind = ObservationKind.Created,
        Source = Source.Webhook,
        Event = "whatsapp.phone_number.created",
        PhoneNumberId = phoneNumberId,
        ReceivedAt = stage.Time.GetUtcNow(),
    };
}
