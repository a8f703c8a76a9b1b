namespace Kapso.Tests.Browser;

/// <summary>Every page for operators, light on a wide screen and dark on a narrow one.</summary>
[Long]
public sealed class OperatorPageTests
{
    [BrowserFact]
    public async Task Every_page_is_usable_and_complains_of_nothing()
    {
        await using var stage = await OperatorStage.OpenAsync();
        await using var visitor = await Visitor.OpenAsync(stage.Address);
        await visitor.GoAsync("/ops/sign-in");
        await visitor.AssertUsableInEveryLookAsync();
        await OperatorStage.SignInAsync(visitor);
        await visitor.SeeAsync("Needs a person");

        foreach (var page in PagesOf(stage))
        {
            Assert.Equal(200, await visitor.GoAsync(page));
            await visitor.AssertUsableInEveryLookAsync();
        }

        visitor.AssertNoComplaints();
        Assert.Equal(404, await visitor.GoAsync($"{OperatorStage.Root}/nothing"));
        await visitor.AssertUsableInEveryLookAsync();
    }

    internal static IEnumerable<string> PagesOf(OperatorStage stage)
    {
        string[] pages =
        [
            "", "/reconcile", "/test-setup", "/accept-gone", "/customers", "/customers?query=many-", "/customers?query=nobody", "/effects?status=held", "/effects?status=dead",
            "/numbers?mark=disputed", "/numbers?mark=refused", "/numbers?mark=attention", "/parked", "/audit", "/audit?outcome=refused", $"/parked/delivery?id={stage.Replayable}",
            $"/parked/delivery?id={stage.Broken}", $"/customer/link?id={OperatorStage.Steady}",
            $"/customer/settle?id={OperatorStage.Held}&effect={stage.HeldWelcome}", $"/customer/resend?id={OperatorStage.Held}&effect={stage.HeldWelcome}",
            "/customer/names?id=cust-gone", "/customer/erase?id=cust-gone", $"/customer?id={OperatorStage.Erased}", "/customers/new", "/customers?tag=plan:pro", "/customer/greet?id=cust-returned&number=100000000000007", $"/parked/replay?id={stage.Replayable}", $"/parked/discard?id={stage.Broken}",
        ];
        string[] receivers =
        [
            "/receivers", "/receivers/new", $"/receiver?id={OperatorStage.Receiver}", $"/receiver?id={OperatorStage.Receiver}&status=dead",
            $"/receiver?id={OperatorStage.DisabledReceiver}", $"/receiver/message?id={OperatorStage.Receiver}&message=ntf_0", $"/receiver/edit?id={OperatorStage.Receiver}",
            $"/receiver/disable?id={OperatorStage.Receiver}", $"/receiver/rotate?id={OperatorStage.Receiver}", $"/receiver/remove?id={OperatorStage.Receiver}",
        ];
        string[] customers =
        [
            OperatorStage.Held, OperatorStage.Dead, OperatorStage.Steady, "cust-hinted", "cust-gone", "cust-robbed", "cust-returned", "cust-again",
            OperatorStage.Restricted, "cust-failed",
        ];
        return [.. pages.Concat(receivers).Select(page => OperatorStage.Root + page), .. customers.Select(OperatorStage.PageOf)];
    }
}
