using Kapso.Tests.Operators;
using Kapso.Tests.Simulator;

namespace Kapso.Tests.Browser;

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
}
