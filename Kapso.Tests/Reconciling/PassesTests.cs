using Kapso.Connections.Reconciling;

namespace Kapso.Tests.Reconciling;

/// <summary>Whose pass it is, what it compares, and what it leaves behind.</summary>
public sealed class PassesTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void Nobody_begins_a_pass_while_somebody_works_at_one()
    {
        var running = Passes.Begin(new Reconciliation(), "me", Start)!;

        Assert.Null(Passes.Begin(running, "they", Start + Passes.LeaseTime - Second));
        Assert.Equal(running.Running!.Id, Passes.Begin(running, "me", Start)!.Running!.Id); // Its own begin was written unseen.
    }

    [Fact]
    public void A_pass_whose_holder_fell_silent_is_taken_over_as_it_was_left()
    {
        var running = Passes.Begin(new Reconciliation(), "me", Start)!;
        running = Passes.Advance(running, "me", pass => pass with { Step = ReconciliationStep.List, Page = "7" }, Start + Second)!;

        var taken = Passes.Begin(running, "they", Start + Second + Passes.LeaseTime)!;

        Assert.Equal((running.Running!.Id, "7", "they"), (taken.Running!.Id, taken.Running.Page, taken.Running.Lease!.Holder));
        Assert.Equal(Start, taken.Running.StartedAt);
        Assert.Null(Passes.Advance(taken, "me", pass => pass with { Page = "8" }, Start + Passes.LeaseTime + Second));
        Assert.Null(Passes.End(taken, "me", null, Start + Passes.LeaseTime + Second));
    }

    [Fact]
    public void A_pass_that_was_left_in_good_order_is_taken_over_at_once()
    {
        var left = Passes.Leave(Passes.Begin(new Reconciliation(), "me", Start)!, "me")!;

        Assert.Equal("they", Passes.Begin(left, "they", Start)!.Running!.Lease!.Holder);
        Assert.Null(Passes.Advance(left, "me", pass => pass, Start));
    }

    [Fact]
    public void A_pass_of_a_process_that_is_known_to_be_dead_is_taken_over_at_once()
    {
        var running = Passes.Begin(new Reconciliation(), "me", Start)!;

        var orphan = Passes.Orphan(Passes.Advance(running, "me", pass => pass with { Page = "7" }, Start)!)!;

        Assert.Equal((running.Running!.Id, "7"), (Passes.Begin(orphan, "they", Start)!.Running!.Id, orphan.Running!.Page));
        Assert.Null(Passes.Advance(orphan, "me", pass => pass, Start));
        Assert.Null(Passes.Orphan(orphan));
    }

    [Fact]
    public void An_alarm_of_many_gone_is_accepted_for_the_next_full_pass_and_for_none_after_it()
    {
        var raised = ManyGone(Ended(Passes.Begin(new Reconciliation(), "me", Start)!, Start + Second), numbers: 7);
        Assert.Null(Passes.AcceptGone(raised with { Alarms = [] }, "operator-1", Start));

        var accepted = Passes.AcceptGone(raised, "operator-1", Start)!;
        var pass = Passes.Begin(accepted, "me", Start + Second)!;

        Assert.Equal((new GoneAcceptance("operator-1", Start, 7), true), (pass.Running!.GoneAccepted!, pass.Running.Full));
        Assert.Null(Passes.AcceptGone(pass, "operator-2", Start + Second)); // That pass runs already.
        var ended = Ended(pass, Start + Second);
        Assert.Equal(("operator-1", null), (ended.Last!.GoneAcceptedBy, ended.GoneAccepted));
        Assert.Null(Passes.Begin(ended, "me", Start + Passes.BetweenFullPasses)!.Running!.GoneAccepted);
    }

    [Fact]
    public void A_word_that_many_are_gone_does_not_outlive_its_alarm()
    {
        var running = Passes.Begin(new Reconciliation(), "me", Start)!;
        var accepted = Passes.AcceptGone(ManyGone(running, numbers: 7), "operator-1", Start)!;

        // The pass that runs goes by the rule; where it finds the numbers again, nothing is accepted any more.
        Assert.Null(accepted.Running!.GoneAccepted);
        Assert.NotNull(ManyGone(accepted, numbers: 8).GoneAccepted);
        var repaired = Passes.Alarm(
            accepted, [ReconciliationAlarmKind.ManyGone], new Dictionary<ReconciliationAlarmKind, string>(), Start)!;
        Assert.Null(repaired.GoneAccepted);
    }

    [Fact]
    public void A_lease_from_a_clock_that_was_ahead_holds_nobody_up()
    {
        var running = Passes.Begin(new Reconciliation(), "me", Start + TimeSpan.FromHours(2))!;

        Assert.NotNull(Passes.Begin(running, "they", Start));
    }

    [Fact]
    public void The_first_pass_is_full_and_then_one_a_day()
    {
        var first = Ended(Passes.Begin(new Reconciliation(), "me", Start)!, Start + Second);
        Assert.True(first.Last!.Full);

        var second = Passes.Begin(first, "me", Start + TimeSpan.FromMinutes(10))!;
        Assert.False(second.Running!.Full);
        var third = Passes.Begin(Ended(second, Start + TimeSpan.FromMinutes(11)), "me", Start + Passes.BetweenFullPasses)!;
        Assert.True(third.Running!.Full);
    }

    [Fact]
    public void A_full_pass_that_is_asked_for_comes_next_and_once()
    {
        var first = Ended(Passes.Begin(new Reconciliation(), "me", Start)!, Start + Second);
        var partial = Passes.Begin(first, "me", Start + TimeSpan.FromMinutes(10))!;

        var wanted = Passes.WantFull(partial, "operator-1")!;
        Assert.Null(Passes.WantFull(wanted, "operator-2"));
        var full = Passes.Begin(Ended(wanted, Start + TimeSpan.FromMinutes(11)), "me", Start + TimeSpan.FromMinutes(12))!;

        Assert.True(full.Running!.Full);
        Assert.Equal((false, null, "operator-1"), (full.FullWanted, full.WantedBy, full.Running.AskedBy));
        Assert.Null(Passes.WantFull(full, "operator-2"));
    }

    [Fact]
    public void Who_asked_for_a_pass_is_in_its_report_and_not_in_the_next()
    {
        var running = Passes.Begin(new Reconciliation(), "me", Start)!;
        Assert.Null(running.Running!.AskedBy);
        var asked = Passes.WantFull(running, "operator-1")!;
        Assert.False(asked.FullWanted); // The full pass that runs is the one.

        var ended = Ended(asked, Start + Second);
        Assert.Equal("operator-1", ended.Last!.AskedBy);
        Assert.Null(Ended(Passes.Begin(ended, "me", Start + Passes.BetweenFullPasses)!, Start + Passes.BetweenFullPasses + Second).Last!.AskedBy);
    }

    [Fact]
    public void A_pass_that_is_given_up_moves_no_mark()
    {
        var first = Ended(Passes.Begin(new Reconciliation(), "me", Start)!, Start + Second);
        var later = Start + TimeSpan.FromDays(2);
        var running = Passes.Begin(first, "me", later)!;
        running = Passes.Advance(running, "me", pass => pass with { Step = ReconciliationStep.List, Page = "3" }, later)!;

        var ended = Passes.End(running, "me", "The platform is down.", later + Second)!;

        Assert.Equal((Start, Start, "The platform is down."), (ended.ListedUntil, ended.FullAt, ended.Last!.Error));
        Assert.Null(ended.Running);
    }

    [Fact]
    public void A_list_that_was_read_to_its_end_counts_whatever_came_after_it()
    {
        var running = Passes.Begin(new Reconciliation(), "me", Start)!;
        running = Passes.Advance(running, "me", pass => pass with { Step = ReconciliationStep.Ask }, Start)!;

        var ended = Passes.End(running, "me", "The platform is down.", Start + Second)!;

        Assert.Equal(Start, ended.ListedUntil);
        Assert.Null(ended.FullAt);
    }

    [Fact]
    public void An_alarm_keeps_when_it_was_raised_and_goes_when_it_is_repaired()
    {
        ReconciliationAlarmKind[] looked = [ReconciliationAlarmKind.WebhookPaused, ReconciliationAlarmKind.EventsMissing];
        var others = new Reconciliation { Alarms = [new(ReconciliationAlarmKind.ManyGone, "Many.", Start, Start)] };

        var raised = Passes.Alarm(others, looked, Found(ReconciliationAlarmKind.WebhookPaused, "Paused."), Start)!;
        var again = Passes.Alarm(raised, looked, Found(ReconciliationAlarmKind.WebhookPaused, "Still paused."), Start + Second)!;
        var repaired = Passes.Alarm(again, looked, new Dictionary<ReconciliationAlarmKind, string>(), Start + Second)!;

        Assert.Equal(
            new ReconciliationAlarm(ReconciliationAlarmKind.WebhookPaused, "Still paused.", Start, Start + Second), again.Alarms[1]);
        Assert.Equal(ReconciliationAlarmKind.ManyGone, Assert.Single(repaired.Alarms).Kind);
        Assert.Null(Passes.Alarm(new Reconciliation(), looked, new Dictionary<ReconciliationAlarmKind, string>(), Start));
    }

    private static Reconciliation ManyGone(Reconciliation reconciliation, int numbers) => Passes.Alarm(
        reconciliation, [ReconciliationAlarmKind.ManyGone], Found(ReconciliationAlarmKind.ManyGone, "Many."), Start, numbers)!;

    private static Dictionary<ReconciliationAlarmKind, string> Found(ReconciliationAlarmKind kind, string detail) => new() { [kind] = detail };

    private static Reconciliation Ended(Reconciliation running, DateTimeOffset at) => Passes.End(running, "me", null, at)!;
}
