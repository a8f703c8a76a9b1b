using Kapso.Tests.Operators;

namespace Kapso.Tests.Browser;

[Long]
public sealed class OperatorReconcileTests
{
    [BrowserFact]
    public async Task Everything_is_compared_when_an_operator_asks_for_it_and_the_overview_says_who_did()
    {
        await using var platform = await SimulatorHost.StartAsync();
        await using var service = await ReconcileFormTests.StartAsync(platform, server: true);
        await using var visitor = await Visitor.OpenAsync(service.Client.BaseAddress!);
        await visitor.GoAsync(OperatorStage.Root);
        await OperatorStage.SignInAsync(visitor);

        await visitor.FollowAsync("Reconcile…");
        await visitor.SeeAsync("Reconcile now?");
        await visitor.AssertUsableAsync();
        await visitor.PressAsync("Reconcile");

        await visitor.SeeAsync("Everything is being compared with the platform.");
        await visitor.SeeAsync("asked for by " + OperatorStage.Operator);
        visitor.AssertNoComplaints();
    }

    [BrowserFact]
    public async Task Many_numbers_gone_are_accepted_after_a_question_and_the_timeline_says_by_whom()
    {
        await using var platform = await SimulatorHost.StartAsync();
        await using var service = await ReconcileFormTests.StartAsync(platform, server: true);
        await ReconcileFormTests.RaiseManyGoneAsync(service);
        await using var visitor = await Visitor.OpenAsync(service.Client.BaseAddress!);
        await visitor.GoAsync(OperatorStage.Root);
        await OperatorStage.SignInAsync(visitor);
        await visitor.SeeAsync("Many numbers are missing at once.");
        await visitor.AssertUsableAsync();

        await visitor.FollowAsync("Accept…");
        await visitor.SeeAsync("Accept that these numbers are gone?");
        await visitor.SeeAsync($"at most {ReconcileFormTests.Gone}");
        await visitor.AssertUsableAsync();
        await visitor.FollowAsync("Cancel");
        await visitor.SeeAsync("none was marked gone");
        await visitor.FollowAsync("Accept…");
        await visitor.PressAsync("Accept");

        await visitor.SeeAsync("It is accepted.");
        await visitor.SeeAsync("that many numbers are gone was accepted by " + OperatorStage.Operator, seconds: 60);
        await visitor.SeeAsync($"{ReconcileFormTests.Gone}, of which {ReconcileFormTests.Gone} were not there when asked for", seconds: 60);
        await visitor.GoAsync(OperatorStage.PageOf("gone-0"));
        await visitor.SeeAsync("reconcile.gone_accepted");
        await visitor.SeeAsync("Operator: " + OperatorStage.Operator);
        visitor.AssertNoComplaints();
    }
}
