using Kapso.Tests.Web;

namespace Kapso.Tests.Browser;

/// <summary>Signing in and out in a real browser.</summary>
[Long]
public sealed class OperatorSignInTests
{
    [BrowserFact]
    public async Task Who_asks_for_a_page_signs_in_first_and_then_gets_it()
    {
        await using var stage = await OperatorStage.OpenAsync();
        await using var visitor = await Visitor.OpenAsync(stage.Address);
        await visitor.GoAsync(OperatorStage.PageOf(OperatorStage.Held));
        await visitor.SeeAsync("Management key");
        await OperatorStage.SignInAsync(visitor);

        await visitor.SeeAsync("The message may have been sent");
        Assert.DoesNotContain(WebHost.ManagementKey, visitor.Page.Url, StringComparison.Ordinal);
        visitor.AssertNoComplaints();
    }

    [BrowserFact]
    public async Task A_wrong_key_is_refused_and_the_right_one_taken_afterwards()
    {
        await using var stage = await OperatorStage.OpenAsync();
        await using var visitor = await Visitor.OpenAsync(stage.Address);
        await visitor.GoAsync("/ops");
        await OperatorStage.SignInAsync(visitor, "not-the-key");
        await visitor.SeeAsync("This is not a management key.");
        await OperatorStage.SignInAsync(visitor);
        await visitor.SeeAsync("Needs a person");
        visitor.AssertNoComplaints(refused: true);
    }

    [BrowserFact]
    public async Task Who_has_signed_out_sees_nothing_any_more()
    {
        await using var stage = await OperatorStage.OpenAsync();
        await using var visitor = await stage.SignInAsync();
        await visitor.Page.Locator(".leave button").ClickAsync();
        await visitor.SeeAsync("Management key");
        await visitor.GoAsync(OperatorStage.Root);
        await visitor.SeeAsync("Management key");
        visitor.AssertNoComplaints();
    }

    [BrowserFact]
    public async Task No_script_can_read_the_cookie()
    {
        await using var stage = await OperatorStage.OpenAsync();
        await using var visitor = await stage.SignInAsync();
        Assert.Equal("", await visitor.Page.EvaluateAsync<string>("document.cookie"));
    }
}
